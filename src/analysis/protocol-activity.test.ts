import { describe, expect, it } from 'vitest';
import { ProtocolActivity } from './protocol-activity.ts';

describe('flows under way', () => {
  it('are counted from the part of the time where they begin to the one where they end', () => {
    const activity = new ProtocolActivity(0, 120e9);
    activity.note('RTSP', 0, 60e9);
    activity.note('RTSP', 30e9, 31e9);
    activity.note('RTP', 119.5e9, 120e9);
    const [rtsp, rtp] = activity.rows(['RTSP', 'RTP', 'SSH']);
    expect(rtsp?.flows.slice(28, 33)).toEqual([1, 1, 2, 2, 1]);
    expect(rtsp?.flows.slice(59, 63)).toEqual([1, 1, 0, 0]);
    expect(rtp?.flows.slice(-2)).toEqual([0, 1]);
    expect(activity.rows(['SSH'])).toEqual([]);
  });

  it('stay in their bounds where times are out of order or all the same', () => {
    const activity = new ProtocolActivity(5e9, 5e9);
    activity.note('DNS', 5e9, 5e9);
    activity.note('DNS', 1e9, 99e9);
    const [row] = activity.rows(['DNS']);
    expect(row?.flows).toHaveLength(120);
    expect(Math.max(...(row?.flows ?? []))).toBe(2);
    for (let label = 0; label < 2000; label++) activity.note(String(label), 5e9, 5e9);
    expect(activity.rows(Array.from({ length: 2000 }, (_, label) => String(label))).length).toBeLessThan(501);
  });
});
