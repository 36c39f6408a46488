/** What the codes of ICMP and ICMPv6 errors say (RFC 792, RFC 1812, RFC 4443). */

import type { IcmpCase } from './flow-case.ts';

const ICMP_UNREACHABLE = 3;
const ICMPV6_UNREACHABLE = 1;

/** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const ICMP_CODES: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  5: 'source route failed',
  6: 'network unknown',
  7: 'host unknown',
  8: 'source host isolated',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  11: 'network unreachable for this type of service',
  12: 'host unreachable for this type of service',
  13: 'communication administratively prohibited',
  14: 'host precedence violation',
  15: 'precedence cutoff in effect',
};
const ICMP_PROHIBITED: readonly number[] = [9, 10, 13];

/** RFC 4443 section 3.1. */
const ICMPV6_CODES: Readonly<Record<number, string>> = {
  0: 'no route to destination',
  1: 'communication administratively prohibited',
  2: 'beyond scope of source address',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address failed policy',
  6: 'route rejected',
  7: 'error in source routing header',
};
const ICMPV6_PROHIBITED: readonly number[] = [1, 5, 6];

/** Of a packet that routers passed on until it could go no farther; code 1 is about fragments. */
const TIME_EXCEEDED = 'hop limit exceeded in transit';
const ICMP_TIME_EXCEEDED = 11;
const ICMPV6_TIME_EXCEEDED = 3;

type Said = Pick<IcmpCase, 'version' | 'type' | 'code'>;

export function isUnreachable({ version, type, code }: Said): boolean {
  if (version === 6) return type === ICMPV6_UNREACHABLE && code in ICMPV6_CODES;
  return type === ICMP_UNREACHABLE && code in ICMP_CODES;
}

export function isTimeExceeded({ version, type, code }: Said): boolean {
  return type === (version === 6 ? ICMPV6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED) && code === 0;
}

/** Whether the packet that it quotes was dropped for good: a redirect passes it on, and one that is too big is sent again in parts. */
export function isUndelivered(error: Said): boolean {
  return isUnreachable(error) || isTimeExceeded(error);
}

export function isProhibited({ version, code }: Said): boolean {
  return (version === 6 ? ICMPV6_PROHIBITED : ICMP_PROHIBITED).includes(code);
}

/** No answer on the host's own link, as far as the words of the error go. */
export function isHostUnreachable({ version, code }: Said): boolean {
  return version === 6 ? code === 3 : code === 1;
}

/** Only the host itself knows its ports: from anyone else it is the answer of a rule that rejects. */
export function isPortUnreachable({ version, code }: Said): boolean {
  return version === 6 ? code === 4 : code === 3;
}

export function wordsOf(error: Said): string {
  if (isTimeExceeded(error)) return TIME_EXCEEDED;
  return (error.version === 6 ? ICMPV6_CODES : ICMP_CODES)[error.code] ?? 'unreachable';
}

/** `ICMP 3/13 communication administratively prohibited`. */
export function nameOf(error: Said): string {
  return `${numberOf(error)} ${wordsOf(error)}`;
}

/** `ICMP 3/13`. */
export function numberOf({ version, type, code }: Said): string {
  return `${version === 6 ? 'ICMPv6' : 'ICMP'} ${type}/${code}`;
}
