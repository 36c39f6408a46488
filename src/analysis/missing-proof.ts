/** What a capture would have to show of a flow that nothing judges, so that it could be. */

import type { FlowCase } from '../verdict/flow-case.ts';
import { isAbsent } from '../verdict/media-flow.ts';

/** For a flow whose verdict is `undetermined` though no finding speaks of it. */
export function missingProof(flow: FlowCase): string {
  if (flow.tcp !== null) return 'the other direction of this connection';
  const media = flow.announced.map((announced) => ({ flow, announced }));
  const [sent, answered] = flow.packets;
  if (media.length === 0) return 'packets of this flow';
  if (media.every(({ announced }) => announced.media.startedAt === null)) {
    return 'an answer by which it begins, such as that to PLAY';
  }
  if (sent + answered > 0 && media.every(isAbsent)) {
    return 'packets of its sender: those that are here come from its receiver, which opens the path by them';
  }
  return 'packets of this flow, or of the media that it belongs to';
}
