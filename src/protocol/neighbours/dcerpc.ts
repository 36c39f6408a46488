/**
 * DCE/RPC over TCP, The Open Group C706 chapter 12, and the end point mapper's answers (appendix O) that name the port of
 * an interface: the dynamic ports of DCOM.
 */

import { readUint8, readUint16, readUint16Le, readUint32Le } from '../../bytes/read.ts';
import { type ControlRecord, keep } from '../control-record.ts';
import { type Direction, type Dissection, type PayloadContext, type Recognition, TO_INITIATOR } from '../dissector.ts';
import { eachByte } from '../first-bytes.ts';
import { type ItemReader, ItemStream } from '../text/item-stream.ts';
import { nameProtocol } from './neighbour.ts';
import { MAPPER_INTERFACE, readInterface, readTowers, type Tower } from './rpc-tower.ts';

const HEADER_BYTES = 16;
const MAJOR_VERSION = 5;
const LARGEST_FRAGMENT = 65_535;
const LAST_TYPE = 19;
const TYPE = { request: 0, response: 2, fault: 3, bind: 11, bindAck: 12, bindNak: 13, alterContext: 14 } as const;
const MAP_OPERATION = 3;
const MOST_TOWERS = 32;
const MOST_MAP_CALLS = 64;
/** In a bind: behind its sizes, its group, and the heads of its list and of the first entry. */
const INTERFACE_OFFSET = 32;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [TYPE.fault, 'fault'],
  [TYPE.bind, 'bind'],
  [TYPE.bindAck, 'bind acknowledgement'],
  [TYPE.bindNak, 'bind refusal'],
]);

function isHeader(bytes: Uint8Array, start: number): boolean {
  const isVersion5 = readUint8(bytes, start) === MAJOR_VERSION && readUint8(bytes, start + 1) <= 1;
  const order = readUint8(bytes, start + 4);
  const isRepresentation = (order === 0x10 || order === 0x00) && readUint16(bytes, start + 6) === 0;
  return (
    isVersion5 && isRepresentation && readUint8(bytes, start + 2) <= LAST_TYPE && readUint8(bytes, start + 5) === 0
  );
}

function readLength(bytes: Uint8Array, start: number): number {
  const isLittleEndian = readUint8(bytes, start + 4) === 0x10;
  return isLittleEndian ? readUint16Le(bytes, start + 8) : readUint16(bytes, start + 8);
}

function recognizeDcerpc(bytes: Uint8Array, start: number, end: number): Recognition {
  if (end - start < HEADER_BYTES) return 'no';
  const authentication = readUint16Le(bytes, start + 10);
  const length = readLength(bytes, start);
  return isHeader(bytes, start) && length >= HEADER_BYTES && authentication < length ? 'yes' : 'no';
}

/** Cuts fragments and reads those that bind interfaces and answer the mapper; what they carry otherwise is not looked at. */
class DcerpcDissection implements Dissection {
  readonly #record: ControlRecord;
  readonly #streams: readonly [ItemStream, ItemStream];
  /** Calls to the mapper that wait for their answer; bounded by clearing. */
  readonly #mapCalls = new Set<number>();
  readonly #announced = new Set<number>();
  #isMapper = false;
  #isBound = false;
  #context: PayloadContext;

  constructor(record: ControlRecord, context: PayloadContext) {
    this.#record = record;
    this.#context = context;
    const reader: ItemReader = {
      readItem: (bytes, start, end) => this.#readFragment(bytes, start, end),
      cutItem: () => {},
      loseTrack: () => {},
    };
    this.#streams = [new ItemStream(reader, LARGEST_FRAGMENT), new ItemStream(reader, LARGEST_FRAGMENT)];
  }

  get isDone(): boolean {
    return this.#isBound && !this.#isMapper;
  }

  data(bytes: Uint8Array, start: number, end: number, context: PayloadContext): void {
    this.#context = context;
    this.#streams[context.direction].feed(bytes, start, end);
  }

  gap(direction: Direction, length: number): void {
    this.#streams[direction].gap(length);
  }

  #readFragment(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < HEADER_BYTES) return 0;
    const length = readLength(bytes, start);
    // Out of step: what is there is dropped, and the next segment begins with a header more often than not.
    if (!isHeader(bytes, start) || length < HEADER_BYTES) return end - start;
    const type = readUint8(bytes, start + 2);
    const isWanted =
      type === TYPE.bind || type === TYPE.alterContext || type === TYPE.request || type === TYPE.response;
    if (isWanted && (this.#isMapper || type >= TYPE.bind) && end - start < length) return -length;
    this.#readMessage(bytes, start, Math.min(end, start + length), type);
    return length;
  }

  #readMessage(bytes: Uint8Array, start: number, end: number, type: number): void {
    const { at, direction } = this.#context;
    const name = TYPE_NAMES.get(type);
    if (type === TYPE.bind || type === TYPE.alterContext) this.#readBind(bytes, start, end);
    else if (name !== undefined) this.#record.message(at, direction, name);
    if (!this.#isMapper) return;
    const call = readUint32Le(bytes, start + 12);
    if (type === TYPE.request && readUint16Le(bytes, start + 22) === MAP_OPERATION) {
      if (this.#mapCalls.size >= MOST_MAP_CALLS) this.#mapCalls.clear();
      this.#mapCalls.add(call);
    }
    if (type === TYPE.response && this.#mapCalls.delete(call)) {
      for (const tower of readTowers(bytes, start + 24, end, MOST_TOWERS)) this.#announce(tower);
    }
  }

  #readBind(bytes: Uint8Array, start: number, end: number): void {
    const { at, direction } = this.#context;
    const bound = readInterface(bytes, start + INTERFACE_OFFSET, end);
    this.#isBound = true;
    this.#isMapper ||= bound === MAPPER_INTERFACE;
    this.#record.clientDirection ??= direction;
    this.#record.message(at, direction, 'bind', bound);
    this.#record.fact('interface', bound);
  }

  #announce(tower: Tower): void {
    if (this.#announced.has(tower.port)) return;
    this.#announced.add(tower.port);
    const { at, direction } = this.#context;
    const mapped = { address: tower.address, port: tower.port };
    const caller = { address: null, port: null };
    const isServerResponder = direction === TO_INITIATOR;
    this.#record.message(at, direction, 'end point', `${tower.service} on TCP ${tower.port}`);
    this.#record.announce({
      at: keep(at),
      protocol: 'dcerpc',
      transport: 'tcp',
      initiator: isServerResponder ? caller : mapped,
      responder: isServerResponder ? mapped : caller,
      sends: isServerResponder ? 'toResponder' : 'toInitiator',
      isMulticast: false,
      ttl: null,
      how: 'end point mapper',
      media: '',
      formats: [],
      mayBeSilent: true,
      certainty: 'parsed',
    });
  }
}

export const dcerpc = nameProtocol('dcerpc', 'DCE/RPC', ['tcp'], recognizeDcerpc, {
  firstBytes: { tcp: eachByte(MAJOR_VERSION) },
  open: (record, context) => new DcerpcDissection(record, context),
});
