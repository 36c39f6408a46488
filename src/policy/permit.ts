/** One permit of a firewall, whatever the firewall: who may begin toward whom, on which ports, and why. */

import { formatNetwork, maskByte, type Network, networkContains } from '../format/address.ts';
import type { PortRange } from './port-row.ts';

/** A module of the firewall that reads the control channel and lets in what it announces. */
export type Helper = 'rtsp' | 'h323-call' | 'h323-ras';

export interface Permit {
  readonly transport: 'tcp' | 'udp';
  readonly from: readonly Network[];
  readonly to: readonly Network[];
  /** Null for any port. */
  readonly fromPorts: PortRange | null;
  readonly toPorts: PortRange | null;
  /** Ids of the rules and rows that need it. */
  readonly rules: readonly string[];
  /** What it is for, and the document that says so. */
  readonly what: string;
  readonly helper: Helper | null;
  /** Not needed where the permits before it do: printed as a comment. Says when it is. */
  readonly alternative: string | null;
}

/** Everything that a firewall needs to be told. */
export interface RuleSet {
  readonly title: string;
  readonly permits: readonly Permit[];
  /** Whole sentences: what a list of ports cannot say. */
  readonly notes: readonly string[];
  /** Servers of Windows Media Services 9: their program comes before any port of theirs. */
  readonly windowsServers: readonly string[];
  readonly dcom: readonly DcomSettings[];
}

/** What a server's registry must say before its firewall may be narrow. */
export interface DcomSettings {
  readonly server: string;
  readonly version: '9' | '4.1';
  readonly ports: PortRange;
}

const MOST_RULES_NAMED = 4;

/**
 * The least set: permits for the same target become one, then those from the same sources for the same reason, and what
 * another permit or another network of the same permit covers is left out. Alternatives are left out where a permit covers
 * them, and never cover one.
 */
export function leastPermits(permits: readonly Permit[]): Permit[] {
  const narrow = permits.map((each) => ({
    ...each,
    from: withoutContained(each.from),
    to: withoutContained(each.to),
  }));
  const byTarget = mergeBy(narrow, (permit) => keyOf(permit.to), mergeSources);
  const all = mergeBy(byTarget, ({ from, helper, what }) => `${keyOf(from)} ${helper} ${what}`, mergeTargets);
  return all.filter(
    (permit, at) => !all.some((other, otherAt) => other !== permit && covers(other, permit, otherAt < at)),
  );
}

/** Only what agrees in transport, ports and being an alternative can become one. */
function mergeBy(
  permits: readonly Permit[],
  keyOfPermit: (permit: Permit) => string,
  merge: (one: Permit, other: Permit) => Permit,
): Permit[] {
  const merged = new Map<string, Permit>();
  for (const permit of permits) {
    const { transport, fromPorts, toPorts, alternative } = permit;
    const ports = `${rangeKey(fromPorts)} ${rangeKey(toPorts)}`;
    const key = `${transport} ${ports} ${alternative !== null} ${keyOfPermit(permit)}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? permit : merge(known, permit));
  }
  return [...merged.values()];
}

function mergeSources(one: Permit, other: Permit): Permit {
  return {
    ...one,
    from: withoutContained([...one.from, ...other.from]),
    rules: [...new Set([...one.rules, ...other.rules])],
    helper: one.helper ?? other.helper,
  };
}

function mergeTargets(one: Permit, other: Permit): Permit {
  return {
    ...one,
    to: withoutContained([...one.to, ...other.to]),
    rules: [...new Set([...one.rules, ...other.rules])],
  };
}

/** One line: which rules need it, and what the first of them is for. */
export function commentOf({ rules, what, alternative }: Permit): string {
  const named = rules.slice(0, MOST_RULES_NAMED).join(', ');
  const more = rules.length > MOST_RULES_NAMED ? ` and ${rules.length - MOST_RULES_NAMED} more` : '';
  return `${named}${more}: ${what}${alternative === null ? '' : ` (${alternative})`}`;
}

/** `isFirst` decides between two that cover each other. */
function covers(other: Permit, permit: Permit, isFirst: boolean): boolean {
  if (other.alternative !== null || other.transport !== permit.transport) return false;
  const isWithin =
    holdsRange(other.fromPorts, permit.fromPorts) &&
    holdsRange(other.toPorts, permit.toPorts) &&
    permit.from.every((network) => other.from.some((outer) => contains(outer, network))) &&
    permit.to.every((network) => other.to.some((outer) => contains(outer, network)));
  if (!isWithin) return false;
  // What needs a helper of its own must stay.
  if (permit.helper !== null && permit.helper !== other.helper) return false;
  return (
    isFirst ||
    permit.alternative !== null ||
    !covers({ ...permit, helper: other.helper }, { ...other, helper: null }, true)
  );
}

function holdsRange(outer: PortRange | null, inner: PortRange | null): boolean {
  if (outer === null) return true;
  return inner !== null && outer.first <= inner.first && inner.last <= outer.last;
}

/** Networks that lie in no other one, each once. Blocked clients may be thousands: they are looked up, not compared with each other. */
export function withoutContained(networks: readonly Network[]): Network[] {
  const unique = new Map(networks.map((network) => [formatNetwork(network), network]));
  const lengths = [...new Set(networks.map(({ prefixLength }) => prefixLength))];
  return [...unique.values()].filter(
    (network) => !lengths.some((length) => length < network.prefixLength && unique.has(formatAround(network, length))),
  );
}

/** The network of that length which this one is part of. */
function formatAround({ address }: Network, prefixLength: number): string {
  const masked = address.map((byte, i) => byte & maskByte(prefixLength, i));
  return formatNetwork({ address: masked, prefixLength });
}

function contains(outer: Network, inner: Network): boolean {
  return outer.prefixLength <= inner.prefixLength && networkContains(outer, inner.address);
}

function rangeKey(range: PortRange | null): string {
  return range === null ? '*' : `${range.first}-${range.last}`;
}

function keyOf(networks: readonly Network[]): string {
  return networks.map(formatNetwork).toSorted().join(',');
}

/** Networks of one family; null when there is none of it, `any` when all of it. */
export function familyOf(networks: readonly Network[], version: 4 | 6): 'any' | string[] | null {
  const own = networks.filter(({ address }) => address.length === (version === 4 ? 4 : 16));
  if (own.length === 0) return null;
  return own.some(({ prefixLength }) => prefixLength === 0) ? 'any' : own.map(formatNetwork);
}
