import { describe, expect, it } from 'vitest';
import { line } from './line.ts';
import { PlainSpeaker } from './plain-speaker.ts';
import { row } from './views/view.ts';

function listOf(chosen: number, ...texts: readonly string[]) {
  return texts.map((text, index) => row(line(text), index === chosen));
}

describe('the screen as lines', () => {
  it('tells of a list where it is and the selected row, then only what is selected next', () => {
    const speaker = new PlainSpeaker();
    const speech = { place: 'Flows, 2', isText: false, asides: [], titles: [] };
    expect(speaker.speak({ ...speech, rows: listOf(0, '› blocked     RTSP', '  ok') })).toBe(
      '\r\nFlows, 2\r\n› blocked  RTSP\r\n',
    );
    expect(speaker.speak({ ...speech, rows: listOf(0, '› blocked     RTSP', '  new') })).toBe('');
    expect(speaker.speak({ ...speech, rows: listOf(1, 'blocked', '› ok') })).toBe('› ok\r\n');
  });

  it('tells what the columns are called where a list begins', () => {
    const speaker = new PlainSpeaker();
    const titles = [row(line('  Verdict   From'))];
    const speech = { place: 'Hosts, 2', isText: false, asides: [], titles };
    expect(speaker.speak({ ...speech, rows: listOf(0, '› ok   10.0.0.1 ▁▃█') }).split('\r\n')).toEqual([
      ...['', 'Hosts, 2', 'Verdict  From', '› ok  10.0.0.1', ''],
    ]);
    expect(speaker.speak({ ...speech, rows: listOf(0, '› ok   10.0.0.2') })).toBe('› ok  10.0.0.2\r\n');
  });

  it('tells a text whole, once, without rules and blank rows', () => {
    const speaker = new PlainSpeaker();
    const speech = {
      place: 'Finding',
      rows: listOf(-1, 'Why', '', '──────', 'frame 4'),
      isText: true,
      asides: [],
      titles: [],
    };
    expect(speaker.speak(speech)).toBe('\r\nFinding\r\nWhy\r\nframe 4\r\n');
    expect(speaker.speak(speech)).toBe('');
  });

  it('says what happened meanwhile once', () => {
    const speaker = new PlainSpeaker();
    const speech = { place: 'Finding', rows: [], isText: true, titles: [] };
    expect(speaker.speak({ ...speech, asides: ['Saved it', ''] })).toContain('Saved it\r\n');
    expect(speaker.speak({ ...speech, asides: ['Saved it'] })).toBe('');
    expect(speaker.speak({ ...speech, asides: ['Saved it', 'Reading 25 %'] })).toBe('Reading 25 %\r\n');
  });

  it('speaks in ASCII where the locale knows no more', () => {
    const speech = { place: 'Finding', rows: listOf(-1, 'SYN…'), isText: true, asides: [], titles: [] };
    expect(new PlainSpeaker(false).speak(speech)).toBe('\r\nFinding\r\nSYN~\r\n');
  });

  it('tells everything again after it has been left', () => {
    const speaker = new PlainSpeaker();
    const speech = { place: 'Finding', rows: listOf(-1, 'Why'), isText: true, asides: [], titles: [] };
    speaker.speak(speech);
    speaker.forget();
    expect(speaker.speak(speech)).toContain('Why');
  });
});
