/** Why a program could not capture, in words that tell a person what to do, from what the program printed. */

import { networkInterfaces } from 'node:os';
import { printable } from '../../format/text.ts';
import type { CaptureTool } from './capture-tool.ts';

/** `permission` is worth a try with another program; the others would only be told again. */
export type FailureKind = 'permission' | 'no-interface' | 'filter' | 'down' | 'not-built' | 'other';

export interface CaptureFailure {
  readonly kind: FailureKind;
  /** One or two sentences, safe to print. */
  readonly text: string;
}

const MOST_TEXT = 300;

const NOT_BUILT =
  "cap is not built for this Node.js: run 'npm rebuild cap', which needs a compiler and libpcap's headers, or install tcpdump or Wireshark.";

/** Lines that tell nothing of a failure. */
const CHATTER =
  /^(Capturing on|File:|Packets |\d+ packets? |(tcpdump: )?listening on|(tcpdump: )?data link type|tcpdump: verbose|Warning: .* may not actually work)/;

/** `printed`: its standard error. `filter`: the one it was given. */
export function explainFailure(
  tool: CaptureTool,
  interfaceName: string,
  filter: string | null,
  printed: string,
): CaptureFailure {
  const said = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !CHATTER.test(line));
  const all = said.join(' ');
  const name = printable(interfaceName);
  if (/permission|not permitted|EACCES|EPERM/i.test(all)) return lackOfPermission(tool, name);
  if (/no device named|no such device|doesn't exist/i.test(all))
    return { kind: 'no-interface', text: `There is no interface '${name}'. ${listNames()}` };
  if (/not up|network is down/i.test(all))
    return { kind: 'down', text: `Interface ${name} is down: bring it up with 'ip link set ${name} up'.` };
  if (filter !== null && /filter/i.test(all))
    return { kind: 'filter', text: `The filter '${printable(filter)}' is not understood: ${filterComplaint(all)}.` };
  if (/cannot find module|different Node\.js version/i.test(all)) return { kind: 'not-built', text: NOT_BUILT };
  const reason = firstSentence(said).replace(new RegExp(`^${tool.name}: `), '') || 'it said nothing';
  return { kind: 'other', text: `${tool.name} cannot capture on ${name}: ${printable(reason, MOST_TEXT)}.` };
}

/** `interfaceName` is safe to print. */
export function lackOfPermission(tool: CaptureTool, interfaceName: string): CaptureFailure {
  return { kind: 'permission', text: `No permission to capture with ${tool.name}. ${permit(tool, interfaceName)}` };
}

/** Without its full stop; the programs break their sentences into lines. */
function firstSentence(lines: readonly string[]): string {
  const last = lines.findIndex((line) => line.endsWith('.'));
  return (last < 0 ? lines.slice(0, 1) : lines.slice(0, last + 1)).join(' ').replace(/\.+$/, '');
}

/** The program's own words about the filter. */
function filterComplaint(said: string): string {
  const inner = /filter \((.*?)\)\.|can't parse filter expression: (.*)/.exec(said);
  const words = inner?.[1] ?? inner?.[2] ?? said;
  return printable(words.replace(/^can't parse filter expression: /, ''), MOST_TEXT);
}

/** The command that lets this user capture, and what to do after it. */
function permit({ name, path, isExecutable }: CaptureTool, interfaceName: string): string {
  if (process.platform === 'darwin') return `Permit it with: sudo chown $USER /dev/bpf*`;
  if (!isExecutable) return `Permit it with: sudo usermod -aG $(stat -c %G ${path}) $USER, then log in again.`;
  if (name === 'cap') return `Run: sudo mediatap live -i ${interfaceName}`;
  const other = name === 'tcpdump' ? `, or run: sudo mediatap live -i ${interfaceName}` : '';
  return `Permit it with: sudo setcap cap_net_raw,cap_net_admin=eip ${path}${other}`;
}

function listNames(): string {
  const names = Object.keys(networkInterfaces()).map((name) => printable(name));
  return names.length === 0 ? "See 'mediatap interfaces'." : `Here are ${names.join(', ')}; see 'mediatap interfaces'.`;
}
