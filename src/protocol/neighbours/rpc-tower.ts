/** Protocol towers of DCE/RPC, The Open Group C706 appendix L: the floors that lead to an end point. */

import { readUint8, readUint16, readUint16Le, readUint32, readUint32Le } from '../../bytes/read.ts';
import { formatIpv4 } from '../../format/address.ts';

/** Where an interface listens on TCP. */
export interface Tower {
  /** Its name, or its UUID. */
  readonly service: string;
  /** Null when the tower leaves it open. */
  readonly address: string | null;
  readonly port: number;
}

const UUID_FLOOR = 0x0d;
const TCP_FLOOR = 0x07;
const IP_FLOOR = 0x09;
const MOST_FLOORS = 8;

export const MAPPER_INTERFACE = 'end point mapper';

const INTERFACES: ReadonlyMap<string, string> = new Map([
  ['e1af8308-5d1f-11c9-91a4-08002b14a0fa', MAPPER_INTERFACE],
  ['99fcfec4-5260-101b-bbcb-00aa0021347a', 'DCOM object resolver'],
  ['000001a0-0000-0000-c000-000000000046', 'DCOM activation'],
  ['00000143-0000-0000-c000-000000000046', 'DCOM remote unknown'],
  ['4d9f4ab8-7d1c-11cf-861e-0020af6e7c57', 'DCOM activation (old)'],
  ['367abb81-9844-35f1-ad32-98f038001003', 'service control'],
  ['12345778-1234-abcd-ef00-0123456789ab', 'LSA'],
  ['12345778-1234-abcd-ef00-0123456789ac', 'SAM'],
  ['12345678-1234-abcd-ef00-01234567cffb', 'Netlogon'],
  ['e3514235-4b06-11d1-ab04-00c04fc2dcd2', 'directory replication'],
]);

/** Name of the interface whose UUID stands at `offset`, else the UUID; empty when it is cut. */
export function readInterface(bytes: Uint8Array, offset: number, end: number): string {
  if (offset + 16 > end) return '';
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const first = hex(readUint32Le(bytes, offset), 8);
  const second = hex(readUint16Le(bytes, offset + 4), 4);
  const third = hex(readUint16Le(bytes, offset + 6), 4);
  const fourth = hex(readUint16(bytes, offset + 8), 4);
  const last = hex(readUint16(bytes, offset + 10), 4) + hex(readUint32(bytes, offset + 12), 8);
  const uuid = `${first}-${second}-${third}-${fourth}-${last}`;
  return INTERFACES.get(uuid) ?? uuid;
}

/**
 * Towers in the answer of the mapper. They are searched for by their first floor rather than reached through the pointers
 * before them, whose alignment differs between 32- and 64-bit transfer syntaxes.
 */
export function readTowers(bytes: Uint8Array, start: number, end: number, most: number): Tower[] {
  const towers: Tower[] = [];
  for (let at = start; at + 5 <= end && towers.length < most; at++) {
    const floors = readUint16Le(bytes, at);
    const isFirstFloor = readUint16Le(bytes, at + 2) === 19 && readUint8(bytes, at + 4) === UUID_FLOOR;
    if (floors < 4 || floors > MOST_FLOORS || !isFirstFloor) continue;
    const tower = readTower(bytes, at, end, floors);
    if (tower !== null) towers.push(tower);
  }
  return towers;
}

/** A floor is two counted halves: the protocol's identifier with its data, and where it listens. */
function readTower(bytes: Uint8Array, start: number, end: number, floors: number): Tower | null {
  const service = readInterface(bytes, start + 5, end);
  let port = 0;
  let address: string | null = null;
  let at = start + 2;
  for (let floor = 0; floor < floors; floor++) {
    if (at + 2 > end) return null;
    const right = at + 2 + readUint16Le(bytes, at);
    const protocol = readUint8(bytes, at + 2);
    if (right + 2 > end) return null;
    const value = right + 2;
    at = value + readUint16Le(bytes, right);
    if (at > end) return null;
    if (protocol === TCP_FLOOR && at - value === 2) port = readUint16(bytes, value);
    if (protocol === IP_FLOOR && at - value === 4 && readUint32(bytes, value) !== 0) address = formatIpv4(bytes, value);
  }
  return port === 0 ? null : { service, address, port };
}
