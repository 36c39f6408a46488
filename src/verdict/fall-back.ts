/**
 * The client's own word that media did not reach it: it asks for another transport. Some do so within the session (ffmpeg,
 * Windows Media), some close the connection and ask on a new one (GStreamer, VLC).
 */

import { printable } from '../format/text.ts';
import type { Moment } from '../protocol/dissector.ts';
import { indexOf } from './capture-index.ts';
import { type AnnouncedMediaCase, type CaptureCase, type FlowCase, firstFrameOf, NS_PER_SECOND } from './flow-case.ts';

export interface FallBack {
  readonly at: Moment;
  /** Safe to print. */
  readonly words: string;
  /** What of the words the capture says itself. */
  readonly quotes: readonly string[];
  /** On a new connection: a person who starts the player again with other settings would look the same. */
  readonly isNewConnection: boolean;
}

/** A player that gives up asks again at once; a person takes longer. */
const LONGEST_CHANGE_NS = NS_PER_SECOND;
/** Sooner than this after PLAY no player gives up. */
const SHORTEST_TRIAL_NS = 2 * NS_PER_SECOND;
const MOST_WORDS = 120;

/** Null where the client went on with what it had, or asked no more. */
export function findFallBack(
  control: FlowCase,
  media: readonly AnnouncedMediaCase[],
  capture: CaptureCase,
): FallBack | null {
  const own = media.map(({ announced }) => announced.media.fallBack).find((each) => each !== null) ?? null;
  if (own !== null) {
    const words = printable(own.words, MOST_WORDS);
    return { at: own.at, words, quotes: [words], isNewConnection: false };
  }
  const successor = findSuccessor(control, media, capture);
  if (successor === null) return null;
  return {
    at: { capture: successor.capture, frame: firstFrameOf(successor), time: successor.firstTime },
    words: `a new ${successor.label} connection for the same stream, over TCP`,
    quotes: [],
    isNewConnection: true,
  };
}

/** A connection of the same two hosts for the same stream, with its media inside, that follows the end of this one. */
function findSuccessor(control: FlowCase, media: readonly AnnouncedMediaCase[], capture: CaptureCase): FlowCase | null {
  const { record, lastTimes } = control;
  const url = record?.facts.get('url');
  const startedAt = media[0]?.announced.media.startedAt ?? null;
  if (url === undefined || startedAt === null) return null;
  const leftAt = record?.closedAt?.time ?? lastTimes[0];
  if (leftAt - startedAt.time < SHORTEST_TRIAL_NS) return null;
  const successor = indexOf(capture)
    .interleavedBeside(control)
    .find((other) => Math.abs(other.firstTime - leftAt) <= LONGEST_CHANGE_NS && other.record?.facts.get('url') === url);
  return successor ?? null;
}
