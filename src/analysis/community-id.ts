/** Community ID 1.0: the same name for a flow in Zeek, Suricata and others (github.com/corelight/community-id-spec). */

import { createHash } from 'node:crypto';
import { parseAddress } from '../format/address.ts';
import type { Endpoint } from '../verdict/flow-case.ts';

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

/** Null for other transports than TCP and UDP. */
export function communityId(transport: string, initiator: Endpoint, responder: Endpoint): string | null {
  const protocol = PROTOCOL_NUMBERS[transport];
  const a = parseAddress(initiator.address);
  const b = parseAddress(responder.address);
  if (protocol === undefined || a === null || b === null) return null;
  const order = Buffer.compare(a, b) || initiator.port - responder.port;
  const [first, second, firstPort, secondPort] =
    order <= 0 ? [a, b, initiator.port, responder.port] : [b, a, responder.port, initiator.port];
  const seed = Buffer.from([0, 0]);
  const tail = Buffer.from([protocol, 0, firstPort >> 8, firstPort & 0xff, secondPort >> 8, secondPort & 0xff]);
  const digest = createHash('sha1')
    .update(Buffer.concat([seed, first, second, tail]))
    .digest('base64');
  return `1:${digest}`;
}
