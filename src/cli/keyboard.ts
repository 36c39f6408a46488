/** Where keys come from when standard input is taken by a capture or a script: the terminal itself. */

import { openSync } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';

const TERMINAL = process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty';

/** Null when the process has no terminal. `isInputTaken`: standard input is read as a capture. */
export function openKeyboard(isInputTaken: boolean): ReadStream | null {
  if (process.stdin.isTTY && !isInputTaken) return process.stdin;
  try {
    const file = openSync(TERMINAL, 'r');
    return isatty(file) ? new ReadStream(file) : null;
  } catch {
    return null;
  }
}
