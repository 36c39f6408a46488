/** A report as GitHub Flavored Markdown, which GitLab reads too. */

import type { Block, Fact, ReportDocument } from './document.ts';
import { escapeMarkdown } from './escape-markdown.ts';

export function renderMarkdown(document: ReportDocument): string {
  const parts = [`# ${escapeMarkdown(document.title)}`, `**${escapeMarkdown(document.verdict)}**`];
  for (const section of document.sections) {
    parts.push(`## ${escapeMarkdown(section.heading)}`);
    parts.push(...section.blocks.map(renderBlock).filter((text) => text !== ''));
  }
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return escapeMarkdown(block.text);
    case 'finding':
      return [
        `### ${block.number}. ${escapeMarkdown(`${block.mark}: ${block.title}`)}`,
        escapeMarkdown(block.explanation),
        renderFacts(block.facts),
      ].join('\n\n');
    case 'facts':
      return renderFacts(block.facts);
    case 'list':
      return block.items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
    case 'table':
      return [block.columns, block.columns.map(() => '---'), ...block.rows.map((row) => row.map(escapeMarkdown))]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    case 'code':
      return `${escapeMarkdown(block.label)}:\n\n${fencedCode(block.text)}`;
    case 'time-line':
    case 'chart':
    case 'ladder':
      return '';
  }
}

function renderFacts(facts: readonly Fact[]): string {
  return facts.map(({ name, value }) => `- **${escapeMarkdown(name)}**: ${escapeMarkdown(value)}`).join('\n');
}

/** The fence is longer than any run of backticks inside. */
function fencedCode(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
