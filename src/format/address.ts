/** Addresses as text and back: IPv4 dotted, IPv6 canonical (RFC 5952), MAC, and networks in CIDR form. */

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
const IPV6_GROUPS = 8;
const MAC_BYTES = 6;

export function formatIpv4(bytes: ArrayLike<number>, offset: number): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

/** RFC 5952: lower case, no leading zeros, the longest (then first) run of two or more zero groups shortened. */
export function formatIpv6(bytes: Uint8Array, offset: number): string {
  const groups: number[] = [];
  for (let i = 0; i < IPV6_GROUPS; i++) groups.push(groupAt(bytes, offset + 2 * i));
  if (isMappedIpv4(groups)) return `::ffff:${formatIpv4(bytes, offset + IPV6_BYTES - IPV4_BYTES)}`;

  const run = longestZeroRun(groups);
  if (run.length < 2) return joinGroups(groups);
  return `${joinGroups(groups.slice(0, run.start))}::${joinGroups(groups.slice(run.start + run.length))}`;
}

export function formatMac(bytes: Uint8Array, offset: number): string {
  const parts: string[] = [];
  for (let i = 0; i < MAC_BYTES; i++) parts.push((bytes[offset + i] ?? 0).toString(16).padStart(2, '0'));
  return parts.join(':');
}

/** The address of `length` bytes (4 or 16) that stands at `offset`. */
export function formatAddressAt(bytes: Uint8Array, offset: number, length: number): string {
  return length === IPV4_BYTES ? formatIpv4(bytes, offset) : formatIpv6(bytes, offset);
}

/** An address of 4 or 16 bytes. */
export function formatAddress(bytes: Uint8Array): string {
  return formatAddressAt(bytes, 0, bytes.length);
}

/** 4 or 16 bytes; null for anything but one whole address without zone. Strict: no octal, no short dotted forms. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Four bytes as one unsigned number. */
export function ipv4Number(address: Uint8Array): number {
  return address.reduce((number, octet) => number * 256 + octet, 0);
}

/** An address block; bits of `address` beyond `prefixLength` are 0. */
export interface Network {
  readonly address: Uint8Array;
  readonly prefixLength: number;
}

/** `10.0.0.0/8`, `fd00::/8`, or an address alone for just that host; bits beyond the prefix are dropped. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = address.length * 8;
  const prefixLength = slash < 0 ? bits : parseDecimal(text.slice(slash + 1), bits);
  if (prefixLength === null) return null;
  for (let i = 0; i < address.length; i++) address[i] = (address[i] ?? 0) & maskByte(prefixLength, i);
  return { address, prefixLength };
}

/** `10.0.0.0/8`; the address alone for just one host. */
export function formatNetwork({ address, prefixLength }: Network): string {
  const text = formatAddress(address);
  return prefixLength === address.length * 8 ? text : `${text}/${prefixLength}`;
}

/** False when the families differ. */
export function networkContains(network: Network, address: Uint8Array): boolean {
  if (network.address.length !== address.length) return false;
  const last = Math.ceil(network.prefixLength / 8);
  for (let i = 0; i < last; i++) {
    if (((address[i] ?? 0) & maskByte(network.prefixLength, i)) !== network.address[i]) return false;
  }
  return true;
}

/** 224.0.0.0/4 and ff00::/8; broadcast is not multicast. */
export function isMulticast(address: Uint8Array): boolean {
  const first = address[0] ?? 0;
  return address.length === IPV4_BYTES ? first >> 4 === 14 : first === 0xff;
}

/** RFC 1918, shared (RFC 6598), unique local (RFC 4193) and link-local space: never reachable from elsewhere. */
export function isPrivate(address: Uint8Array): boolean {
  return PRIVATE_NETWORKS.some((network) => networkContains(network, address));
}

const PRIVATE_NETWORKS: readonly Network[] = [
  { address: Uint8Array.of(10, 0, 0, 0), prefixLength: 8 },
  { address: Uint8Array.of(172, 16, 0, 0), prefixLength: 12 },
  { address: Uint8Array.of(192, 168, 0, 0), prefixLength: 16 },
  { address: Uint8Array.of(100, 64, 0, 0), prefixLength: 10 },
  { address: Uint8Array.of(169, 254, 0, 0), prefixLength: 16 },
  { address: Uint8Array.of(0xfc, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), prefixLength: 7 },
  { address: Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), prefixLength: 10 },
];

function groupAt(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** ::ffff:0:0/96, which RFC 5952 section 5 writes in dotted form. */
function isMappedIpv4(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

function joinGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

/** Decimal digits without sign or leading zero, not above `most`; else null. */
function parseDecimal(text: string, most: number): number | null {
  if (!/^(0|[1-9][0-9]{0,2})$/.test(text)) return null;
  const value = Number(text);
  return value <= most ? value : null;
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== IPV4_BYTES) return null;
  const bytes = new Uint8Array(IPV4_BYTES);
  for (const [i, part] of parts.entries()) {
    const value = parseDecimal(part, 255);
    if (value === null) return null;
    bytes[i] = value;
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves[1] === undefined ? [] : parseGroups(halves[1], true);
  if (head === null || tail === null) return null;
  const isWhole = halves.length === 1 ? head.length === IPV6_BYTES : head.length + tail.length <= IPV6_BYTES - 2;
  if (!isWhole) return null;
  const bytes = new Uint8Array(IPV6_BYTES);
  bytes.set(head);
  bytes.set(tail, IPV6_BYTES - tail.length);
  return bytes;
}

/** The bytes of colon-separated groups; the last may be a dotted IPv4 address where that can stand at the end. */
function parseGroups(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [i, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const dotted = isEnd && i === groups.length - 1 ? parseIpv4(group) : null;
    if (dotted === null) return null;
    bytes.push(...dotted);
  }
  return bytes;
}

/** Bits of byte `index` that lie within the first `prefixLength` bits. */
export function maskByte(prefixLength: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefixLength - 8 * index));
  return (0xff << (8 - bits)) & 0xff;
}
