import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalAnalysis } from '../../analysis/local-analysis.ts';
import type { FrameBatch } from '../../capture/frame-batch.ts';
import { openCaptures } from '../../capture/open-captures.ts';
import { formatAddress, formatMac, parseAddress } from '../../format/address.ts';
import { describeGroup } from '../../format/multicast.ts';
import { PacketDecoder } from '../../packet/decode-frame.ts';
import { DecodedPacket } from '../../packet/decoded-packet.ts';
import type { Finding } from '../../verdict/finding.ts';
import { DEFAULT_EVIDENCE, writeEvidence } from '../evidence-capture.ts';
import { REPORT_FORMATS, writeReport } from '../formats.ts';
import { type ReportSource, reportOnCapture } from '../report-source.ts';
import { foldChecksum, sumWords } from './checksum.ts';
import { Disguise } from './disguise.ts';
import { isPublicWord } from './public-words.ts';

const TOOL = { name: 'mediatap', version: '1.2.3' };
const KEY = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1);
const FIXTURES = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disguise-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function captureOf(name: string): string | undefined {
  return readdirSync(join(FIXTURES, name), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith('capture.'))
    .map((entry) => join(FIXTURES, name, entry.name))[0];
}

const scenarios = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const path = captureOf(name);
    return path === undefined ? [] : [{ name, path }];
  });

/** All that a capture says of who and where, as it would stand in text and in bytes. */
interface Originals {
  readonly texts: ReadonlySet<string>;
  readonly bytes: readonly Uint8Array[];
}

async function readOriginals(path: string, source: ReportSource, disguise: Disguise): Promise<Originals> {
  const addresses = new Set<string>();
  const macs = new Set<string>();
  const said: string[] = [];
  await forEachPacket(path, (packet) => {
    const { bytes, destinationMac, sourceMac, sourceAddress, destinationAddress, ipVersion } = packet;
    for (const at of [destinationMac, sourceMac]) if (at >= 0) macs.add(formatMac(bytes, at));
    const length = ipVersion === 4 ? 4 : 16;
    for (const at of [sourceAddress, destinationAddress]) {
      if (at >= 0) addresses.add(formatAddress(bytes.subarray(at, at + length)));
    }
    said.push(Buffer.from(bytes.subarray(packet.payloadStart, packet.payloadEnd)).toString('latin1'));
  });
  const secretAddresses = [...addresses].filter((text) => disguise.pseudonyms.addressText(text) !== text);
  const secretMacs = [...macs].filter((text) => disguise.pseudonyms.macText(text) !== text && !isGroup(text));
  const bytes = [
    ...secretAddresses.flatMap((text) => parseAddress(text) ?? []),
    ...secretMacs.map((text) => Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16))),
  ];
  const words = [...(await namesIn(path, source)), ...said.flatMap(wordsOf)];
  return { texts: new Set([...secretAddresses, ...secretMacs, ...words.filter((word) => !isOurs(word))]), bytes };
}

/** A group's MAC is made of its address; that of a well-known group stays. */
function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** Of the facts, three are in words of our own. */
async function namesIn(path: string, { snapshot, flows }: ReportSource): Promise<string[]> {
  const names = [path];
  for await (const page of flows())
    names.push(...page.flatMap(({ facts: { variant: _, missing: __, loss: ___, ...facts } }) => Object.values(facts)));
  names.push(...snapshot.findings.flatMap((finding) => [finding.id, ...(finding.quotes ?? [])]));
  names.push(...snapshot.captures.flatMap(({ comments }) => comments.map(({ text }) => text)));
  const announced = snapshot.multicast.filter(({ group, name }) => describeGroup(group).name !== name);
  names.push(...announced.map(({ name }) => name ?? ''));
  return names.flatMap((name) => [name, ...wordsOf(name)]);
}

/** Of text in one byte a character and in two, as Windows Media has it. */
function wordsOf(text: string): string[] {
  const plain = text.match(/[!-~]{5,}/g) ?? [];
  const wide = (text.match(/(?:[!-~]\0){5,}/g) ?? []).map((word) => word.replaceAll('\0', ''));
  return [...plain, ...wide].flatMap((word) => [word, ...word.split(/[;,"'()/:@=<>]+/)]);
}

/** Words that our own texts use too: plain English, names of protocols, and what is public. */
function isOurs(word: string): boolean {
  const parts = word.split(/[\s,:;]+/);
  return (
    word.length < 5 ||
    /^[A-Z]?[a-z-]+[.:]?$/.test(word) ||
    parts.every((part) => part === '' || isPublicWord(part) || OURS.has(part))
  );
}

const OURS: ReadonlySet<string> = new Set(
  'RTSPS RTMPT RTMPS client_port server_port HTTP H.323 tcUrl UTF-8 <?xml BitTorrent 239.255.255.250'.split(' '),
);

async function forEachPacket(path: string, take: (packet: DecodedPacket) => void): Promise<void> {
  const frames = await openCaptures([path]);
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  for (let batch: FrameBatch | null = await frames.next(); batch !== null; batch = await frames.next()) {
    for (let i = 0; i < batch.count; i++) {
      decoder.decode(batch, i, packet);
      take(packet);
    }
  }
  await frames.close();
}

async function outputsOf(source: ReportSource, disguise: Disguise, name: string): Promise<Buffer> {
  const outputs: Buffer[] = [];
  for (const format of REPORT_FORMATS) {
    for await (const chunk of writeReport(disguise.source(source), format, 100_000)) outputs.push(Buffer.from(chunk));
  }
  const path = join(folder, `${name}.pcapng`);
  if (source.snapshot.findings.length > 0) {
    await writeEvidence(source, path, { ...DEFAULT_EVIDENCE, disguise });
    outputs.push(readFileSync(path));
  }
  return Buffer.concat(outputs);
}

/** As text in UTF-8 and UTF-16, and as digits in hexadecimal. */
function formsOf(text: string): Buffer[] {
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(Buffer.from(text).toString('hex'))];
}

describe('what leaves the house', () => {
  it.each(scenarios)('of $name holds nothing of who and where', async ({ name, path }) => {
    const analysis = await startLocalAnalysis({ paths: [path] });
    const source = reportOnCapture(analysis, await analysis.finished, TOOL);
    const disguise = new Disguise(KEY, []);
    const { texts, bytes } = await readOriginals(path, source, disguise);
    const output = await outputsOf(source, disguise, name);
    await analysis.close();
    const told = [...texts].filter((text) => formsOf(text).some((form) => output.includes(form)));
    expect(told).toEqual([]);
    const shown = bytes.filter(
      (each) => output.includes(Buffer.from(each)) || output.includes(Buffer.from(each).toString('hex')),
    );
    expect(shown.map((each) => Buffer.from(each).toString('hex'))).toEqual([]);
  });
});

describe('an anonymous evidence capture', () => {
  it('has the pseudonyms of the report, right checksums and the times of the original', async () => {
    const path = join(FIXTURES, 'demo', 'capture.pcapng');
    const analysis = await startLocalAnalysis({ paths: [path] });
    const source = reportOnCapture(analysis, await analysis.finished, TOOL);
    const disguise = new Disguise(KEY, []);
    const evidence = join(folder, 'evidence.pcapng');
    await writeEvidence(source, evidence, { ...DEFAULT_EVIDENCE, disguise });
    const { snapshot } = disguise.source(source);
    await analysis.close();
    const again = await startLocalAnalysis({ paths: [evidence] });
    const { findings, captures } = await again.finished;
    const refused = (list: readonly Finding[]) =>
      list.filter(({ code }) => code === 'tcp-refused').map(({ title }) => title);
    expect(refused(findings)).toEqual(refused(snapshot.findings));
    expect(refused(findings)).toHaveLength(1);
    expect(captures[0]?.comments.some(({ text }) => text.includes('are pseudonyms'))).toBe(true);
    await again.close();
    const checked = await sumsOf(evidence);
    expect(checked.length).toBeGreaterThan(20);
    expect(new Set(checked)).toEqual(new Set([0]));
  });

  it('leaves the networks alone that are to be kept, and everything else is still replaced', async () => {
    const path = join(FIXTURES, 'rtsp-dropped', 'capture.pcap');
    const analysis = await startLocalAnalysis({ paths: [path] });
    const source = reportOnCapture(analysis, await analysis.finished, TOOL);
    const kept = { address: Uint8Array.of(10, 10, 2, 0), prefixLength: 24 };
    const [finding] = new Disguise(KEY, [kept]).source(source).snapshot.findings;
    await analysis.close();
    expect(finding?.title).toContain('to 10.10.2.20:554');
    expect(finding?.title).not.toContain('10.10.1.10');
  });
});

/** What is left of each whole IPv4 header's checksum when it is checked. */
async function sumsOf(path: string): Promise<number[]> {
  const sums: number[] = [];
  await forEachPacket(path, ({ bytes, ipVersion, networkStart }) => {
    if (ipVersion === 4)
      sums.push(foldChecksum(sumWords(bytes, networkStart, networkStart + ((bytes[networkStart] ?? 0) & 15) * 4)));
  });
  return sums;
}
