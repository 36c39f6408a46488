/**
 * On which side of the capture point a stream loses packets: what is missing here was lost before it, what a receiver misses
 * beyond that was lost after it.
 */

import { formatCount } from '../format/count.ts';
import type { MeasuredStreamRow, MediaReceiverRow } from './measured-media.ts';

/** Reports and packets cross on their way: so many packets of difference tell nothing. */
const FEWEST_TELLING = 2;
const TELLING_SHARE = 0.1;

/** `lostThere`: by the receiver, of the packets that `lostHere` speaks of. `isComplete`: its last report speaks of all of them. */
export function placeLoss(lostHere: number, lostThere: number, isComplete: boolean): MediaReceiverRow['lossPlace'] {
  const tolerance = Math.max(FEWEST_TELLING, TELLING_SHARE * Math.max(lostHere, lostThere));
  if (lostThere - lostHere > tolerance) return lostHere > FEWEST_TELLING ? 'both' : 'after';
  if (lostHere - lostThere > tolerance) return isComplete ? 'capture' : null;
  return lostHere > 0 ? 'before' : null;
}

/** One sentence on the first receiver whose reports tell where packets were lost; empty when none does. */
export function describeLossPlace(stream: MeasuredStreamRow): string {
  const receiver = stream.receivers.find(({ lossPlace }) => lossPlace !== null);
  if (receiver === undefined) return '';
  const there = `the receiver reports ${formatCount(Math.max(0, receiver.lost))} lost`;
  const here = `${formatCount(stream.lost ?? 0)} are missing here`;
  switch (receiver.lossPlace) {
    case 'before':
      return `${there} and ${here}: they were lost before this capture point`;
    case 'after':
      return `${there} and ${here}: they were lost between this capture point and the receiver`;
    case 'both':
      return `${there} and ${here}: packets were lost before this capture point and after it`;
    default:
      return `${there} and ${here}: the capture itself missed packets that the receiver got`;
  }
}
