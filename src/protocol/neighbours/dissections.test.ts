import { describe, expect, it } from 'vitest';
import { ControlRecord } from '../control-record.ts';
import type { Direction, Dissector, PayloadContext } from '../dissector.ts';
import { dcerpc } from './dcerpc.ts';
import { ftp } from './ftp.ts';
import { srt } from './srt.ts';
import { stun } from './stun.ts';
import { tls } from './tls.ts';

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function textOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** A flow that is fed by hand. */
class Conversation {
  readonly record = new ControlRecord();
  readonly #dissector: Dissector;
  readonly #dissection;
  readonly #port: number;
  #time = 0;

  constructor(dissector: Dissector, port = 40_000) {
    this.#dissector = dissector;
    this.#port = port;
    this.#dissection = dissector.open?.(this.record, this.#context(0, 0));
  }

  say(direction: Direction, bytes: Uint8Array, pieceBytes = bytes.length): this {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.slice(at, at + pieceBytes);
      this.#dissection?.data(piece, 0, piece.length, this.#context(direction, piece.length));
    }
    return this;
  }

  wait(seconds: number): this {
    this.#time += seconds * 1e9;
    return this;
  }

  get isDone(): boolean {
    return this.#dissection?.isDone === true;
  }

  get becomes(): string | null {
    return this.#dissection?.becomes ?? null;
  }

  #context(direction: Direction, wireLength: number): PayloadContext {
    const [sourcePort, destinationPort] = direction === 0 ? [50_000, this.#port] : [this.#port, 50_000];
    const at = { capture: 0, frame: 1, time: this.#time };
    const [transport = 'tcp'] = this.#dissector.transports;
    return { transport, direction, sourcePort, destinationPort, isMulticast: false, wireLength, at };
  }
}

function clientHello(serverName: string): Uint8Array {
  const name = Buffer.from(serverName);
  const sni = Buffer.concat([Buffer.from([0, 0, 0, name.length + 5, 0, name.length + 3, 0, 0, name.length]), name]);
  const alpn = Buffer.from([0, 16, 0, 5, 0, 3, 2, 0x68, 0x32]);
  const extensions = Buffer.concat([sni, alpn]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 1),
    Buffer.from([0, 0, 2, 0x13, 0x01, 1, 0, extensions.length >> 8, extensions.length & 0xff]),
    extensions,
  ]);
  return Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 0xff]), body]);
}

/** Handshake bytes as records of at most `size` bytes. */
function records(handshake: Uint8Array, size = handshake.length): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const part = handshake.subarray(at, at + size);
    parts.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(parts);
}

describe('TLS', () => {
  it('reads the server name over records and segments of any size', () => {
    for (const recordBytes of [10, 40, 500]) {
      for (const segmentBytes of [1, 7, 1000]) {
        const { record } = new Conversation(tls).say(
          0,
          records(clientHello('media.example.org'), recordBytes),
          segmentBytes,
        );
        expect(Object.fromEntries(record.facts)).toEqual({ sni: 'media.example.org', alpn: 'h2' });
      }
    }
  });

  it('is done when both sides have said hello or more', () => {
    const conversation = new Conversation(tls).say(0, records(clientHello('a.example')));
    expect(conversation.isDone).toBe(false);
    const supported = '002b0002 0304';
    conversation.say(1, records(bytesOf(`02 00002e 0303${'22'.repeat(32)}00 1301 00 0006${supported}`)));
    expect(conversation.record.facts.get('version')).toBe('TLS 1.3');
    expect(conversation.isDone).toBe(true);
  });

  it('names RTMPS by its port or by the names of servers that take it', () => {
    expect(new Conversation(tls, 1935).say(0, records(clientHello('live.example.org'))).record.variant).toBe('RTMPS');
    expect(new Conversation(tls, 443).say(0, records(clientHello('a.rtmps.youtube.com'))).record.variant).toBe('RTMPS');
    expect(new Conversation(tls, 443).say(0, records(clientHello('example.org'))).record.variant).toBe('');
  });

  it('tells of an alert that ends it', () => {
    const { record } = new Conversation(tls)
      .say(0, records(clientHello('x.example')))
      .say(1, bytesOf('15 0303 0002 02 70'));
    expect(record.messages.at(-1)).toMatchObject({ direction: 1, name: 'fatal alert', detail: 'unrecognized name' });
  });
});

describe('DCE/RPC', () => {
  const mapper = '0883afe11f5dc91191a408002b14a0fa';
  const bind = `05000b03 10000000 3c00 0000 01000000 b810b810 00000000 01000000 0000 01 00 ${mapper}03000000${'00'.repeat(8)}`;
  const header = (type: string, bytes: number) =>
    `0500${type}03 10000000 ${(bytes & 0xff).toString(16)}00 0000 02000000`;
  const request = `${header('00', 24)} 00000000 0000 0300`;
  const floors = [
    '1300 0d a1010000 0000 0000 c000 000000000046 0000 0200 0000',
    `1300 0d 045d888aeb1cc9119fe808002b104860 0200 0200 0000`,
    '0100 0b 0200 0000',
    '0100 07 0200 c356',
    '0100 09 0400 0a0a0214',
  ].join('');
  const tower = `0500 ${floors}`;

  it('announces the port that the end point mapper gives to an interface', () => {
    const padding = '00'.repeat(24);
    const body = `${padding}${tower}`.replaceAll(' ', '');
    const response = `${header('02', 24 + body.length / 2)} 00000000 0000 0000 ${body}`;
    const { record } = new Conversation(dcerpc)
      .say(0, bytesOf(bind))
      .say(0, bytesOf(request))
      .say(1, bytesOf(response), 9);
    expect(record.facts.get('interface')).toBe('end point mapper');
    expect(record.media).toHaveLength(1);
    expect(record.media[0]?.announcement).toMatchObject({
      protocol: 'dcerpc',
      transport: 'tcp',
      responder: { address: '10.10.2.20', port: 0xc356 },
      sends: 'toResponder',
      how: 'end point mapper',
    });
    expect(record.messages.at(-1)?.detail).toContain('TCP 50006');
  });

  it('takes nothing for an answer of the mapper that answers no such question', () => {
    const body = tower.replaceAll(' ', '');
    const response = `${header('02', 24 + body.length / 2)} 00000000 0000 0000 ${body}`;
    expect(new Conversation(dcerpc).say(0, bytesOf(bind)).say(1, bytesOf(response)).record.media).toEqual([]);
  });
});

describe('FTP', () => {
  it('announces passive and active transfers, and keeps the password to itself', () => {
    const { record } = new Conversation(ftp, 21)
      .say(1, textOf('220 FTP ready\r\n'))
      .say(0, textOf('USER bob\r\nPASS secret\r\nPASV\r\n'), 3)
      .say(1, textOf('227 Entering Passive Mode (10,0,0,2,195,80)\r\n'), 5)
      .say(1, textOf('229 Entering Extended Passive Mode (|||50001|)\r\n'))
      .say(0, textOf('PORT 10,0,0,1,4,1\r\nEPRT |2|fd00::1|5282|\r\n'));
    expect(record.media.map(({ announcement }) => [announcement.initiator, announcement.responder])).toEqual([
      [
        { address: null, port: null },
        { address: '10.0.0.2', port: 50_000 },
      ],
      [
        { address: null, port: null },
        { address: null, port: 50_001 },
      ],
      [
        { address: '10.0.0.1', port: 1025 },
        { address: null, port: null },
      ],
      [
        { address: 'fd00::1', port: 5282 },
        { address: null, port: null },
      ],
    ]);
    expect(JSON.stringify(record.messages)).not.toContain('secret');
  });
});

describe('STUN', () => {
  const request = bytesOf(`00010008 2112a442 ${'01'.repeat(12)} 8022 0004 ${Buffer.from('libx').toString('hex')}`);

  it('tells the software and the first message of each kind', () => {
    const error = bytesOf(
      `01110010 2112a442 ${'01'.repeat(12)} 0009 000c 00000401 ${Buffer.from('Unauthor').toString('hex')}`,
    );
    const { record } = new Conversation(stun).say(0, request).say(0, request).say(1, error);
    expect(record.facts.get('agent')).toBe('libx');
    expect(record.messages.map(({ name, detail }) => [name, detail])).toEqual([
      ['binding request', ''],
      ['binding error', '401 Unauthor'],
    ]);
  });

  it('becomes rtp when media follows on its ports', () => {
    const conversation = new Conversation(stun).say(0, request).say(0, bytesOf('16fefd0000000000000000000401000000'));
    expect(conversation.record.variant).toBe('WebRTC (STUN and DTLS)');
    for (let i = 0; i < 5; i++) {
      expect(conversation.becomes).toBeNull();
      conversation.say(1, bytesOf(`8060 000${i} 0000${i}000 0a0b0c0d ${'55'.repeat(30)}`));
    }
    expect(conversation.becomes).toBe('rtp');
  });
});

describe('SRT', () => {
  const handshake = (type: string, more = '') =>
    bytesOf(
      `80000000 00000000 00000010 00000000 00000005 00000005 00000001 000005dc 00002000 ${type} 12345678 00000000${'00'.repeat(16)}${more}`,
    );

  it('reads the stream that is asked for', () => {
    const { record } = new Conversation(srt)
      .say(0, handshake('00000001'))
      .say(0, handshake('ffffffff', '0005 0002 6576696c 00006d61'));
    expect(record.facts.get('stream')).toBe('liveam');
    expect(record.messages.map((message) => message.name)).toEqual(['induction', 'conclusion']);
    expect(record.clientDirection).toBe(0);
  });

  it('asks with its handshake until somebody answers', () => {
    const conversation = new Conversation(srt).say(0, handshake('00000001')).say(0, handshake('00000001'));
    expect(conversation.record.questions).toMatchObject([{ direction: 0, repetitions: 1, answeredAt: null }]);
    conversation.say(1, handshake('00000001'));
    expect(conversation.record.questions).toMatchObject([{ repetitions: 1, answeredAt: {} }]);
  });

  it('asks anew where it tries again later on the same ports', () => {
    const conversation = new Conversation(srt).say(0, handshake('00000001')).say(1, handshake('00000001'));
    conversation.wait(20).say(0, handshake('00000001')).wait(0.25).say(0, handshake('00000001'));
    expect(conversation.record.questions).toMatchObject([
      { repetitions: 0, repeatedAt: [], answeredAt: {} },
      { repetitions: 1, answeredAt: null },
    ]);
  });

  it('was answered where its caller goes on, though no answer is in the capture', () => {
    const asked = () => new Conversation(srt).say(0, handshake('00000001')).say(0, handshake('00000001'));
    expect(asked().say(0, handshake('ffffffff')).record.questions).toMatchObject([{ answeredAt: {} }]);
    expect(asked().say(0, bytesOf('00000001 c0000001 00000010 12345678 47')).record.questions).toMatchObject([
      { answeredAt: {} },
    ]);
  });

  it('tells why a connection was rejected', () => {
    const { record } = new Conversation(srt).say(0, handshake('ffffffff')).say(1, handshake('000003f2'));
    expect(record.refusals).toMatchObject([{ direction: 1, code: '1010', words: 'bad secret' }]);
  });

  it('is confirmed in mid-stream by control packets to one socket', () => {
    const confirmation = srt.confirm?.();
    const answers = [1, 2, 3, 4, 5].map((i) => {
      const bytes = bytesOf(`80020000 0000000${i} 0000${i}000 0000abcd ${'00'.repeat(28)}`);
      const context = {
        transport: 'udp',
        direction: 0,
        sourcePort: 1,
        destinationPort: 2,
        isMulticast: false,
      } as const;
      return confirmation?.accept(bytes, 0, bytes.length, {
        ...context,
        wireLength: 44,
        at: { capture: 0, frame: i, time: i },
      });
    });
    expect(answers.at(-1)).toBe('yes');
    expect(answers.slice(0, 4)).toEqual(['maybe', 'maybe', 'maybe', 'maybe']);
  });
});
