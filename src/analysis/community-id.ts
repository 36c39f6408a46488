/** Community ID 1.0: the same name for a flow in Zeek, Suricata and others (github.com/corelight/community-id-spec). */

import { hash } from 'node:crypto';
import { parseAddress } from '../format/address.ts';
import type { Endpoint } from '../verdict/flow-case.ts';

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

/** Two bytes of seed, which is 0 everywhere, two addresses, protocol, padding and two ports; written anew for each flow. */
const MESSAGE = Buffer.alloc(40);
const SEED_BYTES = 2;
const TAIL_BYTES = 6;

/** Null for other transports than TCP and UDP. */
export function communityId(transport: string, initiator: Endpoint, responder: Endpoint): string | null {
  const protocol = PROTOCOL_NUMBERS[transport];
  const a = parseAddress(initiator.address);
  const b = parseAddress(responder.address);
  if (protocol === undefined || a === null || b === null) return null;
  const order = Buffer.compare(a, b) || initiator.port - responder.port;
  const [first, second, firstPort, secondPort] =
    order <= 0 ? [a, b, initiator.port, responder.port] : [b, a, responder.port, initiator.port];
  MESSAGE.set(first, SEED_BYTES);
  MESSAGE.set(second, SEED_BYTES + first.length);
  const tail = SEED_BYTES + first.length + second.length;
  MESSAGE[tail] = protocol;
  MESSAGE[tail + 1] = 0;
  MESSAGE.writeUInt16BE(firstPort, tail + 2);
  MESSAGE.writeUInt16BE(secondPort, tail + 4);
  return `1:${hash('sha1', MESSAGE.subarray(0, tail + TAIL_BYTES), 'base64')}`;
}
