/** The legs of an H.323 call in their order, so that the first one that fails is named with those that work. */

import type { CaptureCase, FlowCase } from './flow-case.ts';
import { sessionsOf } from './media-flow.ts';

const LADDER: readonly string[] = ['h323-ras', 'h323-q931', 'h323-h245'];

/** For an announced flow that failed: which legs before it worked, and why a list of ports will not open it; else empty. */
export function dynamicPortNote(flow: FlowCase, capture: CaptureCase): string {
  const announced = flow.announced[0];
  if (announced === undefined) return '';
  const before = sessionsOf(announced.announcer, capture)
    .sort((a, b) => LADDER.indexOf(a.protocol ?? '') - LADDER.indexOf(b.protocol ?? ''))
    .map((leg) => `${leg.label} (port ${leg.responder.port})`);
  if (before.length === 0) return '';
  const { how } = announced.media.announcement;
  return (
    ` ${before.join(', then ')} ${before.length === 1 ? 'works' : 'work'}; ${flow.label} on port ${flow.responder.port} is the first leg that does not. ` +
    `That port was announced by ${how} and is another one in each session: a list of ports will not open it, the firewall's helper for this protocol or a range of ports set on the endpoint will.`
  );
}
