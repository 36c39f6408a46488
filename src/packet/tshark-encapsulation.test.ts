/** Shows tshark every kind of built frame: it must find the same packet inside, with lengths and checksums that are right. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENCAPSULATIONS, type Encapsulation, IPV6_ENCAPSULATIONS } from '../../fixtures/frames/encapsulations.ts';
import { concat, type Header, numberLe, text } from '../../fixtures/frames/header.ts';
import { ipv4, ipv6 } from '../../fixtures/frames/ip.ts';
import { tcp } from '../../fixtures/frames/transport.ts';

const ORACLE = 'tshark';
const HAS_ORACLE = spawnSync(ORACLE, ['--version']).status === 0;

/** What tshark needs to be told, guesses from MAC addresses that belong to no maker, or does not know. */
const NOT_RECOGNIZED = [
  'MPLS pseudowire',
  'MPLS pseudowire with control word',
  'L2TPv3',
  'tunnel broker',
  'VXLAN on 8472',
  'Cisco HDLC with direction',
  'frame relay with direction',
  'MPLS alone',
  'QinQ 9200',
  'ERSPAN III of packets',
];

const REQUEST = tcp({ sourcePort: 5000, destinationPort: 554 }, text('OPTIONS * RTSP/1.0\r\n\r\n'));
const PACKETS = [
  ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, REQUEST),
  ipv6({ source: 'fd00::1', destination: 'fd00::2' }, REQUEST),
];

function pcap(linkType: number, frames: readonly Header[]): Uint8Array {
  const header = concat(numberLe(0xa1b2c3d4, 4), numberLe(2, 2), numberLe(4, 2), numberLe(0, 8), numberLe(65_535, 4));
  const records = frames.map(({ bytes }) =>
    concat(numberLe(0, 8), numberLe(bytes.length, 4), numberLe(bytes.length, 4), bytes),
  );
  return concat(header, numberLe(linkType, 4), ...records);
}

function askTshark(file: string): string[] {
  const fields = ['tcp.dstport', 'tcp.len', 'tcp.checksum.status', '_ws.malformed'].flatMap((name) => ['-e', name]);
  const options = ['-n', '-r', file, '-o', 'tcp.check_checksum:TRUE', '-T', 'fields', '-E', 'separator=/s', ...fields];
  return spawnSync(ORACLE, options, { encoding: 'utf8' }).stdout.trim().split('\n');
}

describe.skipIf(!HAS_ORACLE)('a built frame', () => {
  const all: readonly (Encapsulation & { readonly packets: readonly Header[] })[] = [
    ...ENCAPSULATIONS.map((one) => ({ ...one, packets: PACKETS })),
    ...IPV6_ENCAPSULATIONS.map((one) => ({ ...one, packets: PACKETS.slice(1) })),
  ];
  const linkTypes = [...new Set(all.map((one) => one.linkType))];

  it.each(linkTypes)('of link type %i is what tshark takes it for', (linkType) => {
    const folder = mkdtempSync(join(tmpdir(), 'frames-'));
    try {
      const shown = all.filter((one) => one.linkType === linkType && !NOT_RECOGNIZED.includes(one.name));
      const frames = shown.flatMap((one) =>
        one.packets.map((packet) => ({ name: one.name, bytes: one.wrap(packet, false) })),
      );
      writeFileSync(
        join(folder, 'frames.pcap'),
        pcap(
          linkType,
          frames.map((frame) => frame.bytes),
        ),
      );
      const rows = askTshark(join(folder, 'frames.pcap'));
      expect(frames.map(({ name }, i) => `${name}: ${rows[i]?.trim()}`)).toEqual(
        frames.map(({ name }) => `${name}: 554 22 1`),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
