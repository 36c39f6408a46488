/** Permits for netfilter: nftables, and iptables with ip6tables. */

import { describePorts } from './catalogue.ts';
import { commentOf, familyOf, type Helper, type Permit, type RuleSet } from './permit.ts';
import type { PortRange } from './port-row.ts';
import { dcomLines, noteLines } from './rule-notes.ts';

/** Bytes that the kernel keeps of a rule's comment. */
const MOST_NFT_COMMENT = 126;
const MOST_IPTABLES_COMMENT = 255;

/** Helpers of the kernel by netfilter's names; it has none for RTSP. */
const KERNEL_HELPERS: Readonly<Record<Helper, string | null>> = {
  rtsp: null,
  'h323-call': 'Q.931',
  'h323-ras': 'RAS',
};

const RTSP_NOTE =
  'The Linux kernel has no helper for RTSP: media over UDP needs its range permitted, or players that take media in the RTSP connection itself.';

/** A whole table, so that `nft -c` can check it; its lines are for the chain of the firewall that drops. */
export function writeNftablesRules(rules: RuleSet): string[] {
  const helpers = helpersOf(rules);
  return [
    ...asComments([
      `Permits for ${rules.title}. Printed, not applied: try with nft -c -f FILE.`,
      'An accept in one table does not undo a drop in another: put these lines into the chain that drops, before it does.',
    ]),
    'table inet mediatap {',
    ...helpers.map(([helper, type]) => `  ct helper ${helper} { type "${type}" protocol ${helperTransport(helper)}; }`),
    '  chain permit {',
    '    type filter hook forward priority filter; policy accept;',
    '    ct state established,related accept',
    ...rules.permits.flatMap(nftablesLines).map((line) => `    ${line}`),
    '  }',
    '}',
    ...asComments(kernelNotes(rules)),
  ];
}

function nftablesLines(permit: Permit): string[] {
  const lines = ([4, 6] as const).flatMap((version): string[] => {
    const from = familyOf(permit.from, version);
    const to = familyOf(permit.to, version);
    if (from === null || to === null) return [];
    const family = version === 4 ? 'ip' : 'ip6';
    // A rule without addresses would be for both families.
    const parts = from === 'any' && to === 'any' ? [`meta nfproto ipv${version}`] : [];
    if (from !== 'any') parts.push(`${family} saddr ${setOf(from)}`);
    if (to !== 'any') parts.push(`${family} daddr ${setOf(to)}`);
    const ports = [portsOf('sport', permit.fromPorts), portsOf('dport', permit.toPorts)].filter((part) => part !== '');
    const match = [...parts, permit.transport, ports.join(` ${permit.transport} `)].join(' ');
    const kernelHelper = permit.helper === null ? null : KERNEL_HELPERS[permit.helper];
    const helper = kernelHelper === null ? '' : `ct helper set "${permit.helper}" `;
    return [`${match} ${helper}counter accept comment "${quotable(commentOf(permit), MOST_NFT_COMMENT)}"`];
  });
  return permit.alternative === null ? lines : lines.map((line) => `# ${line}`);
}

function setOf(networks: readonly string[]): string {
  return networks.length === 1 ? (networks[0] ?? '') : `{ ${networks.join(', ')} }`;
}

function portsOf(name: string, ports: PortRange | null): string {
  return ports === null ? '' : `${name} ${describePorts(ports)}`;
}

/** Comments in quotes hold no quotes. */
function quotable(text: string, most: number): string {
  const plain = text.replace(/["\\]/g, "'");
  return Buffer.byteLength(plain) <= most
    ? plain
    : `${Buffer.from(plain)
        .toString('utf8', 0, most - 3)
        .replace(/\ufffd+$/, '')}...`;
}

/** Commands for a shell; IPv6 lines call ip6tables. */
export function writeIptablesRules(rules: RuleSet): string[] {
  return [
    ...asComments([
      `Permits for ${rules.title}. Printed, not applied.`,
      'They are appended (-A): what drops earlier in FORWARD wins, so insert them (-I FORWARD NUMBER) before it.',
    ]),
    ...['iptables', 'ip6tables'].map(
      (command) => `${command} -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`,
    ),
    ...rules.permits.flatMap(iptablesLines),
    ...asComments(kernelNotes(rules)),
  ];
}

function iptablesLines(permit: Permit): string[] {
  const lines = ([4, 6] as const).flatMap((version): string[] => {
    const from = familyOf(permit.from, version);
    const to = familyOf(permit.to, version);
    if (from === null || to === null) return [];
    const command = version === 4 ? 'iptables' : 'ip6tables';
    const match = [
      from === 'any' ? '' : `-s ${from.join(',')}`,
      to === 'any' ? '' : `-d ${to.join(',')}`,
      `-p ${permit.transport}`,
      portsOf('--sport', permit.fromPorts),
      portsOf('--dport', permit.toPorts),
    ]
      .filter((part) => part !== '')
      .join(' ')
      .replace(/(--[sd]port \d+)-(\d+)/g, '$1:$2');
    const comment = quotable(commentOf(permit), MOST_IPTABLES_COMMENT).replace(/'/g, '');
    const accept = `${command} -A FORWARD ${match} -m comment --comment '${comment}' -j ACCEPT`;
    const kernelHelper = permit.helper === null ? null : KERNEL_HELPERS[permit.helper];
    return kernelHelper === null
      ? [accept]
      : [`${command} -t raw -A PREROUTING ${match} -j CT --helper ${kernelHelper}`, accept];
  });
  return permit.alternative === null ? lines : lines.map((line) => `# ${line}`);
}

/** The helpers in use that the kernel has, with the kernel's names. */
function helpersOf({ permits }: RuleSet): [Helper, string][] {
  const used = new Set(permits.map(({ helper }) => helper).filter((helper) => helper !== null));
  return [...used].flatMap((helper): [Helper, string][] => {
    const type = KERNEL_HELPERS[helper];
    return type === null ? [] : [[helper, type]];
  });
}

function helperTransport(helper: Helper): 'tcp' | 'udp' {
  return helper === 'h323-ras' ? 'udp' : 'tcp';
}

function kernelNotes(rules: RuleSet): string[] {
  const isRtsp = rules.permits.some(({ helper }) => helper === 'rtsp');
  return [...(isRtsp ? ['', RTSP_NOTE] : []), ...noteLines(rules), ...dcomLines(rules)];
}

function asComments(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `# ${line}`));
}
