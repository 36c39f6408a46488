/** Which flows the screen needs: the words of the filter, the order, and a window around what is seen. */

import type { FlowWindowRequest } from '../analysis/snapshot.ts';
import type { State } from './state.ts';

/** Flows that are a problem, in the language of `query/`. */
const PROBLEMS = 'verdict:blocked,refused,unexpected,undetermined';
/** Flows that carry media, or were announced to. */
const MEDIA = '(loss>=0 | proto:rtp,rdt,mmsu,msb,mpegts)';
/** Of more flows with media the gravest are listed. */
export const MOST_STREAM_FLOWS = 500;

/** The gravest of these many are told by the hosts between which they were. */
export const MOST_HOST_FLOWS = 2000;

/** `room` rows are on screen; as many again are asked for on either side, so that scrolling shows rows at once. */
export function flowsRequest(state: State, room: number): FlowWindowRequest {
  const offset = Math.max(0, state.positions.flows.top - room);
  return {
    where: whereText(state, []),
    sort: state.sort.key,
    descending: state.sort.isDescending,
    offset,
    count: 3 * room,
  };
}

export function streamsRequest(state: State): FlowWindowRequest {
  return { where: whereText(state, [MEDIA]), sort: 'verdict', descending: false, offset: 0, count: MOST_STREAM_FLOWS };
}

export function hostsRequest(state: State): FlowWindowRequest {
  return { where: whereText(state, []), sort: 'verdict', descending: false, offset: 0, count: MOST_HOST_FLOWS };
}

/** What was typed stands alone where it can, so that an error in it is told at the place where it was typed. */
function whereText(state: State, terms: readonly string[]): string {
  const typed = state.filter.trim();
  const all = state.isProblemsOnly ? [...terms, PROBLEMS] : [...terms];
  if (all.length === 0) return typed;
  return typed === '' ? all.join(' ') : `(${typed}) ${all.join(' ')}`;
}
