/** Permits as firewalls take them, and as people read them. Nothing here touches a firewall. */

import { describePorts } from './catalogue.ts';
import { commentOf, familyOf, type Permit, type RuleSet } from './permit.ts';
import { dcomLines, noteLines } from './rule-notes.ts';

/** One sentence each: `permit TCP from 10.1.0.0/16 to 10.10.2.20 port 554`. */
export function writeTextRules(rules: RuleSet): string[] {
  return [
    `Permits for ${rules.title}`,
    '',
    ...rules.permits.map(
      (permit, i) => `${`${i + 1}`.padStart(3)}. ${permitSentence(permit)}\n     ${commentOf(permit)}`,
    ),
    '',
    'Answers to what is permitted must be let back (a stateful firewall does).',
    ...noteLines(rules),
    ...dcomLines(rules),
  ];
}

/** `permit TCP from 10.1.0.0/16 to 10.10.2.20 port 554`. */
export function permitSentence(permit: Permit): string {
  const ports = permit.toPorts === null ? '' : ` port ${describePorts(permit.toPorts)}`;
  const fromPorts = permit.fromPorts === null ? '' : ` port ${describePorts(permit.fromPorts)}`;
  const start = permit.alternative === null ? 'permit' : 'or permit';
  return `${start} ${permit.transport.toUpperCase()} from ${sideText(permit.from)}${fromPorts} to ${sideText(permit.to)}${ports}`;
}

function sideText(networks: Permit['from']): string {
  const families = ([4, 6] as const).map((version) => familyOf(networks, version));
  if (families.every((family) => family === 'any')) return 'any';
  return families.flatMap((family) => (family === null ? [] : family === 'any' ? ['any'] : family)).join(', ');
}
