/** Strict readers of the forms that reports take: each throws where a lenient program might still guess what was meant. */

/** Elements of HTML that have no end. */
const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input']);
const ALLOWED_HTML = new Set(
  'html head meta title style body main section h1 h2 h3 p span dl dt dd ul li div table thead tbody tr th td pre figure figcaption svg text rect line path'.split(
    ' ',
  ),
);
const ATTRIBUTE = /^\s+([a-zA-Z][\w:-]*)="([^"<]*)"/;
const ENTITY = /&(?!(?:amp|lt|gt|quot|#39|#\d+|#x[0-9a-f]+);)/;

/** Elements in order, each closed within the one that it opened in; no bare `<` or `&`; every attribute in quotes. */
export function readMarkup(text: string, kind: 'html' | 'xml'): string[] {
  const open: string[] = [];
  const names: string[] = [];
  let at = 0;
  const prologue = kind === 'html' ? '<!doctype html>\n' : '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(prologue)) throw new Error('no prologue');
  at = prologue.length;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = text.slice(at, next < 0 ? undefined : next);
    if (open.at(-1) !== 'style' && (ENTITY.test(words) || words.includes('>')))
      throw new Error(`bare markup: ${words}`);
    if (next < 0) break;
    const end = /^<\/([a-zA-Z][\w]*)>/.exec(text.slice(next, next + 40));
    if (end !== null) {
      if (open.pop() !== end[1]) throw new Error(`</${end[1]}> closes nothing`);
      at = next + end[0].length;
      continue;
    }
    at = readTag(text, next, open, names, kind);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
  return names;
}

function readTag(text: string, start: number, open: string[], names: string[], kind: 'html' | 'xml'): number {
  const name = /^<([a-zA-Z][\w]*)/.exec(text.slice(start, start + 40))?.[1];
  if (name === undefined) throw new Error(`no tag: ${text.slice(start, start + 40)}`);
  if (kind === 'html' && !ALLOWED_HTML.has(name)) throw new Error(`<${name}> has no place in a report`);
  names.push(name);
  let at = start + 1 + name.length;
  const seen = new Set<string>();
  for (;;) {
    const attribute = ATTRIBUTE.exec(text.slice(at, at + 20_000));
    if (attribute === null) break;
    const [whole, key = '', value = ''] = attribute;
    if (seen.has(key) || ENTITY.test(value) || /^on/i.test(key)) throw new Error(`attribute ${key} of <${name}>`);
    seen.add(key);
    at += whole.length;
  }
  if (text.startsWith('/>', at)) return at + 2;
  if (text[at] !== '>') throw new Error(`<${name}> does not end: ${text.slice(at, at + 40)}`);
  if (!VOID.has(name)) open.push(name);
  return at + 1;
}

/** Rows of RFC 4180, all of one length. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at));
      if (cell === null) throw new Error(`no cell: ${text.slice(at, at + 40)}`);
      row.push(cell[1] === undefined ? (cell[2] ?? '') : cell[1].replaceAll('""', '"'));
      at += cell[0].length;
      if (cell[3] === '\r\n') break;
    }
    rows.push(row);
  }
  if (new Set(rows.map((row) => row.length)).size > 1) throw new Error('rows of different lengths');
  return rows;
}

/** Tables of GitHub Flavored Markdown: each row has as many cells as the head, and the line below the head is dashes. */
export function readMarkdownTables(text: string): string[][][] {
  const tables: string[][][] = [];
  let table: string[][] | null = null;
  let isFenced = false;
  for (const line of text.split('\n')) {
    if (/^`{3,}/.test(line)) isFenced = !isFenced;
    const isRow = !isFenced && line.startsWith('| ');
    if (!isRow) {
      table = null;
      continue;
    }
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    if (table === null) {
      table = [];
      tables.push(table);
    }
    table.push(cells);
    if (cells.length !== table[0]?.length) throw new Error(`row of ${cells.length} cells: ${line}`);
  }
  for (const [, rule] of tables) if (rule?.every((cell) => cell === ' --- ') !== true) throw new Error('no head');
  return tables;
}
