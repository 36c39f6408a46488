/** PIM version 2, RFC 7761 section 4.9 and RFC 5059 section 4: which trees routers build, between whom. */

import { readUint8 } from '../../bytes/read.ts';
import { formatIpv4, formatIpv6 } from '../../format/address.ts';
import { PimReader } from './pim-reader.ts';

/** `rp`: a rendezvous point for a range of groups. `data`: the packet that a register carries. */
interface PimGroup {
  readonly kind: 'join' | 'prune' | 'register' | 'register-stop' | 'assert' | 'rp' | 'state-refresh';
  /** Address, with its mask where it is a range. */
  readonly group: string;
  /** Sources, or the rendezvous point where the tree is the shared one. */
  readonly source: string;
  /** True where `source` is the rendezvous point (the WC bit). */
  readonly isShared: boolean;
}

export interface PimMessage {
  /** `hello`, `join/prune`. */
  readonly name: string;
  readonly version: number;
  /** Bounded. */
  readonly groups: readonly PimGroup[];
  /** Seconds; null where the message has none. */
  readonly holdTimeSeconds: number | null;
  /** Upstream neighbour of a join/prune, bootstrap router, rendezvous point of an advertisement; null in others. */
  readonly router: string | null;
}

const HEADER_BYTES = 4;
const MOST_GROUPS = 200;
const HOLD_TIME_OPTION = 1;
const REGISTER_HEADER_BYTES = 8;

const TYPE_NAMES = [
  'hello',
  'register',
  'register-stop',
  'join/prune',
  'bootstrap',
  'assert',
  'graft',
  'graft acknowledgement',
  'candidate rendezvous point',
  'state refresh',
  'designated forwarder election',
] as const;

/** The message in the payload of IP protocol 103; null when it is cut, of another version or type. */
export function readPim(bytes: Uint8Array, start: number, end: number): PimMessage | null {
  if (end - start < HEADER_BYTES) return null;
  const version = readUint8(bytes, start) >> 4;
  const type = TYPE_NAMES[readUint8(bytes, start) & 0x0f];
  if (version !== 2 || type === undefined) return null;
  const groups: PimGroup[] = [];
  const reader = new PimReader(bytes, start + HEADER_BYTES, end);
  const told = readBody(type, reader, groups, bytes, start, end);
  return { name: type, version, groups, holdTimeSeconds: told.holdTimeSeconds ?? null, router: told.router ?? null };
}

interface Told {
  readonly holdTimeSeconds?: number | null;
  readonly router?: string | null;
}

function readBody(
  type: (typeof TYPE_NAMES)[number],
  reader: PimReader,
  groups: PimGroup[],
  bytes: Uint8Array,
  start: number,
  end: number,
): Told {
  switch (type) {
    case 'hello':
      return { holdTimeSeconds: readHelloHoldTime(reader) };
    case 'register':
      readRegistered(bytes, start + REGISTER_HEADER_BYTES, end, groups);
      return {};
    case 'join/prune':
    case 'graft':
    case 'graft acknowledgement':
      return readJoinPrune(reader, groups);
    case 'bootstrap':
      return readBootstrap(reader, groups);
    case 'candidate rendezvous point':
      return readCandidate(reader, groups);
    case 'register-stop':
    case 'assert':
    case 'state refresh':
      readGroupAndSource(type === 'state refresh' ? 'state-refresh' : type, reader, groups);
      return {};
    default:
      return {};
  }
}

function readHelloHoldTime(reader: PimReader): number | null {
  while (reader.left >= 4) {
    const option = reader.uint16();
    const length = reader.uint16();
    if (option === HOLD_TIME_OPTION && length === 2) return reader.left >= 2 ? reader.uint16() : null;
    reader.skip(length);
  }
  return null;
}

/** The packet inside, or its header alone (a null register). */
function readRegistered(bytes: Uint8Array, start: number, end: number, groups: PimGroup[]): void {
  const version = start < end ? readUint8(bytes, start) >> 4 : 0;
  if (version === 4 && start + 20 <= end) {
    groups.push(register(formatIpv4(bytes, start + 16), formatIpv4(bytes, start + 12)));
  } else if (version === 6 && start + 40 <= end) {
    groups.push(register(formatIpv6(bytes, start + 24), formatIpv6(bytes, start + 8)));
  }
}

function register(group: string, source: string): PimGroup {
  return { kind: 'register', group, source, isShared: false };
}

function readGroupAndSource(kind: PimGroup['kind'], reader: PimReader, groups: PimGroup[]): void {
  const group = reader.group();
  const source = reader.unicast();
  if (group !== null && source !== null) groups.push({ kind, group, source, isShared: false });
}

function readJoinPrune(reader: PimReader, groups: PimGroup[]): Told {
  const router = reader.unicast();
  reader.skip(1);
  const groupCount = reader.uint8();
  const holdTimeSeconds = reader.uint16();
  for (let i = 0; i < groupCount && groups.length < MOST_GROUPS; i++) {
    const group = reader.group();
    const joined = reader.uint16();
    const pruned = reader.uint16();
    for (let j = 0; j < joined + pruned && groups.length < MOST_GROUPS; j++) {
      const source = reader.source();
      if (group === null || source === null) return { holdTimeSeconds, router };
      groups.push({ kind: j < joined ? 'join' : 'prune', group, source: source.address, isShared: source.isShared });
    }
  }
  return { holdTimeSeconds, router };
}

function readBootstrap(reader: PimReader, groups: PimGroup[]): Told {
  reader.skip(4);
  const router = reader.unicast();
  while (reader.left > 0 && groups.length < MOST_GROUPS) {
    const group = reader.group();
    reader.skip(1);
    const points = reader.uint8();
    reader.skip(2);
    for (let i = 0; i < points && groups.length < MOST_GROUPS; i++) {
      const source = reader.unicast();
      if (group === null || source === null) return { router };
      reader.skip(4);
      groups.push({ kind: 'rp', group, source, isShared: true });
    }
  }
  return { router };
}

function readCandidate(reader: PimReader, groups: PimGroup[]): Told {
  const prefixes = reader.uint8();
  reader.skip(1);
  const holdTimeSeconds = reader.uint16();
  const router = reader.unicast();
  for (let i = 0; i < prefixes && groups.length < MOST_GROUPS; i++) {
    const group = reader.group();
    if (group === null || router === null) break;
    groups.push({ kind: 'rp', group, source: router, isShared: true });
  }
  return { holdTimeSeconds, router };
}
