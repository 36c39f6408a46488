/** The report as one JSON object, written piece by piece so that a hundred thousand flows are never one string. */

import {
  captureToJson,
  findingToJson,
  flowToJson,
  groupToJson,
  readingToJson,
  seriesToJson,
  totalsToJson,
} from './json-rows.ts';
import type { ReportSource } from './report-source.ts';

const SCHEMA = 'mediatap.report/1';

/** What JSON allows in a string but a terminal might obey or hide: the rest of the controls, and marks of direction. */
const RISKY = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** JSON text that shows as what it is wherever it is printed. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(RISKY, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One member of an object or array per line: easy to compare, and to read with a pager. */
export async function* writeJsonReport(source: ReportSource): AsyncGenerator<string> {
  const { snapshot, tool, scope, change } = source;
  const origin = snapshot.originSeconds;
  yield `{\n"schema": ${safeJson(SCHEMA)},\n"tool": ${safeJson(tool)},\n"reading": ${safeJson(readingToJson(snapshot, scope))}`;
  yield member('captures', list(snapshot.captures.map((capture) => captureToJson(capture, origin))));
  yield ',\n"flows": [';
  let separator = '\n';
  for await (const rows of source.flows()) {
    yield separator + rows.map((row) => safeJson(flowToJson(row, origin))).join(',\n');
    separator = ',\n';
  }
  yield separator === '\n' ? ']' : '\n]';
  yield member('findings', list(snapshot.findings.map((finding) => findingToJson(finding, origin))));
  yield member('multicast', list(snapshot.multicast.map((group) => groupToJson(group, origin))));
  yield member('policy', list(snapshot.policy));
  yield member('quality', list(snapshot.quality));
  yield member('totals', safeJson(totalsToJson(snapshot.totals, origin)));
  yield member('activity', safeJson(seriesToJson(snapshot.activity, origin)));
  if (change !== null) yield member('baseline', safeJson(change));
  yield '\n}\n';
}

function member(name: string, json: string): string {
  return `,\n"${name}": ${json}`;
}

function list(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map(safeJson).join(',\n')}\n]`;
}
