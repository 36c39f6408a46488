/** Media of no control channel in the capture. */

import { type Draft, openingPacket } from './draft.ts';
import { type CaptureCase, type FlowCase, formatSeconds } from './flow-case.ts';
import { AMBER_NS } from './media-never-arrived.ts';
import { isFirstSight } from './sight.ts';

const MEDIA: ReadonlySet<string> = new Set(['rtp', 'mmsu']);

/** Protocols that announce media between the hosts that speak them. */
const CONTROL: ReadonlySet<string> = new Set(['rtsp', 'mms', 'h323-q931', 'h323-h245', 'sip']);

interface Pairs {
  /** Hosts with a control channel of which no announcement could be read: cut by a snap length, or encrypted. */
  readonly unread: ReadonlySet<string>;
  /** Hosts with a connection that nobody can read. */
  readonly encrypted: ReadonlySet<string>;
}

const pairsByCapture = new WeakMap<CaptureCase, Pairs>();

function pairsOf(capture: CaptureCase): Pairs {
  const known = pairsByCapture.get(capture);
  if (known !== undefined) return known;
  const pairs = {
    unread: new Set(capture.flows.filter(isUnreadControl).map(pairOf)),
    encrypted: new Set(capture.flows.filter((flow) => flow.protocol === 'tls').map(pairOf)),
  };
  pairsByCapture.set(capture, pairs);
  return pairs;
}

/** An attempt to connect that came to nothing announced nothing. */
function isUnreadControl({ protocol, record, payload }: FlowCase): boolean {
  const hasSpoken = payload[0] + payload[1] > 0;
  return hasSpoken && protocol !== null && CONTROL.has(protocol) && (record?.media.length ?? 0) === 0;
}

/** The two hosts, whoever began. */
function pairOf({ initiator, responder }: FlowCase): string {
  const [one, other] = [initiator.address, responder.address];
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

export function checkUnannounced(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (flow.confidence !== 'content' || flow.protocol === null || !MEDIA.has(flow.protocol)) return null;
  if (flow.announced.length > 0 || flow.isMulticast || pairsOf(capture).unread.has(pairOf(flow))) return null;
  const wasFlowing = isFirstSight(capture, flow.capture, flow.firstTime, AMBER_NS);
  const isWebRtc = flow.record?.variant.startsWith('WebRTC') === true;
  const isHidden = isWebRtc || pairsOf(capture).encrypted.has(pairOf(flow));
  const { initiator, responder } = flow;
  return {
    code: 'unannounced-media',
    verdict: wasFlowing || isHidden ? 'undetermined' : 'unexpected',
    certainty: 'inferred',
    cause: 'unknown',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `unannounced ${flow.protocol} ${initiator.address} ${responder.address}`,
    tell: () => ({
      what: 'no control channel in the capture announced it',
      why: isWebRtc
        ? 'STUN and DTLS on the same ports agreed on it, as WebRTC does: what announced it is encrypted, and mostly goes by way of a web server.'
        : wasFlowing
          ? 'The media was already flowing when the capture began, so its control channel may lie before it.'
          : isHidden
            ? 'The same hosts have an encrypted connection, which may well have announced it.'
            : `The media began ${formatSeconds(flow.firstTime - capture.startTime)} into the capture, and no RTSP, H.323, SIP, MMS or SAP in it names these ports.`,
      nextStep:
        wasFlowing && !isWebRtc
          ? 'Start the capture before the session to see who asked for it.'
          : `Find out which program on ${initiator.address} and ${responder.address} uses these ports, and whether its control channel takes another path.`,
      evidence: [openingPacket(flow, `first ${flow.label} packet`)],
    }),
  };
}
