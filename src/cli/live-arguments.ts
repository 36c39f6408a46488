/** What can be typed after `mediatap live`, as options of the capture and of the command. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { CAPTURE_PROGRAMS, type CaptureProgram, type LiveOptions } from '../capture/live/live-options.ts';
import type { SitePolicy } from '../policy/site-policy.ts';
import { failOnOption, plainOption } from './capture-command.ts';
import { parseDuration } from './duration.ts';
import type { FailCondition } from './fail-on.ts';
import { UsageError } from './host.ts';
import { LIVE_FORMATS, type LiveFormat } from './live-news.ts';
import { policyOption } from './policy-file.ts';
import { type RingOptions, ringLimits, ringOptions } from './ring-options.ts';

export interface LiveArguments extends RingOptions {
  readonly interface?: readonly string[];
  readonly filter?: string;
  readonly snapLength: number;
  readonly buffer: number;
  readonly promiscuous: boolean;
  readonly via?: CaptureProgram;
  readonly write?: string;
  readonly keep: number;
  readonly evidence?: string;
  readonly metrics?: number;
  readonly duration?: number;
  readonly count?: number;
  readonly headless?: true;
  readonly format: LiveFormat;
  readonly policy?: SitePolicy;
  readonly failOn?: readonly FailCondition[];
}

const MOST_SNAP_LENGTH = 262_144;
const BUFFER = { least: 1, most: 2000, usual: 64 };
const PORTS = { least: 1, most: 65_535 };
const KEPT = { least: 0, most: 2000, usual: 64 };

export function addLiveOptions(command: Command): Command {
  const options = [
    new Option('-i, --interface <name>', 'capture here; may be given several times').argParser(
      (name: string, names?: readonly string[]) => [...(names ?? []), name],
    ),
    new Option('--filter <expression>', "only what this filter takes, in tcpdump's language"),
    numberOption('--snap-length <bytes>', 'most bytes kept of a frame, 0 for all', {
      ...{ least: 0, most: MOST_SNAP_LENGTH, usual: 0 },
    }),
    numberOption('--buffer <mebibytes>', "the kernel's buffer", BUFFER),
    new Option('--no-promiscuous', 'only what is addressed to this machine'),
    new Option('--via <program>', 'capture with this program').choices(CAPTURE_PROGRAMS),
    new Option('--write <file>', 'save what is captured, as pcapng'),
    ...ringOptions(),
    numberOption('--keep <mebibytes>', 'memory for the latest frames, to pick evidence out of', KEPT),
    new Option('--evidence <folder>', 'save here what proves findings, as they arise'),
    numberOption('--metrics <port>', 'serve figures for Prometheus on this port of the loopback', PORTS),
    new Option('--duration <time>', 'end after this time, such as 90, 15m, 2h').argParser(parseDuration),
    numberOption('--count <frames>', 'end after so many frames', { least: 1, most: Number.MAX_SAFE_INTEGER }),
    new Option('--headless', 'print findings as they arise and pass, without a screen'),
    new Option('-f, --format <format>', 'form of the news').choices(LIVE_FORMATS).default('text'),
    plainOption(),
    policyOption(),
    failOnOption(),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** Throws a `UsageError` for what makes no sense together. */
export function liveOptions(given: LiveArguments): LiveOptions {
  const interfaces = given.interface ?? [];
  if (interfaces.length === 0 || interfaces.includes(''))
    throw new UsageError('name an interface with -i; mediatap interfaces lists those of this machine');
  return {
    interfaces: [...new Set(interfaces)],
    filter: given.filter ?? null,
    snapLength: given.snapLength,
    bufferMebibytes: given.buffer,
    isPromiscuous: given.promiscuous,
    via: given.via ?? null,
    writePath: given.write ?? null,
    ring: ringLimits(given, given.write),
    keptMebibytes: given.keep,
    mostFrames: given.count ?? null,
  };
}

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly usual?: number;
}

function numberOption(flags: string, description: string, { least, most, usual }: NumberRange): Option {
  const option = new Option(flags, description).argParser((text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  });
  return usual === undefined ? option : option.default(usual);
}
