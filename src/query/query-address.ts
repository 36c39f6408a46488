/** Addresses in a filter expression: `10.10.1.10`, `10.1/16`, `10.1`, `fd00::/8`. */

import { ipv4Number, type Network, networkContains, parseAddress, parseNetwork } from '../format/address.ts';
import type { FieldCondition } from './field-condition.ts';
import { addressOf, ipv4Of, type QueryEnd, type QueryPredicate, type QuerySubject } from './query-subject.ts';

const SHORT_IPV4 = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.?(\/\d+)?$/;
const OCTETS = 4;

/** True for a subject of which one of these ends is within one of the networks. */
export function matchAddress(condition: FieldCondition, ends: readonly QueryEnd[]): QueryPredicate {
  const { comparison, value, fail } = condition;
  if (comparison.startsWith('<') || comparison.startsWith('>')) fail('addresses have no order: use a colon');
  const networks = value
    .split(',')
    .map((part) => parseShortNetwork(part) ?? fail(`'${part}' is not an address or network`));
  const isTextWithin = remember((text) => {
    const address = parseAddress(text);
    return address !== null && networks.some((network) => networkContains(network, address));
  });
  const isIpv4Within = ipv4Test(networks);
  const isWithin = (subject: QuerySubject, end: QueryEnd): boolean => {
    const number = ipv4Of(subject, end);
    return number < 0 ? isTextWithin(addressOf(subject, end)) : isIpv4Within(number);
  };
  const matches: QueryPredicate = (subject) => ends.some((end) => isWithin(subject, end));
  return comparison === '!=' ? (subject) => !matches(subject) : matches;
}

/** Without a text for each address: a hundred thousand flows may have as many hosts. */
function ipv4Test(networks: readonly Network[]): (number: number) => boolean {
  const blocks = networks
    .filter(({ address }) => address.length === OCTETS)
    .map(({ address, prefixLength }) => {
      const size = 2 ** (32 - prefixLength);
      return { size, place: Math.floor(ipv4Number(address) / size) };
    });
  return (number) => blocks.some(({ size, place }) => Math.floor(number / size) === place);
}

/** Few hosts make many flows; beyond this many hosts, the cost of reading an address is paid again. */
const MOST_REMEMBERED = 100_000;

function remember(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = test(text);
    if (answers.size < MOST_REMEMBERED) answers.set(text, answer);
    return answer;
  };
}

/** IPv4 may leave out its last octets: they are then free, unless a prefix length says otherwise. */
function parseShortNetwork(text: string): Network | null {
  const short = SHORT_IPV4.exec(text);
  if (short === null) return parseNetwork(text);
  const octets = (short[1] ?? '').split('.');
  const padded = [...octets, ...Array<string>(OCTETS - octets.length).fill('0')].join('.');
  return parseNetwork(`${padded}${short[2] ?? `/${octets.length * 8}`}`);
}
