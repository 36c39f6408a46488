/** What is shown of control channels against tshark's fields on the same frames. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ControlRecord } from '../src/protocol/control-record.ts';
import type { Dissector } from '../src/protocol/dissector.ts';
import { mms } from '../src/protocol/mms/mms.ts';
import { nameMessage } from '../src/protocol/mms/mms-commands.ts';
import { TO_CLIENT, TO_SERVER } from '../src/protocol/mms/mms-message.ts';
import { rtmp } from '../src/protocol/rtmp/rtmp.ts';
import { rtsp } from '../src/protocol/rtsp/rtsp.ts';
import { askTshark, hasTshark } from './ask-tshark.ts';
import { hasSharedCaptures, replayCapture } from './replay-capture.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const SHARED = fileURLToPath(new URL('../../shared/captures/', import.meta.url));

function present(...paths: readonly string[]): string[] {
  return hasSharedCaptures ? [...paths] : paths.filter((path) => path.startsWith(FIXTURES));
}

async function recordsOf(path: string, dissector: Dissector): Promise<ControlRecord[]> {
  return (await replayCapture(path, dissector)).map(({ record }) => record);
}

interface Message {
  readonly frame: number;
  readonly name: string;
  readonly detail: string;
}

/** In order of frames; within one, in that of its bytes. */
async function messagesOf(path: string, dissector: Dissector): Promise<Message[]> {
  const messages = (await recordsOf(path, dissector)).flatMap((record) => record.messages);
  return messages
    .map(({ at, name, detail }) => ({ frame: at.frame, name, detail }))
    .toSorted((one, other) => one.frame - other.frame);
}

/** Where the oracle tells no detail, ours is not compared. */
function expectTheSame(ours: readonly Message[], theirs: readonly Message[]): void {
  const compared = ours.map((one, i) => (theirs[i]?.detail === '' ? { ...one, detail: '' } : one));
  expect(compared).toEqual(theirs);
  expect(theirs.length).toBeGreaterThan(0);
}

function factsOf(records: readonly ControlRecord[], name: string): string[] {
  return records.flatMap(({ facts }) => facts.get(name) ?? []);
}

describe.skipIf(!hasTshark)('RTMP as tshark reads it', () => {
  const captures = present(
    `${SHARED}lab/07-rtmp-publish-play-ok.pcap`,
    `${SHARED}protocols/rtmp_sample.cap`,
    `${FIXTURES}recorded-rtmp-ok/capture.pcap`,
    `${FIXTURES}rtmp-name-in-use/capture.pcap`,
    `${FIXTURES}rtmp-rejected/capture.pcap`,
  );
  /** `play('cam')`. */
  const CALL = /^(@?\w+)\((?:'(.*)')?\)$/;
  /** FLV 10.1 annex E.4. */
  const CODECS: Readonly<Record<string, string>> = { '7': 'H.264', '10': 'AAC' };

  it.each(captures)('names the calls of %s with stream, application and status', async (path) => {
    const theirs = askTshark(path, 'rtmpt', ['frame.number', '_ws.col.Info']).flatMap(([frame = [], infos = []]) =>
      infos.flatMap((info) => {
        const [, name, detail = ''] = CALL.exec(info.trim()) ?? [];
        // What an encoder sets goes by its own name here.
        return name === undefined
          ? []
          : [{ frame: Number(frame[0]), name: name.replace('@setDataFrame', 'onMetaData'), detail }];
      }),
    );
    const ours = (await messagesOf(path, rtmp))
      .filter(({ name }) => /^\|?\w+$/.test(name) && name !== 'handshake')
      .map((message) => ({
        ...message,
        name: message.name.replace('|', ''),
        detail: message.detail.replace(/ \(.*/, ''),
      }));
    expectTheSame(ours, theirs);
  });

  it.each(captures)('tells the application, URL, player and codecs of %s', async (path) => {
    const records = await recordsOf(path, rtmp);
    const connects = askTshark(path, 'amf.string == "connect"', ['amf.string']).map(([texts = []]) => texts);
    for (const [fact, member] of [
      ['app', 'app'],
      ['tcUrl', 'tcUrl'],
      ['agent', 'flashVer'],
    ] as const) {
      expect(factsOf(records, fact)).toEqual(
        connects.filter((texts) => texts.includes(member)).map((texts) => texts[texts.indexOf(member) + 1]),
      );
    }
    for (const kind of ['video', 'audio'] as const) {
      const field = `rtmpt.${kind}.format`;
      const streams = new Map<string, string>();
      for (const [stream = [], formats = []] of askTshark(path, field, ['tcp.stream', field]))
        if (!streams.has(stream[0] ?? '')) streams.set(stream[0] ?? '', CODECS[formats[0] ?? ''] ?? '');
      expect(factsOf(records, `${kind}Codec`)).toEqual([...streams.values()]);
    }
  });
});

describe.skipIf(!hasTshark)('MMS as tshark reads it', () => {
  const captures = present(
    `${SHARED}lab/13c-mms-tcp-ok-fakeserver.pcap`,
    `${SHARED}lab/13d-mmsu-udp-ok-fakeserver.pcap`,
    `${FIXTURES}mms-over-udp/capture.pcap`,
    `${FIXTURES}mms-refused/capture.pcap`,
  );
  const FIELDS = [
    'frame.number',
    'to-server-id',
    'to-client-id',
    'player-info',
    'client-transport-info',
    'server-file',
  ];

  it.each(captures)('names the messages of %s with player, transport and file', async (path) => {
    const fields = FIELDS.map((name) => (name === 'frame.number' ? name : `msmms.command.${name}`));
    const theirs = askTshark(path, 'msmms.command', fields).flatMap(
      ([frame = [], requests = [], reports = [], ...texts]) => {
        const names = [
          ...requests.map((id) => nameMessage(TO_SERVER, Number(id))),
          ...reports.map((id) => nameMessage(TO_CLIENT, Number(id))),
        ];
        return names.map((name) => ({ frame: Number(frame[0]), name, detail: texts.flat().join(' ') }));
      },
    );
    expectTheSame(await messagesOf(path, mms), theirs);
  });

  it.each(captures)('tells the server and the refusals of %s', async (path) => {
    const records = await recordsOf(path, mms);
    const versions = askTshark(path, 'msmms.command.server-version', ['msmms.command.server-version']).flat(2);
    expect(factsOf(records, 'server')).toEqual(versions);
    // It shows the results of some reports only.
    const field = 'msmms.command.prefix1-error-code';
    const results = askTshark(path, field, ['frame.number', field]).map(([frame = [], codes = []]) => ({
      frame: Number(frame[0]),
      code: Number(codes[0]),
    }));
    const told = records
      .flatMap(({ refusals }) => refusals.map(({ at, code }) => ({ frame: at.frame, code: Number(code) })))
      .filter(({ frame }) => results.some((result) => result.frame === frame));
    expect(told).toEqual(results.filter(({ code }) => code >= 0x8000_0000));
  });
});

describe.skipIf(!hasTshark)('RTSP as tshark reads it', () => {
  const captures = present(
    `${SHARED}lab/01-rtsp-udp-ok.pcap`,
    `${SHARED}lab/02-rtsp-tcp-interleaved-ok.pcap`,
    `${SHARED}lab/03a-rtsp-udp-dropped-fallback-clientside.pcap`,
    `${SHARED}lab/18-rtsp-udp-ipv6-ok.pcap`,
    `${SHARED}protocols/rtsp_short.pcap`,
    `${FIXTURES}rtsp-not-enough-bandwidth/capture.pcap`,
    `${FIXTURES}recorded-rtsp-transport-refused/capture.pcap`,
  );

  it.each(captures)('names the messages of %s with URL, status and transport', async (path) => {
    const fields = ['frame.number', 'rtsp.method', 'rtsp.status', 'rtsp.url', 'rtsp.transport'];
    const theirs = askTshark(path, 'rtsp.method || rtsp.status', fields).flatMap(
      ([frame = [], methods = [], codes = [], urls = [], transports = []]) =>
        [...methods, ...codes].map((name) => ({
          frame: Number(frame[0]),
          name,
          detail: transports[0] ?? urls[0] ?? '',
        })),
    );
    const ours = (await messagesOf(path, rtsp)).map((one) => ({ ...one, name: one.name.replace(/^(\d{3}) .*/, '$1') }));
    expectTheSame(ours, theirs);
  });
});
