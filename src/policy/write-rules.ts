/** Permits in the language of a firewall. */

import type { RuleSet } from './permit.ts';
import { writeCiscoAsaRules } from './rules-cisco-asa.ts';
import { writeIptablesRules, writeNftablesRules } from './rules-linux.ts';
import { writeTextRules } from './rules-text.ts';
import { writeWindowsRules } from './rules-windows.ts';

const WRITERS = {
  text: writeTextRules,
  nftables: writeNftablesRules,
  iptables: writeIptablesRules,
  'cisco-asa': writeCiscoAsaRules,
  windows: writeWindowsRules,
} as const;

export type FirewallKind = keyof typeof WRITERS;
export const FIREWALL_KINDS = Object.keys(WRITERS) as readonly FirewallKind[];

/** Ends with a line break. */
export function writeRules(rules: RuleSet, kind: FirewallKind): string {
  return `${WRITERS[kind](rules).join('\n')}\n`;
}
