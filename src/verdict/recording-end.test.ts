import { describe, expect, it } from 'vitest';
import { controlCase, seconds } from '../../test/case-builder.ts';
import { isRecordingOver } from './recording-end.ts';

/** Whether it is over after so many seconds. */
function isOver(lasted: number, facts: Readonly<Record<string, string>>): boolean {
  const control = controlCase(60);
  for (const [name, value] of Object.entries(facts)) control.record.fact(name, value);
  return isRecordingOver(control, seconds(lasted));
}

describe('a recording of half a minute', () => {
  it.each([
    'npt=0.000-30.0',
    'npt=10-40',
    'npt=0:00:00-0:00:30.0',
    'npt=0-30;time=20260314T120000Z',
    'clock=20260314T235945Z-20260315T000015.5Z',
    'smpte=10:07:00-10:07:30:05',
    'smpte-30-drop=10:07:00-10:07:30',
  ])('is over at its end, told as %s', (range) => {
    expect(isOver(20, { range })).toBe(false);
    expect(isOver(29, { range })).toBe(true);
  });

  it('is over sooner when it is played faster, later when slower, and backward all the same', () => {
    expect(isOver(14, { range: 'npt=0-30', scale: '2.0' })).toBe(true);
    expect(isOver(29, { range: 'npt=0-30', scale: '0.5' })).toBe(false);
    expect(isOver(29, { range: 'npt=30-0', scale: '-1' })).toBe(true);
  });
});

it.each(['', 'npt=now-', 'npt=0.000-', 'npt=0-0', 'clock=20260314T120000Z-', 'npt=begin-end'])(
  'a stream without an end, told as "%s", is never over',
  (range) => {
    expect(isOver(3600, { range })).toBe(false);
  },
);
