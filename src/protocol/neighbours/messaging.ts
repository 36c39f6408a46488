/** Messages between programs: MQTT (OASIS 5.0 section 3.1), AMQP (version header) and Sun RPC (RFC 5531 section 9). */

import { readUint8, readUint32, startsWithAscii } from '../../bytes/read.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Dissection, PayloadContext, Recognition } from '../dissector.ts';
import { eachByte, firstBytesOf } from '../first-bytes.ts';
import { matchOpening, nameProtocol } from './neighbour.ts';

const CONNECT = 0x10;
const AMQP = 'AMQP';
const MQTT_NAMES = ['\0\x04MQTT', '\0\x06MQIsdp'];

/** A connect packet: its length in one to four bytes of seven bits, then the counted name of the protocol. */
function recognizeMqtt(bytes: Uint8Array, start: number, end: number): Recognition {
  if (readUint8(bytes, start) !== CONNECT) return 'no';
  let name = start + 1;
  while (name < start + 4 && readUint8(bytes, name) >= 0x80) name++;
  return matchOpening(bytes, name + 1, end, MQTT_NAMES) === 'yes' ? 'yes' : 'no';
}

/** The name, then protocol 0 (or TLS, SASL) and a version of 0.9 or 1.0. */
function recognizeAmqp(bytes: Uint8Array, start: number, end: number): Recognition {
  const isOpening = end - start >= 8 && startsWithAscii(bytes, start, end, AMQP);
  return isOpening && readUint8(bytes, start + 4) <= 3 && readUint8(bytes, start + 5) <= 1 ? 'yes' : 'no';
}

/** Of the record mark's first byte (section 11). */
const LAST_FRAGMENT = 0x80;
const CALL = 0;
const REPLY = 1;
const RPC_VERSION = 2;
const FIRST_PROGRAM = 100_000;
const LAST_PROGRAM = 0x5fffffff;
const LARGEST_CREDENTIALS = 400;
const CALL_BYTES = 40;

const PROGRAMS: ReadonlyMap<number, string> = new Map([
  [100_000, 'portmap'],
  [100_003, 'NFS'],
  [100_005, 'mount'],
  [100_021, 'NFS lock manager'],
  [100_024, 'NFS status'],
]);

/** Offset of the message: over TCP behind a record mark (section 11) that is the last of its message. */
function findRpcMessage(bytes: Uint8Array, start: number, end: number, context: PayloadContext): number {
  if (context.transport === 'udp') return start;
  const mark = readUint32(bytes, start);
  return mark >>> 31 === 1 && (mark & 0x7fffffff) >= end - start - 4 ? start + 4 : -1;
}

/** A call tells its program and version; replies prove nothing by themselves. */
function recognizeSunRpc(bytes: Uint8Array, start: number, end: number, context: PayloadContext): Recognition {
  const message = findRpcMessage(bytes, start, end, context);
  if (message < 0 || end - message < CALL_BYTES) return 'no';
  const isCall = readUint32(bytes, message + 4) === CALL && readUint32(bytes, message + 8) === RPC_VERSION;
  const program = readUint32(bytes, message + 12);
  const isProgram = program >= FIRST_PROGRAM && program <= LAST_PROGRAM && readUint32(bytes, message + 16) <= 20;
  const credentials = readUint32(bytes, message + 28);
  return isCall && isProgram && credentials <= LARGEST_CREDENTIALS && credentials % 4 === 0 ? 'yes' : 'no';
}

class SunRpcDissection implements Dissection {
  isDone = false;
  readonly #record: ControlRecord;

  constructor(record: ControlRecord) {
    this.#record = record;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    const message = findRpcMessage(bytes, start, end, context);
    if (message < 0 || end - message < CALL_BYTES || readUint32(bytes, message + 4) === REPLY) return;
    const program = readUint32(bytes, message + 12);
    this.#record.fact('program', PROGRAMS.get(program) ?? String(program));
    this.isDone = true;
  }
}

export const mqtt = nameProtocol('mqtt', 'MQTT', ['tcp'], recognizeMqtt, { firstBytes: { tcp: eachByte(CONNECT) } });
export const amqp = nameProtocol('amqp', 'AMQP', ['tcp'], recognizeAmqp, { firstBytes: { tcp: firstBytesOf([AMQP]) } });
export const sunRpc = nameProtocol('sunrpc', 'Sun RPC', ['udp', 'tcp'], recognizeSunRpc, {
  firstBytes: { tcp: [[LAST_FRAGMENT, 0xff]] },
  laterBytes: { udp: { 4: eachByte(CALL) } },
  open: (record) => new SunRpcDissection(record),
});
