/** A report as plain text that fits a ticket's field. */

import type { Block, Fact, ReportDocument, Section } from './document.ts';

const LINE_LENGTH = 100;
const INDENT = '  ';

export function renderText(document: ReportDocument): string {
  const sections = document.sections.map(renderSection);
  return `${[wrap(`VERDICT: ${document.verdict}`, ''), ...sections].join('\n\n')}\n`;
}

function renderSection(section: Section): string {
  const blocks = section.blocks.map(renderBlock).filter((text) => text !== '');
  return [section.heading.toUpperCase(), ...blocks].join('\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return wrap(block.text, INDENT);
    case 'finding': {
      const head = wrap(`${block.number}. ${block.mark.toUpperCase()}: ${block.title}`, INDENT, INDENT.repeat(2));
      return [head, wrap(block.explanation, INDENT.repeat(2)), renderFacts(block.facts, INDENT.repeat(2))]
        .filter((text) => text !== '')
        .join('\n');
    }
    case 'facts':
      return renderFacts(block.facts, INDENT);
    case 'list':
      return block.items.map((item) => wrap(item, `${INDENT}- `, INDENT.repeat(2))).join('\n');
    case 'table':
      return renderTable(block.columns, block.rows);
    case 'code':
      return `${INDENT}${block.label}: ${block.text}`;
    case 'time-line':
    case 'chart':
    case 'ladder':
      return '';
  }
}

function renderFacts(facts: readonly Fact[], indent: string): string {
  return facts.map(({ name, value }) => wrap(`${name}: ${value}`, indent, indent + INDENT)).join('\n');
}

/** The last column is as long as it is. */
function renderTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  return lines
    .map(
      (cells) =>
        INDENT +
        cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join(INDENT)
          .trimEnd(),
    )
    .join('\n');
}

/** Breaks at spaces only: an address or a filter stays whole. */
function wrap(text: string, indent: string, nextIndent = indent): string {
  const lines: string[] = [];
  let line = indent;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > LINE_LENGTH) {
      lines.push(line);
      line = nextIndent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return isEmpty || text === '' ? lines.join('\n') : [...lines, line].join('\n');
}
