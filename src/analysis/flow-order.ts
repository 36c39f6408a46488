/** Puts flows in order by one of their columns, quickly enough that a hundred thousand of them follow a key. */

import { VERDICTS, type Verdict } from '../verdict/finding.ts';
import type { FlowCase } from '../verdict/flow-case.ts';
import type { FlowEnds } from './flow-ends.ts';
import { placesInOrder } from './key-order.ts';
import type { FlowSortKey } from './snapshot.ts';

const PORTS = 0x10000;
/** Behind every IPv4 address with its port. */
const FIRST_OTHER = 2 ** 32 * PORTS;

export interface FlowOrder {
  readonly sort: FlowSortKey;
  readonly descending: boolean;
}

/** What the flows themselves don't tell, or not as quickly. */
export interface OrderFacts {
  readonly ends: Pick<FlowEnds, 'address' | 'ipv4' | 'port'>;
  readonly verdictOf: (flow: FlowCase) => Verdict;
}

/** Those that have the same key stay in the order in which they are given. */
export function inOrder(
  flows: readonly FlowCase[],
  { sort, descending }: FlowOrder,
  facts: OrderFacts,
): readonly FlowCase[] {
  const order = placesInOrder(keysOf(flows, sort, facts), descending);
  const ordered = new Array<FlowCase>(flows.length);
  for (let place = 0; place < ordered.length; place++) ordered[place] = flows[order[place] as number] as FlowCase;
  return ordered;
}

/** A number for each flow: numbers are compared many times faster than texts. */
function keysOf(flows: readonly FlowCase[], sort: FlowSortKey, { ends, verdictOf }: OrderFacts): Float64Array {
  switch (sort) {
    case 'id':
      return numbersOf(flows, (flow) => flow.id);
    case 'verdict':
      return numbersOf(flows, (flow) => VERDICTS.indexOf(verdictOf(flow)));
    case 'protocol':
      return ranksOf(flows.map((flow) => flow.label));
    case 'initiator':
      return endpointKeys(flows, 0, ends);
    case 'responder':
      return endpointKeys(flows, 1, ends);
    case 'packets':
      return numbersOf(flows, ({ packets }) => packets[0] + packets[1]);
    case 'bytes':
      return numbersOf(flows, ({ bytes }) => bytes[0] + bytes[1]);
    case 'firstTime':
      return numbersOf(flows, (flow) => flow.firstTime);
    case 'lastTime':
      return numbersOf(flows, ({ lastTimes }) => Math.max(lastTimes[0], lastTimes[1]));
  }
}

/** Filled one by one: made from an iterator, an array takes longer than its order. */
function numbersOf<T>(items: readonly T[], numberOf: (item: T) => number): Float64Array {
  const numbers = new Float64Array(items.length);
  for (let place = 0; place < numbers.length; place++) numbers[place] = numberOf(items[place] as T);
  return numbers;
}

/** The place of each text among them. */
function ranksOf(texts: readonly string[]): Float64Array {
  const ranks = new Map([...new Set(texts)].sort().map((text, rank) => [text, rank]));
  return numbersOf(texts, (text) => ranks.get(text) ?? 0);
}

/** IPv4 addresses by number and all others by their text, then by port. */
function endpointKeys(flows: readonly FlowCase[], end: 0 | 1, ends: OrderFacts['ends']): Float64Array {
  const keys = numbersOf(flows, (flow) => ends.ipv4(flow, end) * PORTS + ends.port(flow, end));
  const others = flows.flatMap((flow, place) => (ends.ipv4(flow, end) < 0 ? [{ flow, place }] : []));
  const ranks = ranksOf(others.map(({ flow }) => ends.address(flow, end)));
  for (const [index, { flow, place }] of others.entries()) {
    keys[place] = FIRST_OTHER + (ranks[index] as number) * PORTS + ends.port(flow, end);
  }
  return keys;
}
