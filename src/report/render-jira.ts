/** A report in the wiki markup of Jira. */

import type { Block, Fact, ReportDocument } from './document.ts';

export function renderJira(document: ReportDocument): string {
  const parts = [`h1. ${escapeJira(document.title)}`, `*${escapeJira(document.verdict)}*`];
  for (const section of document.sections) {
    parts.push(`h2. ${escapeJira(section.heading)}`);
    parts.push(...section.blocks.map(renderBlock).filter((text) => text !== ''));
  }
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escapeJira(block.text);
    case 'finding':
      return [
        `h3. ${block.number}. ${escapeJira(`${block.mark}: ${block.title}`)}`,
        escapeJira(block.explanation),
        renderFacts(block.facts),
      ].join('\n\n');
    case 'facts':
      return renderFacts(block.facts);
    case 'list':
      return block.items.map((item) => `* ${escapeJira(item)}`).join('\n');
    case 'table':
      return [
        `||${block.columns.map(escapeJira).join('||')}||`,
        ...block.rows.map((row) => `|${row.map(tableCell).join('|')}|`),
      ].join('\n');
    case 'code':
      return `${escapeJira(block.label)}:\n{noformat}\n${block.text.replaceAll('{noformat', '{ noformat')}\n{noformat}`;
    case 'time-line':
    case 'chart':
    case 'ladder':
      return '';
  }
}

function renderFacts(facts: readonly Fact[]): string {
  return facts.map(({ name, value }) => `* *${escapeJira(name)}*: ${escapeJira(value)}`).join('\n');
}

/** An empty cell would join its neighbours into a heading. */
function tableCell(text: string): string {
  return text === '' ? ' ' : escapeJira(text);
}

/**
 * Macros, links, images, tables, emphasis, lists, emoticons and headings all begin with punctuation; a backslash before it
 * makes it plain. A backslash itself has no escape but its entity, nor have the slashes that make an address a link; `h1.` is
 * a word.
 */
function escapeJira(text: string): string {
  return text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('\\', '&#92;')
    .replaceAll('://', ':&#47;&#47;')
    .replace(/(?<!&)#|[{}[\]|*_^~!?+()@-]|:(?=[DP](?!\w))/gi, '\\$&')
    .replace(/^(h[1-6]|bq)\./, '$1&#46;');
}
