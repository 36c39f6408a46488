import { describe, expect, it } from 'vitest';
import { DecodedPacket, TCP_FLAG } from '../packet/decoded-packet.ts';
import { ConnectionMeter } from './connection-meter.ts';

const MS = 1e6;
/** The side that sends the media, and the one that receives it. */
const SERVER = 0;
const PLAYER = 1;
const LENGTH = 1000;
/** Near the end of the numbers, so that every test crosses it. */
const FIRST = 0xffffff00 | 0;

class Conversation {
  readonly meter = new ConnectionMeter();
  readonly #packet = new DecodedPacket();

  /** The `index`th segment of the media. */
  data(index: number, timeMs: number): this {
    return this.#send(SERVER, timeMs, (FIRST + index * LENGTH) | 0, LENGTH, 0, 500);
  }

  /** The player has all before the `index`th. */
  acknowledge(index: number, timeMs: number, window = 500): this {
    return this.#send(PLAYER, timeMs, 1, 0, (FIRST + index * LENGTH) | 0, window);
  }

  ask(timeMs: number, nth: number): this {
    return this.#send(PLAYER, timeMs, nth * 100, 100, FIRST, 500);
  }

  get media() {
    return this.meter.sides[SERVER];
  }

  #send(side: 0 | 1, timeMs: number, sequence: number, length: number, acknowledgement: number, window: number): this {
    const packet = this.#packet;
    packet.tcpFlags = acknowledgement === 0 ? 0 : TCP_FLAG.ack;
    packet.tcpSequence = sequence;
    packet.tcpAcknowledgement = acknowledgement;
    packet.tcpWindow = window;
    packet.payloadLength = length;
    this.meter.segment(packet, side, timeMs * MS);
    return this;
  }
}

describe('ConnectionMeter', () => {
  it('counts data, and how soon it is acknowledged', () => {
    const conversation = new Conversation();
    for (let i = 0; i < 10; i++) conversation.data(i, i * 40).acknowledge(i + 1, i * 40 + 12 + i);
    expect(conversation.media).toMatchObject({
      segments: 10,
      bytes: 10_000,
      sentAgain: 0,
      filledLate: 0,
      roundTrips: 10,
    });
    expect(conversation.media.minRoundTripMs).toBe(12);
    expect(conversation.media.sumRoundTripMs).toBe(165);
  });

  it('tells what was lost behind this point from what was lost before it', () => {
    const behind = new Conversation()
      .data(0, 0)
      .data(1, 1)
      .data(2, 2)
      .acknowledge(1, 10)
      .data(1, 250)
      .acknowledge(3, 260);
    expect(behind.media).toMatchObject({ sentAgain: 1, filledLate: 0, bytes: 3000 });
    const before = new Conversation().data(0, 0).data(2, 2).acknowledge(1, 10).data(1, 250).acknowledge(3, 260);
    expect(before.media).toMatchObject({ sentAgain: 0, filledLate: 1, bytes: 3000 });
    expect(before.media.holes.notCaptured).toBe(0);
  });

  it('takes what is overtaken for no loss', () => {
    const { media } = new Conversation().data(0, 0).data(2, 1).data(1, 1.5).data(3, 2);
    expect(media).toMatchObject({ overtaken: 1, filledLate: 0, sentAgain: 0, bytes: 4000 });
  });

  it('knows what only the capture lacks', () => {
    const { media } = new Conversation().data(0, 0).data(3, 1).acknowledge(4, 20);
    expect(media.holes.notCaptured).toBe(2000);
    expect(media).toMatchObject({ filledLate: 0, sentAgain: 0 });
  });

  it('fills one hole after the other, from any end', () => {
    const conversation = new Conversation().data(0, 0).data(5, 1).data(7, 2);
    for (const index of [3, 1, 6, 4, 2]) conversation.data(index, 300);
    conversation.acknowledge(8, 320);
    expect(conversation.media).toMatchObject({ filledLate: 5, sentAgain: 0, bytes: 8000 });
    expect(conversation.media.holes.notCaptured).toBe(0);
  });

  it('does not time what was sent twice', () => {
    const { media } = new Conversation().data(0, 0).data(0, 200).acknowledge(1, 210);
    expect(media).toMatchObject({ sentAgain: 1, roundTrips: 0 });
  });

  it('tells who made the data wait', () => {
    const shut = new Conversation().data(0, 0).acknowledge(1, 5, 0).acknowledge(1, 3000).data(1, 3005);
    expect(shut.media).toMatchObject({ stalls: 1, waitedMs: { receiver: 3005, sender: 0, network: 0 } });
    expect(shut.meter.sides[PLAYER]).toMatchObject({ zeroWindows: 1, zeroWindowMs: 2995 });
    const lost = new Conversation().data(0, 0).acknowledge(1, 5).data(1, 10).data(1, 2010).acknowledge(2, 2020);
    expect(lost.media).toMatchObject({ stalls: 1, waitedMs: { receiver: 0, sender: 0, network: 2000 } });
    const idle = new Conversation().ask(0, 1).data(0, 10).acknowledge(1, 15).data(1, 4010);
    expect(idle.media).toMatchObject({ stalls: 1, longestGapMs: 4000, waitedMs: { sender: 4000 } });
  });

  it('does not call it a stall when nobody had asked', () => {
    const { media } = new Conversation().ask(0, 1).data(0, 10).acknowledge(1, 15).ask(6000, 2).data(1, 6020);
    expect(media).toMatchObject({ stalls: 0, longestGapMs: 0 });
  });
});
