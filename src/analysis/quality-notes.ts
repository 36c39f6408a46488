/** What limits the verdicts of a capture, in sentences. */

import type { CaptureInfo } from '../capture/frame-batch.ts';
import { counted, formatCount } from '../format/count.ts';
import { printable } from '../format/text.ts';
import type { Pipeline } from './pipeline.ts';
import type { QualityNote } from './snapshot.ts';

const MOST_REASONS = 5;

/** Only notes that have something to count. */
export function qualityNotes(pipeline: Pipeline, captures: readonly CaptureInfo[]): QualityNote[] {
  const notes = [
    ...notesOfPoint(pipeline),
    ...notesOfCapturing(pipeline, captures),
    ...notesOfBounds(pipeline),
    ...notesOfDecoding(pipeline),
  ];
  return notes.filter((note) => note.count > 0);
}

/** What the place of the capture and its moment leave out or show twice. */
function notesOfPoint(pipeline: Pipeline): QualityNote[] {
  const { oneWay, twoWay, midstream } = pipeline.tcpSides();
  const { duplicates, outOfOrder } = pipeline.quality;
  return [
    {
      code: 'one-sided',
      count: oneWay,
      text: `Only one direction of ${twoWay === 0 ? '' : `${formatCount(oneWay)} of `}${counted(oneWay + twoWay, 'TCP connection')} is in the capture: silence of the other one proves nothing.`,
    },
    {
      code: 'duplicates',
      count: duplicates,
      text: `${counted(duplicates, 'packet')} came twice, as a span port copies them; the copies are not taken for retransmissions.`,
    },
    {
      code: 'midstream',
      count: midstream,
      text: `${counted(midstream, 'TCP connection')} began before the capture did: who opened them is inferred.`,
    },
    {
      code: 'time-order',
      count: outOfOrder,
      text: `${counted(outOfOrder, 'frame')} ${outOfOrder === 1 ? 'has an earlier time than the frame before it' : 'have an earlier time than the frame before them'}.`,
    },
  ];
}

function filtersOf(captures: readonly CaptureInfo[]): string[] {
  const filters = captures.flatMap((info) => info.interfaces).map(({ filter }) => filter ?? '');
  return [...new Set(filters.filter((filter) => filter !== '').map((filter) => printable(filter, 120)))].slice(
    0,
    MOST_REASONS,
  );
}

/** What was lost or cut while capturing, and what is damaged in the file. */
function notesOfCapturing(pipeline: Pipeline, captures: readonly CaptureInfo[]): QualityNote[] {
  const dropped = captures.flatMap((info) => info.interfaces).reduce((sum, each) => sum + (each.dropped ?? 0), 0);
  const interruptions = captures.reduce((sum, info) => sum + (info.interruptions ?? 0), 0);
  const { cut } = pipeline.quality;
  const filters = filtersOf(captures);
  const damaged = captures.filter((info) => info.truncatedAt !== null);
  return [
    {
      code: 'dropped',
      count: dropped,
      text: `${counted(dropped, 'frame')} ${dropped === 1 ? 'was' : 'were'} dropped while capturing, by the capture's own count: gaps may be its own.`,
    },
    {
      code: 'interrupted',
      count: interruptions,
      text: `Capturing was interrupted ${interruptions === 1 ? 'once' : counted(interruptions, 'time')}: what passed then was not seen.`,
    },
    ...captures.map(({ limit = null }) => ({
      code: 'uncounted' as const,
      count: limit === null ? 0 : 1,
      text: limit ?? '',
    })),
    {
      code: 'filtered',
      count: filters.length,
      text: `Captured with the filter ${filters.join('; ')}: what it leaves out is not here, which proves nothing.`,
    },
    {
      code: 'truncated',
      count: cut,
      text: `The snap length cut ${counted(cut, 'packet')}: only the beginning of the content is known.`,
    },
    ...damaged.map((info) => ({
      code: 'damaged' as const,
      count: 1,
      text: `${printable(info.file)} is damaged at byte ${info.truncatedAt}; all before it was read.`,
    })),
  ];
}

/** What did not fit into the bounds on memory. */
function notesOfBounds({ flows, contents, hosts, multicast }: Pipeline): QualityNote[] {
  const forgottenHosts = hosts.evicted + hosts.macs.evicted;
  return [
    {
      code: 'evicted',
      count: flows.evicted,
      text: `${counted(flows.evicted, 'flow')} had to be forgotten to stay within the bound on memory.`,
    },
    {
      code: 'evicted',
      count: forgottenHosts,
      text: `${counted(forgottenHosts, 'address', 'addresses')} of hosts and links had to be forgotten, idle ones first: what was learned of them is learned anew.`,
    },
    {
      code: 'evicted',
      count: multicast.evicted,
      text: `${counted(multicast.evicted, 'multicast membership')} had to be forgotten, idle ones first, to stay within the bound on memory.`,
    },
    {
      code: 'evicted',
      count: contents.notFollowed + contents.announcements.dropped,
      text: 'More control channels or announcements were seen than are followed at one time.',
    },
    {
      code: 'evicted',
      count: contents.media.dropped,
      text: `More streams came than are measured at one time: ${counted(contents.media.dropped, 'media packet')} of others.`,
    },
  ];
}

function notesOfDecoding({ quality, decoder }: Pipeline): QualityNote[] {
  const { incomplete, firstAlone, unusable, dropped, overlaps } = decoder.fragments.counts;
  const stops = quality.stops().slice(0, MOST_REASONS);
  return [
    ...stops.map((stop) => ({
      code: 'undecoded' as const,
      count: stop.count,
      text: `${counted(stop.count, 'frame')} could not be decoded to the end: ${stop.reason} (first: frame ${stop.frame}).`,
    })),
    {
      code: 'fragments',
      count: incomplete - unusable - dropped,
      text: describeIncomplete(incomplete - unusable - dropped, firstAlone),
    },
    {
      code: 'fragments',
      count: unusable,
      text: `${counted(unusable, 'datagram')} could not be put together: the snap length cut a fragment, or the lengths of fragments cannot be.`,
    },
    {
      code: 'evicted',
      count: dropped,
      text: `${counted(dropped, 'datagram')} in fragments had to be given up to stay within the bound on memory.`,
    },
    {
      code: 'fragments',
      count: overlaps,
      text: `${counted(overlaps, 'fragment')} overlapped others in part: the bytes that came first were taken, and the receiver may have taken the others.`,
    },
  ];
}

function describeIncomplete(incomplete: number, firstAlone: number): string {
  const what = `${counted(incomplete, 'datagram')} stayed incomplete: some of their fragments are not in the capture.`;
  if (firstAlone === 0) return what;
  return `${what} Of ${formatCount(firstAlone)} the first one is: it shows the flow, and what it carries was not read.`;
}
