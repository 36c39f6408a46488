/** A blocked flow as whoever writes firewall rules wants to know it. */

import type { FlowDetail, FlowRow } from '../analysis/snapshot.ts';
import { isMulticast, parseAddress } from '../format/address.ts';
import type { BlockedFlow } from '../policy/permits-of-blocked.ts';

/** What a permit would have let through: what worked and was then cut was permitted, and what is too large stays so. */
const CURABLE: ReadonlySet<string> = new Set([
  'tcp-unanswered',
  'tcp-reset-by-path',
  'icmp-prohibited',
  'icmp-unreachable',
  'media-never-arrived',
  'media-one-way',
  'request-unanswered',
]);

/** Null for what no permit cures, or has no ports. */
export async function blockedFlow(
  row: FlowRow,
  flowById: (id: number) => Promise<FlowDetail | null>,
): Promise<BlockedFlow | null> {
  const { transport, initiator, responder } = row;
  if (transport !== 'tcp' && transport !== 'udp') return null;
  if (!isCurable(row)) return null;
  const control = row.announcedBy === null ? null : (await flowById(row.announcedBy))?.row;
  const address = parseAddress(responder.address);
  return {
    transport,
    protocol: row.protocol,
    label: row.protocolLabel,
    rule: row.rule,
    initiator,
    responder,
    isMulticast: address !== null && isMulticast(address),
    control:
      control == null
        ? null
        : { protocol: control.protocol, label: control.protocolLabel, server: control.responder.address },
    ...lifeOf(row),
  };
}

/** Whether a permit would cure what blocks it. */
export function isCurable({ codes }: FlowRow): boolean {
  return codes.some((code) => CURABLE.has(code));
}

/** What no packet reached was wanted at the same time as all the others. */
export function lifeOf({ firstTime, lastTime }: FlowRow): { start: number; end: number } {
  return { start: firstTime ?? Number.NEGATIVE_INFINITY, end: lastTime ?? Number.POSITIVE_INFINITY };
}
