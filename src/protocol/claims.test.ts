import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CaptureError } from '../capture/frame-batch.ts';
import { openCaptures } from '../capture/open-captures.ts';
import { formatAddressAt, isMulticast } from '../format/address.ts';
import { PacketDecoder } from '../packet/decode-frame.ts';
import { DecodedPacket } from '../packet/decoded-packet.ts';
import { ControlRecord } from './control-record.ts';
import type { Confirmation, Direction, Dissection, Dissector, PayloadContext } from './dissector.ts';
import { DISSECTORS } from './registry.ts';

const CAPTURES = '../shared/captures';
/** Folders, and how many flows must be named at least, so that silence is no success. */
const FEWEST_AGREED: Readonly<Record<string, number>> = { protocols: 300, formats: 60, blocked: 10, broken: 3 };
/** TCP segments are looked at alone here, so only the first few can begin a message. */
const MOST_SEGMENTS = 6;
const MOST_DATAGRAMS = 128;

/** Ids that may stand where another analyser says this, and why where the names differ. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  bvlc: ['bacnet'],
  classicstun: ['stun'],
  'db-lsp-disc': ['dropbox-lan'],
  // STUN opens the flow, DTLS agrees on keys, and then it carries SRTP.
  dtls: ['dtls', 'stun', 'rtp'],
  gquic: ['quic'],
  h225: ['h323-ras'],
  h245: ['h323-h245'],
  mp2t: ['mpegts'],
  // Windows Media Player's HTTP streaming is HTTP; SSH on port 80 is named by its port there.
  http: ['http', 'mmsh', 'ssh'],
  q931: ['h323-q931'],
  rpc: ['sunrpc'],
  rtmpt: ['rtmp', 'rtmpt'],
  // HTTP on port 5060 is named by its port there.
  sip: ['sip', 'http'],
  // MySQL greets in clear before it encrypts.
  tls: ['tls', 'mysql'],
  tpkt: ['iso-tsap'],
  udt: ['srt'],
  wg: ['wireguard'],
  // FEC of SMPTE 2022-1 taken for Aruba's discovery, by its port.
  adp: ['rtp'],
};

interface ExpectedFlow {
  readonly transport: string;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly protocol: string;
  readonly protocol_with_rtp_heuristic?: string;
}

/** What the recognizers make of one flow, payload by payload. */
class Flow {
  dissector: Dissector | null = null;
  readonly #confirmations = new Map<Dissector, Confirmation>();
  #dissection: Dissection | null = null;
  #payloads = 0;

  get id(): string | null {
    return this.#dissection?.becomes ?? this.dissector?.id ?? null;
  }

  look(packet: DecodedPacket, context: PayloadContext): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    this.#payloads++;
    if (this.dissector === null) this.#recognize(bytes, payloadStart, payloadEnd, context);
    else if (this.#dissection?.isDone === true) return;
    if (context.transport === 'udp') this.#dissection?.data(bytes, payloadStart, payloadEnd, context);
  }

  #recognize(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    if (this.#payloads > (context.transport === 'tcp' ? MOST_SEGMENTS : MOST_DATAGRAMS)) return;
    for (const dissector of DISSECTORS.filter((candidate) => candidate.transports.includes(context.transport))) {
      let recognition = dissector.recognize(bytes, start, end, context);
      if (recognition === 'maybe' && dissector.confirm !== undefined && !this.#confirmations.has(dissector)) {
        this.#confirmations.set(dissector, dissector.confirm());
      }
      recognition = this.#confirmations.get(dissector)?.accept(bytes, start, end, context) ?? recognition;
      if (recognition !== 'yes') continue;
      this.dissector = dissector;
      this.#dissection = dissector.open?.(new ControlRecord(), context) ?? null;
      return;
    }
  }
}

function endpoints(packet: DecodedPacket): [string, string] {
  const length = packet.ipVersion === 4 ? 4 : 16;
  const source = `${formatAddressAt(packet.bytes, packet.sourceAddress, length)} ${packet.sourcePort}`;
  return [source, `${formatAddressAt(packet.bytes, packet.destinationAddress, length)} ${packet.destinationPort}`];
}

function destinationOf(packet: DecodedPacket): Uint8Array {
  const start = packet.destinationAddress;
  return packet.bytes.slice(start, start + (packet.ipVersion === 4 ? 4 : 16));
}

/** Identities by transport and both endpoints, in order. */
async function identify(path: string): Promise<Map<string, string>> {
  const flows = new Map<string, Flow>();
  const source = await openCaptures([path]).catch((error: unknown) => {
    if (error instanceof CaptureError) return null;
    throw error;
  });
  if (source === null) return new Map();
  const decoder = new PacketDecoder();
  const packet = new DecodedPacket();
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    for (let index = 0; index < batch.count; index++) {
      decoder.decode(batch, index, packet);
      if ((!packet.isTcp && !packet.isUdp) || packet.payloadEnd <= packet.payloadStart) continue;
      const transport = packet.isTcp ? 'tcp' : 'udp';
      const ends = endpoints(packet);
      const direction: Direction = flows.has(`${transport} ${ends[1]} ${ends[0]}`) ? 1 : 0;
      const key = direction === 1 ? `${transport} ${ends[1]} ${ends[0]}` : `${transport} ${ends[0]} ${ends[1]}`;
      const flow = flows.get(key) ?? new Flow();
      flows.set(key, flow);
      flow.look(packet, {
        transport,
        direction,
        sourcePort: packet.sourcePort,
        destinationPort: packet.destinationPort,
        isMulticast: isMulticast(destinationOf(packet)),
        wireLength: packet.payloadLength,
        at: { capture: 0, frame: batch.numbers[index] ?? 0, time: index },
      });
    }
  }
  await source.close();
  return new Map([...flows].flatMap(([key, flow]) => (flow.id === null ? [] : [[key, flow.id]])));
}

/** What is wrong with the claim for a flow, or null. */
function objection(flow: ExpectedFlow, claim: string): string | null {
  const allowed = SAME[flow.protocol] ?? [flow.protocol];
  if (allowed.includes(claim)) return null;
  const isStreaming = DISSECTORS.find((dissector) => dissector.id === claim)?.isStreaming === true;
  if (flow.protocol === '' && (!isStreaming || flow.protocol_with_rtp_heuristic === claim)) return null;
  return `${claim} for ${flow.protocol === '' ? 'an unknown flow' : flow.protocol}`;
}

function expectedFlows(folder: string, name: string): readonly ExpectedFlow[] {
  const path = join(CAPTURES, 'expected', folder, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).flows ?? []) : [];
}

describe.skipIf(!existsSync(CAPTURES))('what the recognizers claim of real captures', () => {
  it.each(Object.keys(FEWEST_AGREED))('agrees with another analyser on every flow of %s', async (folder) => {
    const objections: string[] = [];
    let agreed = 0;
    for (const name of readdirSync(join(CAPTURES, folder))) {
      const claims = await identify(join(CAPTURES, folder, name));
      for (const flow of expectedFlows(folder, name)) {
        const [source, destination] = [`${flow.src} ${flow.sport}`, `${flow.dst} ${flow.dport}`];
        const claim =
          claims.get(`${flow.transport} ${source} ${destination}`) ??
          claims.get(`${flow.transport} ${destination} ${source}`);
        const wrong = claim === undefined ? null : objection(flow, claim);
        if (wrong !== null) objections.push(`${name}: ${source} > ${destination}: ${wrong}`);
        else if (claim !== undefined) agreed++;
      }
    }
    expect(objections).toEqual([]);
    expect(agreed).toBeGreaterThanOrEqual(FEWEST_AGREED[folder] ?? 0);
  });

  it('agrees with the makers of the lab, on every flow that shows its protocol', async () => {
    const wrong: string[] = [];
    for (const file of readdirSync(join(CAPTURES, 'lab', 'truth'))) {
      const name = basename(file, '.json');
      const claims = await identify(join(CAPTURES, 'lab', `${name}.pcap`));
      const { flows } = JSON.parse(readFileSync(join(CAPTURES, 'lab', 'truth', file), 'utf8'));
      for (const { l4, src, sport, dst, dport, protocol } of flows) {
        const claim =
          claims.get(`${l4} ${src} ${sport} ${dst} ${dport}`) ?? claims.get(`${l4} ${dst} ${dport} ${src} ${sport}`);
        if (claim !== undefined && claim !== protocol) wrong.push(`${name}: ${protocol} taken for ${claim}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
