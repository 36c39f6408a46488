/** Makes of a report's source one with pseudonyms, so that all forms of the report have them without knowing it. */

import { randomBytes } from 'node:crypto';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { CaptureRow, Snapshot } from '../../analysis/snapshot.ts';
import type { CaptureInfo } from '../../capture/frame-batch.ts';
import type { Network } from '../../format/address.ts';
import { NO_NAMES } from '../../policy/side-names.ts';
import type { ReportSource } from '../report-source.ts';
import { AnonymousComparison } from './anonymous-comparison.ts';
import { AnonymousRows, anonymousFileName } from './anonymous-rows.ts';
import { AnonymousText } from './anonymous-text.ts';
import { KEY_BYTES } from './crypto-pan.ts';
import { Pseudonyms } from './pseudonyms.ts';

/** Shorter names may be words of ours too. */
const SHORTEST_NAME = 4;

export class Disguise {
  readonly pseudonyms: Pseudonyms;

  /** `key`: `KEY_BYTES` bytes; the same one gives the same pseudonyms. Addresses within `kept` stay as they are. */
  constructor(key: Uint8Array, kept: readonly Network[]) {
    this.pseudonyms = new Pseudonyms(key, kept);
  }

  /** What files say of themselves when they are read a second time for a report on `snapshot`. */
  captures(captures: readonly CaptureInfo[], snapshot: Snapshot): CaptureInfo[] {
    return captures.map((info) => ({
      ...info,
      file: anonymousFileName(snapshot.captures.findIndex(({ file }) => file === info.file)),
      warnings: [],
      comments: [],
      interfaces: info.interfaces.map((each) => ({ ...each, name: null, filter: null })),
    }));
  }

  source(source: ReportSource): ReportSource {
    const rows = new AnonymousRows(this.pseudonyms, this.#textOn(source.snapshot.captures));
    return {
      tool: source.tool,
      snapshot: rows.snapshot(source.snapshot),
      async *flows() {
        for await (const page of source.flows()) yield page.map((flow) => rows.flow(flow));
      },
      gravestFlows: async (count) => {
        const { matched, rows: flows } = await source.gravestFlows(count);
        return { matched, rows: flows.map((flow) => rows.flow(flow)) };
      },
      flow: async (id) => {
        const detail = await source.flow(id);
        return detail === null ? null : rows.detail(detail);
      },
      scope: source.scope === '' ? '' : 'an expression that is withheld',
      change: source.change === null ? null : rows.change(source.change),
      sideOf: NO_NAMES,
      recall: source.recall,
    };
  }

  comparison(comparison: Comparison): Comparison {
    const text = this.#textOn([...comparison.inside.captures, ...comparison.outside.captures]);
    return new AnonymousComparison(new AnonymousRows(this.pseudonyms, text), text).comparison(comparison);
  }

  #textOn(captures: readonly CaptureRow[]): AnonymousText {
    return new AnonymousText(this.pseudonyms, namesOf(captures));
  }
}

export function makeKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** Files by their whole name and by its end. */
function namesOf(captures: readonly CaptureRow[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const [index, { file }] of captures.entries()) {
    for (const name of [file, file.slice(file.lastIndexOf('/') + 1)]) {
      if (name.length >= SHORTEST_NAME && name.includes('.')) names.set(name, anonymousFileName(index));
    }
  }
  return names;
}
