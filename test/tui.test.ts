/** The terminal UI as a person meets it: the built program in a real terminal. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROGRAM, PseudoTerminal } from './pseudo-terminal.ts';
import { writeBlockedClients } from './small-capture.ts';

const CLAIM = 'RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked';
const ENTER = '\r';
const ESCAPE = '\x1b';

const folder = mkdtempSync(join(tmpdir(), 'mediatap-tui-'));
const one = join(folder, 'one.pcap');
const many = join(folder, 'many.pcap');
const opened: PseudoTerminal[] = [];

beforeAll(() => {
  writeBlockedClients(one);
  writeBlockedClients(many, 500);
});

afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], columns?: number, rows?: number, env?: Record<string, string>): PseudoTerminal {
  return keep(PseudoTerminal.run(args, columns, rows, env));
}

function keep(terminal: PseudoTerminal): PseudoTerminal {
  opened.push(terminal);
  return terminal;
}

/** A shell in the terminal, for what only a shell can do. */
function shell(command: string): PseudoTerminal {
  const terminal = keep(new PseudoTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], 80, 24, { PS1: 'ready> ' }));
  terminal.press(`${command}\n`);
  return terminal;
}

function quoted(...words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' ');
}

describe('the first screen', () => {
  it('says what is wrong and proves it, without a key', async () => {
    const terminal = run([one]);
    await terminal.see('SYN sent again');
    expect(terminal.text.replace(/\s+/g, ' ')).toContain(CLAIM);
    expect(terminal.text).toMatch(/frame +\d+ /);
    expect(terminal.rows[0]).toContain('one.pcap');
  });

  it('fills every row and leaves nothing to scroll back to', async () => {
    const terminal = run([one], 100, 30);
    await terminal.see(() => terminal.rows[29]?.includes('q quit') === true);
    expect(terminal.isNormalScreen).toBe(false);
    expect(terminal.output).not.toContain('\x1b[3J');
  });

  it('sets no colour under NO_COLOR and uses no character beyond ASCII in the C locale', async () => {
    const terminal = run([one], 80, 24, { NO_COLOR: '1', LANG: 'C' });
    await terminal.see('X blocked');
    for (const key of '2345678') {
      terminal.press(key);
      await terminal.see(() => terminal.rows[0]?.includes('X 1 blocked') === true);
    }
    await terminal.see('What stands out');
    expect(terminal.output).not.toMatch(/\[[0-9;]*[34]8;/);
    expect(terminal.output).toMatch(/^[\0-\x7f]*$/);
  });
});

describe('without a capture', () => {
  it('the start screen offers what was opened before, and opens it', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'state') };
    const before = run([one], 80, 24, env);
    await before.see('Enter detail');
    before.press('q');
    await before.ended;
    const terminal = run([], 120, 24, env);
    await terminal.see(/Opened before\n› +.*one\.pcap/);
    terminal.press(ENTER);
    await terminal.see('SYN sent again');
  });

  it('the start screen offers too what was opened in another window that was closed first', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'windows') };
    const first = run([one], 80, 24, env);
    await first.see('Enter detail');
    const second = run([many], 80, 24, env);
    await second.see('Enter detail');
    for (const window of [second, first]) {
      window.press('q');
      await window.ended;
    }
    const terminal = run([], 120, 24, env);
    await terminal.see(/Opened before\n› +.*many\.pcap.*\n +.*one\.pcap/);
  });

  it('the guided tour goes on with each thing that is done', async () => {
    const terminal = run([]);
    await terminal.see('demo');
    terminal.press('d');
    await terminal.see('1 of 5');
    await terminal.see(/blocked +RTMP/);
    terminal.press(ENTER);
    await terminal.see('2 of 5');
    terminal.press(ENTER);
    await terminal.see('3 of 5');
    terminal.press(ESCAPE);
    await terminal.see(/Proof +frame/);
    terminal.press(ESCAPE);
    await terminal.see('4 of 5');
    terminal.press(`2/verdict:ok${ENTER}`);
    await terminal.see('5 of 5');
    terminal.press('e');
    await terminal.see('markdown');
    expect(terminal.text).not.toContain('of 5');
  });
});

describe('for a screen reader', () => {
  it('lines tell where the person is, what is chosen, and what happens', async () => {
    const terminal = run(['--plain', one], 160, 50);
    await terminal.see('Findings, 1:');
    await terminal.see(CLAIM);
    terminal.press(ENTER);
    await terminal.see('The finding:');
    await terminal.see(/Proof {2}frame +1 /);
    terminal.press('2');
    await terminal.see('Flows, 2:');
    terminal.press('j');
    await terminal.see('10.10.0.9:41000');
    terminal.press('/verdict:ok');
    await terminal.see(/1 of 2/);
    terminal.press(ENTER);
    await terminal.see('Filter: verdict:ok.');
    terminal.press('q');
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    expect(terminal.output).not.toContain('\x1b[');
  });
});

describe('keys', () => {
  it('lead from the claim to its proof and back', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.press(ENTER);
    await terminal.see('Esc back');
    terminal.press('G');
    await terminal.see('Ladder');
    terminal.press(ENTER);
    await terminal.see('Ethernet');
    await terminal.see(/ 0000 {2}([0-9a-f]{2} +){16}/);
    terminal.press(ESCAPE);
    await terminal.see('Ladder');
    terminal.press(ESCAPE);
    await terminal.see('Enter detail');
  });

  it('open the frames that prove it, the flow it is about, and the frames of its ladder', async () => {
    const terminal = run([one], 120, 50);
    await terminal.see('Enter detail');
    terminal.press(`${ENTER}${ENTER}`);
    await terminal.see(/frame 1 .*SYN/);
    await terminal.see(/TCP +port 40000 to 554, SYN/);
    terminal.press(ESCAPE);
    await terminal.see('Flows');
    terminal.press(`jjjjj${ENTER}`);
    await terminal.see('Known by');
  });

  it('turn to each view by its number, by Tab and by brackets', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    for (const [key, sign] of [
      ['2', 'Initiator'],
      ['3', 'Codec'],
      ['4', 'No multicast'],
      ['5', 'never seen'],
      ['6', 'Worst'],
      ['7', 'Format'],
      ['8', 'What stands out'],
      ['\t', 'Enter detail'],
      ['[', 'What stands out'],
      [']', 'SYN sent again'],
    ] as const) {
      terminal.press(key);
      await terminal.see(sign);
    }
  });

  it('filter as they are typed, tell an error, and undo with Esc', async () => {
    const terminal = run([many]);
    await terminal.see('Enter detail');
    terminal.press('2');
    await terminal.see(/ 1 of 501/);
    terminal.press('/host:10.10.0.9');
    await terminal.see(/ 1 of 501 +Enter keeps/);
    expect(terminal.text).toContain('10.10.0.9:41000');
    terminal.press(' port:x');
    await terminal.see("'x' is not a number");
    await terminal.see(/\/ host:10\.10\.0\.9 port:x +1 of 501/);
    terminal.press(ESCAPE);
    await terminal.see(/10\.10\.1\.10:40000[\s\S]*q quit +1 of 501/);
  });

  it('keep a filter under a name, from one run to the next', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'named') };
    const before = run([many], 100, 24, env);
    await before.see('Enter detail');
    before.press(`2/host:10.10.0.9${ENTER}`);
    await before.see('filter: host:10.10.0.9');
    before.press(`Fmine${ENTER}`);
    await before.see('Kept as mine');
    before.press('q');
    await before.ended;
    const terminal = run([many], 100, 24, env);
    await terminal.see('Enter detail');
    terminal.press('2/mi');
    await terminal.see('Tab  host:10.10.0.9');
    terminal.press('\t');
    await terminal.see(/ 1 of 501 +Enter keeps/);
  });

  it('sort, and reach the end of a long list', async () => {
    const terminal = run([many], 120, 30);
    await terminal.see('Enter detail');
    terminal.press('2');
    await terminal.see('Verdict▲');
    await terminal.see(/ 1 of 501/);
    terminal.press('sssS');
    await terminal.see('Initiator▼');
    terminal.press('G');
    await terminal.see('501 of 501');
    await terminal.see(/› .*10\.10\.0\.9:41000/);
  });

  it('show the keys of the view, and find a command by its name', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.press('?');
    await terminal.see('Keys here');
    terminal.press('?');
    await terminal.see('Enter detail');
    terminal.press(':multicast');
    await terminal.see('Enter runs it');
    terminal.press(ENTER);
    await terminal.see('No multicast');
  });

  it('copy through the terminal', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.press('y');
    await terminal.see('Copied the finding');
    const [, encoded = ''] = terminal.output.split('\x1b]52;c;');
    expect(Buffer.from(encoded.split('\x07')[0] ?? '', 'base64').toString()).toContain(CLAIM);
  });

  it('copy into a file where the terminal has no clipboard, and tell of it at the end', async () => {
    const terminal = keep(
      new PseudoTerminal(process.execPath, [PROGRAM, one], 80, 24, { VTE_VERSION: '7006' }, folder),
    );
    await terminal.see('Enter detail');
    terminal.press('y');
    await terminal.see('Saved mediatap-copied.txt');
    terminal.press('q');
    await terminal.ended;
    await terminal.see(() => terminal.isGivenBack && terminal.text.includes('Saved mediatap-copied.txt'));
    expect(readFileSync(join(folder, 'mediatap-copied.txt'), 'utf8')).toContain(CLAIM);
    expect(terminal.output).not.toContain('\x1b]52');
  });
});

describe('the terminal', () => {
  it.each([
    ['q', 'q'],
    ['Ctrl+C', '\x03'],
  ])('is given back by %s', async (_name, key) => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.press(key);
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    await terminal.see(() => terminal.isGivenBack);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'])('is given back when %s ends the program', async (signal) => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.kill(signal);
    const { exitCode, signal: died } = await terminal.ended;
    expect(exitCode !== 0 || (died ?? 0) > 0).toBe(true);
    await terminal.see(() => terminal.isGivenBack);
  });

  it('is given back when the program breaks, and shows why', async () => {
    const fault = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('broken on purpose')})";
    const terminal = keep(new PseudoTerminal(process.execPath, ['--import', fault, PROGRAM, one]));
    await terminal.see('Enter detail');
    terminal.kill('SIGUSR2');
    await terminal.ended;
    await terminal.see('broken on purpose');
    expect(terminal.isGivenBack).toBe(true);
  });

  it('may change its size at any time', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    for (const [columns, rows] of [
      [120, 40],
      [60, 15],
      [30, 8],
      [100, 30],
    ] as const) {
      terminal.resize(columns, rows);
      const sign = columns < 40 ? 'mediatap needs' : 'q quit';
      await terminal.see(() => terminal.rows[columns < 40 ? 0 : rows - 1]?.includes(sign) === true);
    }
    expect(terminal.text.match(/q quit/g)).toHaveLength(1);
  });

  it('goes to the shell with Ctrl+Z and comes back with fg', async () => {
    const terminal = shell(quoted(process.execPath, PROGRAM, one));
    await terminal.see('Enter detail');
    terminal.press('\x1a');
    await terminal.see(() => terminal.isGivenBack && terminal.text.includes('Stopped'));
    terminal.press('fg\n');
    await terminal.see(() => !terminal.isNormalScreen && terminal.text.includes('Enter detail'));
    terminal.press('2');
    await terminal.see('Initiator');
    terminal.press('q');
    await terminal.see(() => terminal.isGivenBack);
  });

  it('stays where it is on Ctrl+Z when there is no shell to go to', async () => {
    const terminal = run([one]);
    await terminal.see('Enter detail');
    terminal.press('\x1a');
    await terminal.see(
      () =>
        terminal.output.lastIndexOf('\x1b[?1049h') > terminal.output.lastIndexOf('\x1b[?1049l') &&
        terminal.output.includes('\x1b[?1049l'),
    );
    terminal.press('2');
    await terminal.see('Initiator');
  });

  it('gives its keys when standard input is the capture, and Esc keeps what was read', async () => {
    const terminal = shell(`(cat ${quoted(one)}; sleep 4) | ${quoted(process.execPath, PROGRAM)} -`);
    await terminal.see('standard input');
    await terminal.see('Esc stops');
    terminal.press('2');
    await terminal.see('Initiator');
    terminal.press(ESCAPE);
    await terminal.see('Stop capturing?');
    terminal.press('y');
    await terminal.see('stopped early');
    await terminal.see('10.10.1.10:40000');
    terminal.press('q');
    await terminal.see(() => terminal.isGivenBack);
  });
});
