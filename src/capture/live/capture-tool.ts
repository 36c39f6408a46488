/** How to run each program that captures: its arguments, and how it tells of frames that the kernel dropped. */

import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statOrNull } from '../open-input.ts';
import { CAPTURE_PROGRAMS, type CaptureProgram, type LiveOptions } from './live-options.ts';

/** Where such programs are although a user's search path often leaves these out. */
const OTHER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/Applications/Wireshark.app/Contents/MacOS'];

/** As seen from wherever this file is bundled into: a folder of `dist`, see `scripts/build.mjs`. */
const CAP_PROGRAM = fileURLToPath(new URL('../capture/live/cap-program.js', import.meta.url));

/** A program that is installed here. */
export interface CaptureTool {
  readonly name: CaptureProgram;
  readonly path: string;
  /** Arguments before all others: what an interpreter runs. */
  readonly script: readonly string[];
  /** False when this user may not start it. */
  readonly isExecutable: boolean;
}

export function findTools(): CaptureTool[] {
  return CAPTURE_PROGRAMS.map((name) => (name === 'cap' ? findCap() : findTool(name))).filter((tool) => tool !== null);
}

/** It may be there and yet not built, which shows when it is run. */
function findCap(): CaptureTool | null {
  try {
    createRequire(import.meta.url).resolve('cap');
  } catch {
    return null;
  }
  return { name: 'cap', path: process.execPath, script: [CAP_PROGRAM], isExecutable: true };
}

function findTool(name: CaptureProgram): CaptureTool | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...OTHER_FOLDERS];
  const paths = folders.filter((folder) => folder !== '').map((folder) => join(folder, name));
  const found = paths.filter((path) => statOrNull(path)?.isFile() === true);
  const path = found.find(isExecutable) ?? found[0];
  return path === undefined ? null : { name, path, script: [], isExecutable: isExecutable(path) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Arguments that capture on one interface and write the frames to standard output. */
export function captureArguments(tool: CaptureTool, interfaceName: string, options: LiveOptions): string[] {
  const { filter, snapLength, bufferMebibytes, isPromiscuous } = options;
  const promiscuous = isPromiscuous ? [] : ['-p'];
  if (tool.name === 'cap')
    return [...tool.script, interfaceName, String(snapLength), String(bufferMebibytes << 20), filter ?? ''];
  if (tool.name === 'dumpcap') {
    const buffer = ['-B', String(bufferMebibytes)];
    const wanted = filter === null ? [] : ['-f', filter];
    return ['-q', '-i', interfaceName, '-s', String(snapLength), ...buffer, ...promiscuous, ...wanted, '-w', '-'];
  }
  const buffer = ['-B', String(bufferMebibytes * 1024)];
  // Elsewhere some of its builds do not know the option.
  const precision = process.platform === 'linux' ? ['--time-stamp-precision=nano'] : [];
  const wanted = filter === null ? [] : ['--', filter];
  return [
    ...['-n', '-U', '-i', interfaceName, '-s', String(snapLength)],
    ...buffer,
    ...precision,
    ...promiscuous,
    ...['-w', '-'],
    ...wanted,
  ];
}

/** Arguments that open an interface as for capturing, and end. */
export function probeArguments(tool: CaptureTool, interfaceName: string): string[] {
  return tool.name === 'cap' ? [...tool.script, interfaceName] : ['-L', '-i', interfaceName];
}

/** What the program cannot tell of the frames that it gives, in a sentence; null when it tells all. */
export function describeLimit(tool: CaptureTool): string | null {
  if (tool.name !== 'cap') return null;
  return 'Captured by cap, which does not tell how many frames were lost, nor when the kernel took a frame: gaps may be its own, and times are those of arrival in the program.';
}

/** Whether the program can take only what is addressed to this machine. */
export function canLeaveOutOthers(tool: CaptureTool): boolean {
  return tool.name !== 'cap';
}

/** A signal on which the program prints its counters; null when it tells them only at its end. */
export function counterSignal(tool: CaptureTool): NodeJS.Signals | null {
  return tool.name === 'tcpdump' && process.platform !== 'win32' ? 'SIGUSR1' : null;
}

/** Frames that the kernel dropped, from a line that the program printed; null when it says nothing of it. */
export function readDropped(line: string): number | null {
  const count = /(\d+) packets? dropped by kernel/.exec(line)?.[1];
  return count === undefined ? null : Number(count);
}
