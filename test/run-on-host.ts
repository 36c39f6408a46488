/** Runs the command line without a terminal, and keeps what it says. */

import type { CliHost } from '../src/cli/host.ts';
import { runCli } from '../src/cli/run-cli.ts';

export interface Ran {
  code: number;
  out: string;
  readonly errors: string[];
}

/** A host without a terminal whose words come into `ran`; without `changes` it reads no captures. */
export function silentHost(ran: Ran, changes: Partial<CliHost> = {}): CliHost {
  return {
    version: '1.2.3',
    openTerminal: () => false,
    chooseStart: async () => null,
    startAnalysis: () => Promise.reject(new Error('not asked for')),
    runTui: async () => {},
    write: async (text) => {
      ran.out += text;
    },
    complain: (line) => {
      ran.errors.push(line);
    },
    ...changes,
  };
}

export async function runOnHost(args: readonly string[], changes: Partial<CliHost> = {}): Promise<Ran> {
  const ran: Ran = { code: -1, out: '', errors: [] };
  ran.code = await runCli(args, silentHost(ran, changes));
  return ran;
}
