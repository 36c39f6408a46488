/** What limits the verdicts of a capture, in sentences. */

import type { CaptureInfo } from '../capture/frame-batch.ts';
import type { Pipeline } from './pipeline.ts';
import type { QualityNote } from './snapshot.ts';

export function qualityNotes(pipeline: Pipeline, captures: readonly CaptureInfo[]): QualityNote[] {
  const notes: QualityNote[] = [];
  const add = (code: QualityNote['code'], count: number, text: string): void => {
    if (count > 0) notes.push({ code, count, text });
  };
  const { quality, flows, contents } = pipeline;
  const sides = pipeline.tcpSides();
  const isOneSided = sides.oneWay > 0 && sides.twoWay === 0;
  add(
    'one-sided',
    isOneSided ? sides.oneWay : 0,
    `Only one direction of ${plural(sides.oneWay, 'TCP connection')} is in the capture: silence of the other one proves nothing.`,
  );
  add(
    'duplicates',
    quality.duplicates,
    `${plural(quality.duplicates, 'packet')} came twice, as a span port copies them; the copies are not taken for retransmissions.`,
  );
  const dropped = captures.flatMap((info) => info.interfaces).reduce((sum, each) => sum + (each.dropped ?? 0), 0);
  add(
    'dropped',
    dropped,
    `${plural(dropped, 'frame')} were dropped while capturing, by the capture's own count: gaps may be its own.`,
  );
  const interruptions = captures.reduce((sum, info) => sum + (info.interruptions ?? 0), 0);
  add(
    'interrupted',
    interruptions,
    `Capturing was interrupted ${interruptions === 1 ? 'once' : `${interruptions} times`}: what passed then was not seen.`,
  );
  add(
    'truncated',
    quality.cut,
    `${plural(quality.cut, 'packet')} were cut by the snap length: their content is known in part only.`,
  );
  add(
    'midstream',
    sides.midstream,
    `${plural(sides.midstream, 'TCP connection')} began before the capture did: who opened them is inferred.`,
  );
  add(
    'time-order',
    quality.outOfOrder,
    `${plural(quality.outOfOrder, 'frame')} have an earlier time than the frame before them.`,
  );
  for (const info of captures) {
    if (info.truncatedAt !== null) {
      add('damaged', 1, `${info.file} is damaged at byte ${info.truncatedAt}; all before it was read.`);
    }
  }
  add(
    'evicted',
    flows.evicted,
    `${plural(flows.evicted, 'flow')} had to be forgotten to stay within the bound on memory.`,
  );
  add(
    'evicted',
    contents.notFollowed + contents.announcements.dropped,
    'More control channels or announcements were seen than are followed at one time.',
  );
  add(
    'evicted',
    contents.media.dropped,
    `${plural(contents.media.dropped, 'media packet')} belong to more streams than are measured at one time.`,
  );
  for (const stop of quality.stops().slice(0, 5)) {
    add(
      'undecoded',
      stop.count,
      `${plural(stop.count, 'frame')} could not be decoded to the end: ${stop.reason} (first: frame ${stop.frame}).`,
    );
  }
  const { incomplete } = pipeline.decoder.fragments.counts;
  add(
    'fragments',
    incomplete,
    `${plural(incomplete, 'datagram')} stayed incomplete: some of their fragments are not in the capture.`,
  );
  return notes;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
