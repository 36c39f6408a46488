/** Opens what a path names: a file, a FIFO or other pipe, or standard input. */

import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { type ByteInput, ChunkInput, FileInput, nameOf, readFailure, STANDARD_INPUT } from './byte-input.ts';
import { CaptureError } from './frame-batch.ts';

/** Null for what is not there or cannot be reached. */
export function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** True for what can be read only once, from where it stands: standard input, FIFOs, sockets, devices. */
export function isStream(path: string): boolean {
  if (path === STANDARD_INPUT) return true;
  const stats = statOrNull(path);
  return stats !== null && !stats.isFile() && !stats.isDirectory();
}

/** Fails with a `CaptureError` that says why. */
export function openInput(path: string): ByteInput {
  const descriptor = path === STANDARD_INPUT ? 0 : openDescriptor(path);
  const stats = fstatSync(descriptor);
  if (stats.isFIFO() || stats.isSocket()) return inputOfPipe(path, descriptor);
  if (isatty(descriptor))
    throw new CaptureError(`${nameOf(path)} is the terminal: pipe a capture into it, or name a capture file.`);
  return inputOfFile(path, descriptor, stats);
}

/** For what is known to be a file, not a pipe. */
export function openFile(path: string): FileInput {
  const descriptor = openDescriptor(path);
  return inputOfFile(path, descriptor, fstatSync(descriptor));
}

function inputOfPipe(path: string, descriptor: number): ChunkInput {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  return new ChunkInput(readPipe(path, socket), {
    get bytesRead() {
      return socket.bytesRead;
    },
    bytesTotal: null,
    close: async () => {
      socket.destroy();
    },
  });
}

async function* readPipe(path: string, socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    yield* socket;
  } catch (error) {
    // So ends a read that was waiting when the pipe was closed.
    const isClosedHere = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isClosedHere) throw readFailure(path, error);
  }
}

function openDescriptor(path: string): number {
  try {
    // A FIFO would otherwise block this thread until somebody writes.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function inputOfFile(path: string, descriptor: number, stats: Stats): FileInput {
  if (stats.isDirectory()) {
    closeSync(descriptor);
    throw new CaptureError(`${nameOf(path)} is a directory.`);
  }
  return new FileInput(path, descriptor);
}
