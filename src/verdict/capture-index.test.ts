import { describe, expect, it } from 'vitest';
import {
  attempt,
  CLIENT,
  captureCase,
  controlCase,
  flowCase,
  SERVER,
  seconds,
  tcpCase,
} from '../../test/case-builder.ts';
import { indexOf } from './capture-index.ts';

describe('what is looked up among all flows', () => {
  const opened = flowCase();
  const media = flowCase({ transport: 'udp', tcp: null, protocol: 'rtp', lastTimes: [seconds(9), -Infinity] });
  const capture = captureCase([attempt([0, 1, 3]), opened, flowCase(), media]);
  const index = indexOf(capture);

  it('is worked out once for a capture', () => {
    expect(indexOf(capture)).toBe(index);
    expect(indexOf(captureCase([]))).not.toBe(index);
  });

  it('names the first connection to an endpoint that opened', () => {
    expect(index.openedTo({ address: SERVER, port: 554 })).toBe(opened);
    expect(index.openedTo({ address: SERVER, port: 555 })).toBeNull();
    const reset = flowCase({ tcp: tcpCase({ outcome: 'reset' }) });
    expect(indexOf(captureCase([reset])).openedTo({ address: SERVER, port: 554 })).toBe(reset);
    const silent = { ...reset, payload: [100, 0] as const };
    expect(indexOf(captureCase([silent])).openedTo({ address: SERVER, port: 554 })).toBeNull();
    expect(indexOf(captureCase([attempt([0, 1, 3])])).openedTo({ address: SERVER, port: 554 })).toBeNull();
  });

  it('knows when a host was last heard of, whichever end of a flow it is', () => {
    expect(index.lastSentBy(CLIENT)).toBe(seconds(9));
    expect(index.lastSentBy(SERVER)).toBe(seconds(5));
    expect(index.lastSentBy('10.10.9.9')).toBe(Number.NEGATIVE_INFINITY);
  });

  it('holds unicast media that nobody announced', () => {
    const group = flowCase({ ...media, isMulticast: true });
    const guessed = flowCase({ ...media, confidence: 'port' });
    expect(indexOf(captureCase([opened, group, guessed, media])).strayMedia).toEqual([media]);
  });

  it('finds the sessions of a client at a server that hold their media', () => {
    const session = (transport: string) => {
      const control = controlCase(5);
      control.record.fact('transport', transport);
      return control;
    };
    const [asked, inside] = [session('UDP'), session('TCP interleaved')];
    const elsewhere = { ...session('TCP interleaved'), responder: { address: SERVER, port: 8554 } };
    expect(indexOf(captureCase([asked, inside, elsewhere])).interleavedBeside(asked)).toEqual([inside]);
  });
});
