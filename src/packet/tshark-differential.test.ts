/** Holds every frame of every capture that is there against what tshark says of it. */

import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openCaptures } from '../capture/open-captures.ts';
import { formatAddressAt, formatMac } from '../format/address.ts';
import { PacketDecoder } from './decode-frame.ts';
import { DecodedPacket } from './decoded-packet.ts';

const CAPTURES = fileURLToPath(new URL('../../../shared/captures/', import.meta.url));
const FOLDERS = ['formats', 'protocols', 'broken'];
/** Of the recordings of plain Ethernet those with fragments, VLANs and a remote span are enough. */
const MORE_FILES = [
  'lab/13d-mmsu-udp-ok-fakeserver.pcap',
  'lab/20a-span-vlan110.pcap',
  'lab/20e-span-erspan-type2.pcap',
  'lab/18-rtsp-udp-ipv6-ok.pcap',
];
const ORACLE = 'tshark';
const HAS_ORACLE = spawnSync(ORACLE, ['--version']).status === 0;

/** Files, or single frames of them, that are told differently on purpose. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'formats/bigtcp-ipv6.pcap': 'payload length 0 without a jumbo option: tshark 4.0 stops, the frame tells the length',
  'protocols/IPv6_RTSP.cap': 'IPv6 straight in UDP to a tunnel broker, which tshark shows as data',
  'protocols/pim-packet-assortment.pcap': 'null registers carry the header of no packet, which tshark shows as one',
  'formats/vxlan.pcap': 'ARP in VXLAN is left to the outer flow, MAC addresses included',
  'broken/bad-ipv4-version-pgm-heapoverflow.pcap': 'EtherType of IPv4 before version 6: not taken for IPv6',
  'broken/kday1.pcap': 'EtherType of IPv4 before version 6: not taken for IPv6',
  'broken/ipv4-internally-truncated-header.pcap': 'options cut: tshark stops before the destination address',
  'broken/ipv6_39_byte_header.pcap': 'header cut: tshark shows the source address all the same',
  'broken/rtp-seg-fault-1.pcapng': 'IP length beyond the frame: the payload is no longer than the frame',
  'broken/bootp_asan.pcap': 'IP length beyond the frame: the payload is no longer than the frame',
  'broken/tcp-malformed.pcap': 'header longer than its packet: tshark gives no payload length',
  'broken/tcp_header_heapoverflow.pcap': 'header cut: tshark gives no payload length',
  'broken/udp-length-heapoverflow.pcap': 'header cut: tshark gives no payload length',
};
/** Captures whose frames tshark counts or reads otherwise: what differs is not in the packets. */
const OTHER_FRAMES = [
  'formats/ng_be_test202.pcapng',
  'formats/ng_le_test018.pcapng',
  'formats/ng_le_test102.pcapng',
  'broken/fuzz.pcap',
];

const FIELDS = [
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.len',
  'tcp.seq_raw',
  'udp.srcport',
  'udp.dstport',
  'udp.length',
  'eth.src',
  'wlan.sa',
  'ieee8021ad.id',
  'vlan.id',
] as const;

type Fields = Record<(typeof FIELDS)[number], string>;

const run = promisify(execFile);

async function askTshark(file: string): Promise<string[]> {
  const options = ['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=a', ...FIELDS.flatMap((name) => ['-e', name])];
  const limits = { maxBuffer: 1 << 28 };
  // A damaged file ends with an error after the frames that could be read.
  const { stdout } = await run(ORACLE, options, limits).catch((error: { stdout: string }) => error);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => describeRow(line.split('\t')));
}

function describeRow(columns: readonly string[]): string {
  const fields = Object.fromEntries(FIELDS.map((name, i) => [name, columns[i] ?? ''])) as Fields;
  // What an ICMP error quotes comes after it in all fields.
  const [own = ''] = fields['frame.protocols'].split(/:icmp(?:v6)?(?::|$)/);
  const protocols = own.split(':');
  const network = protocols.findLast((name) => name === 'ip' || name === 'ipv6') ?? '';
  const after = protocols.slice(protocols.lastIndexOf(network) + 1);
  const transport = network === '' ? '' : (after.find((name) => name === 'tcp' || name === 'udp') ?? '');
  const pick = (field: keyof Fields, protocol: string): string =>
    fields[field].split(',')[protocols.filter((name) => name === protocol).length - 1] ?? '';
  const macs = hasOwnLink(protocols, network) ? [lastOf(fields['eth.src']), fields['wlan.sa']] : [];
  const parts = [...macs, fields['ieee8021ad.id'], fields['vlan.id']];
  if (network === 'ip') parts.push(pick('ip.src', 'ip'), pick('ip.dst', 'ip'), pick('ip.ttl', 'ip'));
  if (network === 'ipv6') parts.push(pick('ipv6.src', 'ipv6'), pick('ipv6.dst', 'ipv6'), pick('ipv6.hlim', 'ipv6'));
  if (transport === 'tcp') {
    parts.push(
      'tcp',
      pick('tcp.srcport', 'tcp'),
      pick('tcp.dstport', 'tcp'),
      pick('tcp.len', 'tcp'),
      pick('tcp.seq_raw', 'tcp'),
    );
  }
  if (transport === 'udp') {
    parts.push(
      'udp',
      pick('udp.srcport', 'udp'),
      pick('udp.dstport', 'udp'),
      String(Number(pick('udp.length', 'udp')) - 8),
    );
  }
  return withoutGaps(parts);
}

/** False for a packet that another one carries straight: the MAC addresses around both are those of the outer one. */
function hasOwnLink(protocols: readonly string[], network: string): boolean {
  const before = protocols.slice(0, protocols.lastIndexOf(network));
  const outer = before.findLastIndex((name) => name === 'ip' || name === 'ipv6');
  return before.findLastIndex((name) => name === 'eth' || name === 'wlan') >= outer;
}

function describePacket(packet: DecodedPacket): string {
  const vlans = [packet.outerVlan, packet.innerVlan].filter((vlan) => vlan >= 0).join(' ');
  const parts = [packet.destinationMac >= 0 ? formatMac(packet.bytes, packet.sourceMac) : '', vlans];
  if (packet.ipVersion !== 0) {
    const length = packet.ipVersion === 4 ? 4 : 16;
    parts.push(formatAddressAt(packet.bytes, packet.sourceAddress, length));
    parts.push(formatAddressAt(packet.bytes, packet.destinationAddress, length), String(packet.ttl));
  }
  // A first fragment is the same to tshark as those after it.
  if (packet.transportStart < 0 || packet.isFragment || !(packet.isTcp || packet.isUdp)) return withoutGaps(parts);
  parts.push(packet.isTcp ? 'tcp' : 'udp', String(packet.sourcePort), String(packet.destinationPort));
  parts.push(String(packet.payloadLength));
  if (packet.isTcp) parts.push(String(packet.tcpSequence >>> 0));
  return withoutGaps(parts);
}

async function decodeFile(file: string): Promise<string[]> {
  const source = await openCaptures([file]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  const rows: string[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let i = 0; i < batch.count; i++) {
      decoder.decode(batch, i, packet);
      rows.push(describePacket(packet));
    }
  }
  await source.close();
  return rows;
}

/** Absent fields leave no trace, and two tags of one kind look like those of two kinds. */
function withoutGaps(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replaceAll(',', ' ');
}

function lastOf(list: string): string {
  return list.split(',').at(-1) ?? '';
}

function listFiles(): string[] {
  const found = FOLDERS.flatMap((folder) => readdirSync(`${CAPTURES}${folder}`).map((name) => `${folder}/${name}`));
  return [...found, ...MORE_FILES].filter(
    (file) => /\.(pcap|pcapng|cap|trace|snoop|erf|gz|zst)$/.test(file) && !OTHER_FRAMES.includes(file),
  );
}

describe.skipIf(!HAS_ORACLE || !existsSync(CAPTURES))('every packet is what tshark says it is', () => {
  const files = existsSync(CAPTURES) ? listFiles() : [];
  it.concurrent.each(files)('%s', async (file) => {
    const expected = await askTshark(CAPTURES + file);
    const decoded = await decodeFile(CAPTURES + file).catch(() => []);
    const differing = decoded.flatMap((row, i) => (row === expected[i] ? [] : [`${i + 1}: ${row} | ${expected[i]}`]));
    if (KNOWN_DIFFERENCES[file] === undefined) expect(differing).toEqual([]);
    else expect(differing).not.toEqual([]);
  });
});
