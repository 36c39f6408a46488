/** Opens what a path names: a file, a FIFO or other pipe, or standard input. */

import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { type ByteInput, ChunkInput, FileInput, nameOf, readFailure, STANDARD_INPUT } from './byte-input.ts';
import { CaptureError } from './frame-batch.ts';

/** True for what can be read only once, from where it stands: standard input, FIFOs, sockets, devices. */
export function isStream(path: string): boolean {
  if (path === STANDARD_INPUT) return true;
  try {
    const stats = statSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}

/** Fails with a `CaptureError` that says why. */
export function openInput(path: string): ByteInput {
  if (path === STANDARD_INPUT) return openStandardInput();
  let descriptor: number;
  try {
    // A FIFO would otherwise block this thread until somebody writes.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw readFailure(path, error);
  }
  const stats = fstatSync(descriptor);
  if (stats.isDirectory()) {
    closeSync(descriptor);
    throw new CaptureError(`${nameOf(path)} is a directory.`);
  }
  return inputOf(path, descriptor, stats);
}

function openStandardInput(): ByteInput {
  return inputOf(STANDARD_INPUT, 0, fstatSync(0));
}

function inputOf(path: string, descriptor: number, stats: Stats): ByteInput {
  if (stats.isFIFO() || stats.isSocket())
    return new ChunkInput(new Socket({ fd: descriptor, readable: true, writable: false }), null);
  if (isatty(descriptor))
    throw new CaptureError(`${nameOf(path)} is the terminal: pipe a capture into it, or name a capture file.`);
  return new FileInput(path, descriptor, stats.size);
}
