/** The interfaces of this machine: addresses, link, and whether this user can capture on them. */

import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { explainFailure, lackOfPermission } from './capture-failure.ts';
import { type CaptureTool, findTools, probeArguments } from './capture-tool.ts';
import { type LinkState, linkNames, linkState } from './link-state.ts';
import type { CaptureProgram } from './live-options.ts';

const PATIENCE_MS = 5000;
const MOST_INTERFACES = 1000;
/** Stands for the name of an interface in a command. */
const ANY_NAME = 'INTERFACE';

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
  const names = [...new Set([...linkNames(), ...Object.keys(known)])].slice(0, MOST_INTERFACES);
  return Promise.all(
    names.map(async (name) => {
      const addresses = (known[name] ?? []).map(({ cidr, address }) => cidr ?? address);
      return { name, addresses, link: linkState(name), ...(await probe(name, tools)) };
    }),
  );
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

/** Null when it can be opened, else the reason: one text for all interfaces where none of them is the reason. */
function tryToOpen(name: string, tool: CaptureTool): Promise<string | null> {
  const explain = (error: Error, complaint: string): string => {
    const failure = explainFailure(tool, name, null, `${complaint}\n${error.message}`);
    return (failure.kind === 'permission' ? lackOfPermission(tool, ANY_NAME) : failure).text;
  };
  return new Promise<string | null>((resolve) => {
    execFile(tool.path, probeArguments(tool, name), { timeout: PATIENCE_MS }, (error, _printed, complaint) => {
      resolve(error === null ? null : explain(error, complaint));
    });
    // Some reasons why a program cannot start are thrown at once.
  }).catch((error: Error) => explain(error, ''));
}
