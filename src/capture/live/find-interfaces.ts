/** The interfaces of this machine: addresses, link, and whether this user can capture on them. */

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { explainFailure } from './capture-failure.ts';
import { type CaptureTool, findTools, probeArguments } from './capture-tool.ts';
import type { CaptureProgram } from './live-options.ts';

/** Linux has a folder for each interface, also for those without an address, which span ports seldom have. */
const LINUX_FOLDER = '/sys/class/net';
/** What is no device of the network may stand there too. */
const NO_INTERFACE = /^bonding_masters$/;
const PATIENCE_MS = 5000;
const MOST_INTERFACES = 1000;

/** `unknown` where the system does not tell. */
export type LinkState = 'up' | 'no-carrier' | 'down' | 'unknown';

export interface InterfaceRow {
  /** Not safe to print. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly link: LinkState;
  /** The program that can capture on it; null when none can. */
  readonly via: CaptureProgram | null;
  /** Why none can and what to do about it; null when one can. */
  readonly hindrance: string | null;
}

export async function findInterfaces(): Promise<InterfaceRow[]> {
  const tools = findTools();
  const known = networkInterfaces();
  const names = [...new Set([...linuxNames(), ...Object.keys(known)])].slice(0, MOST_INTERFACES);
  return Promise.all(
    names.map(async (name) => {
      const addresses = (known[name] ?? []).map(({ cidr, address }) => cidr ?? address);
      return { name, addresses, link: linkOf(name), ...(await probe(name, tools)) };
    }),
  );
}

function linuxNames(): string[] {
  try {
    return readdirSync(LINUX_FOLDER).filter((name) => !NO_INTERFACE.test(name));
  } catch {
    return [];
  }
}

/** Of the flags of an interface only the first, IFF_UP, is of interest (linux/if.h). */
function linkOf(name: string): LinkState {
  const flags = Number(readAttribute(name, 'flags') ?? Number.NaN);
  if (Number.isNaN(flags)) return 'unknown';
  if ((flags & 1) === 0) return 'down';
  return readAttribute(name, 'carrier') === '0' ? 'no-carrier' : 'up';
}

function readAttribute(name: string, attribute: string): string | null {
  try {
    return readFileSync(`${LINUX_FOLDER}/${name}/${attribute}`, 'utf8').trim();
  } catch {
    return null;
  }
}

async function probe(name: string, tools: readonly CaptureTool[]): Promise<Pick<InterfaceRow, 'via' | 'hindrance'>> {
  let hindrance: string | null = null;
  for (const tool of tools) {
    const failure = await tryToOpen(name, tool);
    if (failure === null) return { via: tool.name, hindrance: null };
    hindrance ??= failure;
  }
  return { via: null, hindrance: hindrance ?? 'Install tcpdump or Wireshark, which capture for mediatap.' };
}

/** Null when it can be opened, else the reason. */
function tryToOpen(name: string, tool: CaptureTool): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(tool.path, probeArguments(name), { timeout: PATIENCE_MS }, (error, _printed, complaint) => {
      resolve(error === null ? null : explainFailure(tool, name, null, `${complaint}\n${error.message}`).text);
    });
  });
}
