/** A report as one HTML file: no script, nothing fetched, drawings inline, readable on screen, on paper and in the dark. */

import type { Block, Fact, ReportDocument, Section } from './document.ts';
import { escapeXml } from './escape-xml.ts';
import { STYLE } from './html-style.ts';
import { drawChart } from './svg-chart.ts';
import { drawLadder } from './svg-ladder.ts';
import { drawTimeLine } from './svg-time-line.ts';

/** Even a mistake in this file could then load or run nothing. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function renderHtml(document: ReportDocument): string {
  const title = escapeXml(document.title);
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${title}</h1>`,
    `<p class="verdict ${document.gravest}">${escapeXml(document.verdict)}</p>`,
    ...document.sections.map(renderSection),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderSection(section: Section): string {
  const blocks = section.blocks.map(renderBlock).join('\n');
  return `<section>\n<h2>${escapeXml(section.heading)}</h2>\n${blocks}\n</section>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${escapeXml(block.text)}</p>`;
    case 'finding':
      return [
        `<h3><span class="mark ${block.verdict}">${block.mark}</span> ${block.number}. ${escapeXml(block.title)}</h3>`,
        `<p>${escapeXml(block.explanation)}</p>`,
        renderFacts(block.facts),
      ].join('\n');
    case 'facts':
      return renderFacts(block.facts);
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escapeXml(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return renderTable(block.columns, block.rows);
    case 'code':
      return `<p>${escapeXml(block.label)}:</p>\n<pre>${escapeXml(block.text)}</pre>`;
    case 'time-line':
      return figure(drawTimeLine(block), 'Flows over the time of the capture');
    case 'chart':
      return figure(drawChart(block), block.caption);
    case 'ladder':
      return figure(drawLadder(block), block.caption);
  }
}

function renderFacts(facts: readonly Fact[]): string {
  const rows = facts.map(({ name, value }) => `<dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd>`);
  return `<dl>\n${rows.join('\n')}\n</dl>`;
}

function renderTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeXml(column)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`);
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`;
}

function figure(svg: string, caption: string): string {
  return `<figure>\n${svg}\n<figcaption>${escapeXml(caption)}</figcaption>\n</figure>`;
}
