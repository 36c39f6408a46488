import { describe, expect, it } from 'vitest';
import { parseSdp } from '../sdp/parse-sdp.ts';
import { controlKey, findMedia } from './control-url.ts';

const mediaOf = (...controls: string[]) =>
  parseSdp(controls.map((control, i) => `m=video ${i + 1} RTP/AVP 96\na=control:${control}\n`).join('')).media;

describe('controlKey', () => {
  it('is the same for all spellings of one URL', () => {
    const spellings = [
      'rtsp://Host.Example:554/live/',
      'RTSP://host.example/live',
      'rtspu://user:pass@host.example/live',
    ];
    expect(new Set(spellings.map(controlKey)).size).toBe(1);
    expect(controlKey('rtsp://host.example/Live')).not.toBe(controlKey('rtsp://host.example/live'));
  });
});

describe('findMedia', () => {
  it('matches relative controls behind any base', () => {
    const media = mediaOf('trackID=1', 'trackID=11');
    expect(findMedia('rtsp://h/live.sdp/trackID=1', media)?.port).toBe(1);
    expect(findMedia('rtsp://h/live.sdp/trackID=11/', media)?.port).toBe(2);
    expect(findMedia('rtsp://h/live?token=7/trackID=1', media)?.port).toBe(1);
    expect(findMedia('rtsp://h/live/trackID=3', media)).toBeNull();
  });

  it('matches absolute controls, by their path where the host is another', () => {
    const media = mediaOf('rtsp://10.0.0.5/cam/0', 'rtsp://10.0.0.5/cam/1');
    expect(findMedia('rtsp://10.0.0.5:554/cam/1', media)?.port).toBe(2);
    expect(findMedia('rtsp://203.0.113.9/cam/1', media)?.port).toBe(2);
  });

  it('gives the only medium whatever the URL', () => {
    expect(findMedia('rtsp://h/live', mediaOf('*'))?.port).toBe(1);
    expect(findMedia('rtsp://h/live', [])).toBeNull();
  });
});
