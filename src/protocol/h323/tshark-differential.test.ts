/** Holds the H.323 messages of real captures against what tshark says of the same frames. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, replaySharedCapture } from '../../../test/replay-capture.ts';
import type { ControlRecord } from '../control-record.ts';
import { h323H245 } from './h323-h245.ts';
import { h323Q931 } from './h323-q931.ts';
import { h323Ras } from './h323-ras.ts';

const ORACLE = 'tshark';
const CAPTURES = fileURLToPath(new URL('../../../../shared/captures/', import.meta.url));
const canCompare = hasSharedCaptures && spawnSync(ORACLE, ['--version']).status === 0;

/** Frames whose message tshark 4.0 gives up. */
const UNREAD_BY_ORACLE: Readonly<Record<string, readonly number[]>> = { 'protocols/h323.pcap': [59, 65] };
const FIELDS = ['_ws.col.Info', 'h225.h245Ip', 'h225.h245IpPort', 'h245.ip4_network', 'h245.tsapIdentifier'];

interface Told {
  readonly names: readonly string[];
  readonly endpoints: readonly string[];
}

function askOracle(path: string): Map<number, Told> {
  const columns = ['frame.number', ...FIELDS].flatMap((field) => ['-e', field]);
  const args = ['-r', CAPTURES + path, '-Y', 'h225 || h245', '-T', 'fields', '-E', 'occurrence=a', ...columns];
  const told = new Map<number, Told>();
  for (const line of spawnSync(ORACLE, args, { encoding: 'utf8' }).stdout.trim().split('\n')) {
    const [frame, info = '', ...columnsOfAddresses] = line.split('\t');
    const [h225Ip, h225Port, h245Ip, h245Port] = columnsOfAddresses.map((column) => column.split(',').filter(Boolean));
    const addresses = [...(h225Ip ?? []), ...(h245Ip ?? [])];
    const ports = [...(h225Port ?? []), ...(h245Port ?? [])];
    const names = info.replace(/^(CS|RAS): /, '').replaceAll(/ \([^)]*\)/g, '');
    told.set(Number(frame), {
      names: names.trim().split(' '),
      endpoints: addresses.map((address, i) => `${address}:${ports[i]}`),
    });
  }
  return told;
}

async function askOurselves(path: string): Promise<{ told: Map<number, Told>; records: ControlRecord[] }> {
  const told = new Map<number, Told>();
  const records: ControlRecord[] = [];
  for (const dissector of [h323Ras, h323Q931, h323H245]) {
    for (const { record } of await replaySharedCapture(path, dissector)) {
      records.push(record);
      for (const { at, name, detail } of record.messages) {
        const known = told.get(at.frame) ?? { names: [], endpoints: [] };
        const isAboutMedia = /^H\.245|connect$/.test(name);
        told.set(at.frame, {
          names: [...known.names, name.replace(/^\S+ /, '')],
          endpoints: isAboutMedia ? [...known.endpoints, ...(detail.match(/[\d.]+:\d+/g) ?? [])] : known.endpoints,
        });
      }
    }
  }
  return { told, records };
}

describe.skipIf(!canCompare)('H.323 as tshark reads it', () => {
  it.each([
    ['protocols/h323.pcap', 34],
    ['protocols/h323_rtp_example.raw.gz', 15],
    ['lab/15-h323-call-ok-synthetic.pcap', 13],
  ])('names the messages and endpoints of %s', async (path, frames) => {
    const oracle = askOracle(path);
    const { told } = await askOurselves(path);
    for (const frame of UNREAD_BY_ORACLE[path] ?? []) {
      expect(told.get(frame)?.names).toHaveLength(1);
      oracle.delete(frame);
      told.delete(frame);
    }
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(oracle));
    expect(told.size).toBe(frames - (UNREAD_BY_ORACLE[path]?.length ?? 0));
  });

  it('tells the parties and products that stand in the messages', async () => {
    const { records } = await askOurselves('protocols/h323.pcap');
    const values = (name: string) =>
      records.map((record) => record.facts.get(name)).filter((value) => value !== undefined);
    expect(values('aliases')).toEqual(['5295672', '20203@am.sol, 2098']);
    expect(values('gatekeeper')).toEqual(['OpenH323 Gatekeeper on mfottekin', 'am-vcs-0']);
    expect(values('caller')).toEqual(['5295672', 'm.jemec', 'ABILIS CPX 2000', '5295672']);
    expect(values('agent')).toContain('Callgen323 pogacsam 0.9alpha4');
    expect(values('codec')).toEqual(['PCMA']);
  });
});
