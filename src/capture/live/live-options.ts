/** What to capture live, and how; plain data, so that it can be sent to the thread that does it. */

import type { RingLimits } from './ring-files.ts';

/** What captures for us in a process of its own, the best first; only the first two leave the privileges to a small program. */
export const CAPTURE_PROGRAMS = ['dumpcap', 'tcpdump', 'cap'] as const;
export type CaptureProgram = (typeof CAPTURE_PROGRAMS)[number];

export interface LiveOptions {
  /** At least one. */
  readonly interfaces: readonly string[];
  /** In libpcap's language; null takes everything. */
  readonly filter: string | null;
  /** Bytes kept of each frame; 0 keeps it whole. */
  readonly snapLength: number;
  /** The kernel's buffer per interface: what it can hold while nobody reads. */
  readonly bufferMebibytes: number;
  readonly isPromiscuous: boolean;
  /** Null takes the first program that works. */
  readonly via: CaptureProgram | null;
  /** Where to save what is seen, as pcapng; null does not. */
  readonly writePath: string | null;
  /** Saves to a ring of files beside that path; null to one file. */
  readonly ring: RingLimits | null;
  /** Memory for the latest frames, so that evidence can be picked out where what is saved does not serve; 0 holds none. */
  readonly keptMebibytes: number;
  /** Ends after so many frames; null never does. */
  readonly mostFrames: number | null;
}
