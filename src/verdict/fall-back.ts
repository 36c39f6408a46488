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
  /**
   * `said`: within the session, in so many words. `immediate`: on a new connection, sooner than a program starts. `soon`: on
   * a new connection, and a person who starts the player again with other settings would look the same.
   */
  readonly proof: 'said' | 'immediate' | 'soon';
}

/** A player that gives up asks again within a round trip; no other program is started that fast. */
const SHORTEST_START_NS = 0.1 * NS_PER_SECOND;
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
    return { at: own.at, words, quotes: [words], proof: 'said' };
  }
  const url = control.record?.facts.get('url');
  const startedAt = media[0]?.announced.media.startedAt ?? null;
  const leftAt = control.record?.closedAt?.time ?? control.lastTimes[0];
  if (url === undefined || startedAt === null || leftAt - startedAt.time < SHORTEST_TRIAL_NS) return null;
  const pauseOf = (other: FlowCase) => Math.abs(other.firstTime - leftAt);
  const next = indexOf(capture)
    .interleavedBeside(control)
    .find((other) => pauseOf(other) <= LONGEST_CHANGE_NS && other.record?.facts.get('url') === url);
  if (next === undefined) return null;
  return {
    at: { capture: next.capture, frame: firstFrameOf(next), time: next.firstTime },
    words: `a new ${next.label} connection for the same stream, over TCP`,
    quotes: [],
    proof: pauseOf(next) <= SHORTEST_START_NS ? 'immediate' : 'soon',
  };
}
