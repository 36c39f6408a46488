/** The forms that a comparison can take. */

import type { ComparedFlow, Comparison } from '../analysis/compare/comparison.ts';
import type { SideCapture } from '../analysis/compare/read-side.ts';
import { formatTimestamp } from '../format/time.ts';
import { type CompareExtent, compareDocument } from './compare-document.ts';
import { safeJson } from './json-report.ts';
import { captureToJson } from './json-rows.ts';
import { renderHtml } from './render-html.ts';
import { renderJira } from './render-jira.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText } from './render-text.ts';
import type { Tool } from './report-source.ts';

export const COMPARE_FORMATS = ['text', 'markdown', 'json', 'html', 'jira'] as const;
export type CompareFormat = (typeof COMPARE_FORMATS)[number];

const SCHEMA = 'mediatap.compare/1';

const FULL: CompareExtent = { findings: 100, flows: 200, translations: 40 };
/** What is stopped comes before what crosses. */
const EXTENTS: readonly CompareExtent[] = [
  FULL,
  ...[30, 12, 8, 6, 4, 3, 2, 1].flatMap((findings) => [
    { findings, flows: 12, translations: 8 },
    { findings, flows: 4, translations: 4 },
    { findings, flows: 0, translations: 2 },
  ]),
];

/** In pieces, to be written as they come. `textLimit` is the most characters of a text. */
export function* writeComparison(
  comparison: Comparison,
  tool: Tool,
  format: CompareFormat,
  textLimit: number,
): Generator<string> {
  switch (format) {
    case 'text':
      yield fitText(comparison, tool, textLimit);
      return;
    case 'markdown':
      yield renderMarkdown(compareDocument(comparison, tool, FULL));
      return;
    case 'html':
      yield renderHtml(compareDocument(comparison, tool, FULL));
      return;
    case 'jira':
      yield renderJira(compareDocument(comparison, tool, FULL));
      return;
    case 'json':
      yield* comparisonToJson(comparison, tool);
      return;
  }
}

function fitText(comparison: Comparison, tool: Tool, limit: number): string {
  let text = '';
  for (const extent of EXTENTS) {
    text = renderText(compareDocument(comparison, tool, extent));
    if (text.length <= limit) return text;
  }
  return `${text.slice(0, limit - 2)}…\n`;
}

/** One flow per line. */
function* comparisonToJson(comparison: Comparison, tool: Tool): Generator<string> {
  const { clocks, latency, translations, flows, totals, notes } = comparison;
  const head = {
    schema: SCHEMA,
    tool,
    inside: sideToJson(comparison.inside),
    outside: sideToJson(comparison.outside),
    clocks: clocks && {
      method: clocks.method,
      outsideAheadNs: clocks.offset,
      driftPpm: clocks.drift * 1e6,
      uncertaintyNs: clocks.uncertainty,
      packets: clocks.moments,
    },
    latency,
    translations,
    totals,
    notes,
  };
  for (const [i, [name, value]] of Object.entries(head).entries()) {
    yield `${i === 0 ? '{' : ','}\n${safeJson(name)}: ${safeJson(value)}`;
  }
  yield ',\n"flows": [';
  for (const [i, flow] of flows.entries()) yield `${i === 0 ? '\n' : ',\n'}${safeJson(flowToJson(flow, comparison))}`;
  yield flows.length === 0 ? ']\n}\n' : '\n]\n}\n';
}

function sideToJson({ captures, originSeconds }: SideCapture): unknown {
  return { captures: captures.map((capture) => captureToJson(capture, originSeconds)) };
}

function flowToJson({ inside, outside, evidence, ...flow }: ComparedFlow, comparison: Comparison): unknown {
  const viewOf = (view: ComparedFlow['inside'], { originSeconds }: SideCapture): unknown =>
    view && { ...view, firstTime: formatTimestamp(view.firstTime, originSeconds) };
  return {
    ...flow,
    inside: viewOf(inside, comparison.inside),
    outside: viewOf(outside, comparison.outside),
    evidence: evidence.map((item) => ({
      ...item,
      time: formatTimestamp(item.time, comparison[item.side].originSeconds),
    })),
  };
}
