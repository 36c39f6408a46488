/** Permits for a Cisco ASA: an access list, and the inspections that read control channels. */

import { maskByte } from '../format/address.ts';
import { formatCount } from '../format/count.ts';
import { commentOf, familyOf, type Permit, type RuleSet } from './permit.ts';
import type { PortRange } from './port-row.ts';
import { dcomLines, noteLines } from './rule-notes.ts';
import { permitSentence } from './rules-text.ts';

const LIST = 'MEDIATAP';
const MOST_REMARK = 100;
/** Of one permit: an access list has a line for each pair of its ends. */
const MOST_LINES = 10_000;

const INSPECTIONS = { rtsp: 'rtsp', 'h323-call': 'h323 h225', 'h323-ras': 'h323 ras' } as const;

/** Configuration lines, for the list of the interface where the permitted traffic comes in. */
export function writeCiscoAsaRules(rules: RuleSet): string[] {
  const helpers = [...new Set(rules.permits.map(({ helper }) => helper).filter((helper) => helper !== null))];
  return [
    `! Permits for ${rules.title}. Printed, not applied.`,
    ...rules.permits.flatMap(linesOf),
    '! Put the lines into the list of the interface where this traffic enters (show running-config access-group).',
    '! Bound as a list of its own (access-group MEDIATAP in interface NAME), its end denies all else.',
    ...(helpers.length === 0 ? [] : ['policy-map global_policy', ' class inspection_default']),
    ...helpers.map((helper) => `  inspect ${INSPECTIONS[helper]}`),
    ...[...noteLines(rules), ...dcomLines(rules)].map((line) => `! ${line}`.trimEnd()),
  ];
}

function linesOf(permit: Permit): string[] {
  const lines = ([4, 6] as const).flatMap((version) => {
    const from = familyOf(permit.from, version);
    const to = familyOf(permit.to, version);
    if (from === null || to === null) return [];
    const froms = from === 'any' ? [`any${version}`] : from.map(addressOf);
    const tos = to === 'any' ? [`any${version}`] : to.map(addressOf);
    const pairs = froms.length * tos.length;
    if (pairs > MOST_LINES)
      return [`! Not written: ${formatCount(pairs)} lines, which want object groups. ${permitSentence(permit)}`];
    return froms.flatMap((source) =>
      tos.map(
        (target) =>
          `access-list ${LIST} extended permit ${permit.transport} ${source}${portsOf(permit.fromPorts)} ${target}${portsOf(permit.toPorts)}`,
      ),
    );
  });
  if (lines.length === 0) return [];
  const remark = `access-list ${LIST} remark ${commentOf(permit).slice(0, MOST_REMARK)}`;
  return permit.alternative === null ? [remark, ...lines] : [remark, ...lines].map((line) => `! ${line}`);
}

function portsOf(ports: PortRange | null): string {
  if (ports === null) return '';
  return ports.first === ports.last ? ` eq ${ports.first}` : ` range ${ports.first} ${ports.last}`;
}

/** `host 10.1.2.3`, `10.0.0.0 255.0.0.0`, `2001:db8::/32`. */
function addressOf(network: string): string {
  const [address = network, prefix] = network.split('/');
  if (prefix === undefined) return `host ${address}`;
  if (address.includes(':')) return network;
  const mask = [0, 1, 2, 3].map((i) => maskByte(Number(prefix), i));
  return `${address} ${mask.join('.')}`;
}
