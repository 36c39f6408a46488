/** Reads the forms that reports take with what others made for that: each throws where something is wrong. */

import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { HtmlValidate } from 'html-validate';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { validateXML } from 'xmllint-wasm';

const htmlValidate = new HtmlValidate({ extends: ['html-validate:recommended', 'html-validate:a11y'] });

/** What a report is made of: no element that runs, loads or sends anything. */
const ALLOWED_HTML = new Set(
  'html head meta title style body main section h1 h2 h3 p span dl dt dd ul li div table thead tbody tr th td pre figure figcaption svg text rect line path'.split(
    ' ',
  ),
);

/** Names of all elements, in order. */
export async function readHtml(text: string): Promise<string[]> {
  const { results } = await htmlValidate.validateString(text);
  const wrong = results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`));
  const tags = text.match(/<[a-z][^>]*>/gi) ?? [];
  const names = tags.map((tag) => /[\w-]+/.exec(tag)?.[0] ?? '');
  wrong.push(...names.filter((name) => !ALLOWED_HTML.has(name)).map((name) => `<${name}> has no place in a report`));
  wrong.push(...tags.filter((tag) => /\s(?:on\w+|src|href|action)=/i.test(tag)));
  if (wrong.length > 0) throw new Error(wrong.slice(0, 10).join('\n'));
  return names;
}

/** All at once, since each call starts a process of its own. */
export async function readJunit(texts: readonly string[]): Promise<void> {
  const schema = readFileSync(new URL('junit.xsd', import.meta.url), 'utf8');
  const xml = texts.map((contents, i) => ({ fileName: `${i}.xml`, contents }));
  const { valid, errors } = await validateXML({ xml, schema });
  if (!valid) throw new Error(errors.map(({ rawMessage }) => rawMessage).join('\n'));
}

/** Rows, all of one length. */
export function readCsv(text: string): string[][] {
  return parse(text, { record_delimiter: '\r\n' }) as string[][];
}

/** Kinds of nodes that text from packets could become, and that a report does not use. */
const NOT_MEANT: ReadonlySet<string> = new Set([
  'break',
  'blockquote',
  'definition',
  'delete',
  'emphasis',
  'footnoteDefinition',
  'footnoteReference',
  'html',
  'image',
  'imageReference',
  'link',
  'linkReference',
  'thematicBreak',
]);

/** Headings of findings and rows of tables, of which each has as many cells as the head. */
export function readMarkdown(text: string): { findings: number; rows: number } {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const nodes = allNodes(tree);
  for (const node of nodes) {
    if (NOT_MEANT.has(node.type)) throw new Error(`${node.type}: ${JSON.stringify(node).slice(0, 300)}`);
  }
  const tables = nodes.filter(({ type }) => type === 'table').map(({ children = [] }) => children);
  for (const rows of tables) {
    const widths = new Set(rows.map(({ children = [] }) => children.length));
    if (widths.size !== 1) throw new Error(`a table with rows of ${[...widths].join(' and ')} cells`);
  }
  const headings = nodes.filter(({ type, depth }) => type === 'heading' && depth === 3);
  return { findings: headings.length, rows: tables.reduce((sum, rows) => sum + rows.length - 1, 0) };
}

interface MarkdownNode {
  readonly type: string;
  readonly depth?: number;
  readonly children?: readonly MarkdownNode[];
}

function allNodes(node: MarkdownNode): MarkdownNode[] {
  return [node, ...(node.children ?? []).flatMap(allNodes)];
}
