/** Permits for the firewall of Windows on the servers themselves: the program first, ports as a last resort. */

import { describePorts } from './catalogue.ts';
import { commentOf, familyOf, type Permit, type RuleSet } from './permit.ts';
import { dcomCommands, dcomLines, noteLines } from './rule-notes.ts';

const PROGRAM = '%systemroot%\\system32\\windows media\\server\\WMServer.exe';
const MOST_NAME = 80;

/** Commands for an administrator's prompt; a permit toward a host is an inbound rule there, and outbound needs none. */
export function writeWindowsRules(rules: RuleSet): string[] {
  return [
    `rem Permits for ${rules.title}. Printed, not applied: run them as an administrator on the host that each is for, which has its localip.`,
    ...programLines(rules),
    '',
    rules.windowsServers.length === 0
      ? 'rem Ports:'
      : 'rem Ports: only where the program exception cannot be used, and for what is not Windows Media Services.',
    ...rules.permits.flatMap(linesOf),
    ...rules.dcom.flatMap((settings) => [
      '',
      `rem Registry of ${settings.server}, then restart the computer:`,
      ...dcomCommands(settings),
    ]),
    ...[...noteLines(rules), ...dcomLines(rules)].map((line) => `rem ${line}`.trimEnd()),
  ];
}

/** "You should always add programs to the exceptions list before you try to add ports." */
function programLines({ windowsServers }: RuleSet): string[] {
  if (windowsServers.length === 0) return [];
  return [
    '',
    `rem First, on ${windowsServers.join(', ')}: the program, which opens its ports only while it runs.`,
    `netsh advfirewall firewall add rule name="Windows Media Services" dir=in action=allow program="${PROGRAM}"`,
    `rem Windows Server 2003: netsh firewall add allowedprogram "${PROGRAM}" "Windows Media Services" ENABLE`,
    'rem Windows Server 2003 SP2 makes this exception by itself; SP1 does not.',
  ];
}

function linesOf(permit: Permit): string[] {
  const lines = ([4, 6] as const).flatMap((version) => {
    const from = familyOf(permit.from, version);
    const to = familyOf(permit.to, version);
    if (from === null || to === null) return [];
    const name = commentOf(permit).replace(/["%]/g, "'").slice(0, MOST_NAME);
    const ports = [
      permit.toPorts === null ? '' : `localport=${describePorts(permit.toPorts)}`,
      permit.fromPorts === null ? '' : `remoteport=${describePorts(permit.fromPorts)}`,
    ].filter((part) => part !== '');
    return [
      `netsh advfirewall firewall add rule name="${name}" dir=in action=allow protocol=${permit.transport.toUpperCase()} ` +
        `remoteip=${from === 'any' ? 'any' : from.join(',')} localip=${to === 'any' ? 'any' : to.join(',')} ${ports.join(' ')}`,
    ];
  });
  return permit.alternative === null ? lines : lines.map((line) => `rem ${line}`);
}
