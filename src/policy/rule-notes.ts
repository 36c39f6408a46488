/** What has to be done besides permits: notes, and the registry of servers behind DCOM. */

import { describePorts } from './catalogue.ts';
import type { DcomSettings, RuleSet } from './permit.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Rpc\\Internet';
/** The endpoint mapper stands in the list beside the range. */
const MAPPER_PORT = 135;

export function noteLines({ notes }: RuleSet): string[] {
  return notes.length === 0 ? [] : ['', ...notes];
}

/** Named values as the document of each version gives them. */
export function dcomLines({ dcom }: RuleSet): string[] {
  return dcom.flatMap((settings) => [
    '',
    `DCOM on ${settings.server}, Windows Media Services ${settings.version}: registry key ${KEY}`,
    `  Ports                   REG_MULTI_SZ  ${MAPPER_PORT}, ${describePorts(settings.ports)} (one per line)`,
    `  PortsInternetAvailable  ${flagType(settings)}  Y`,
    `  UseInternetPorts        ${flagType(settings)}  Y`,
    '  Restart the computer: only then do they take effect. Every program that uses RPC or DCOM shares these ports.',
    '  DCOM does not work across address translation or a proxy: the server must be reached by its own address.',
  ]);
}

/** The same for a command prompt on the server. */
export function dcomCommands({ version, ports }: DcomSettings): string[] {
  const add = (name: string, type: string, data: string): string =>
    `reg add "${KEY.replace('HKEY_LOCAL_MACHINE', 'HKLM')}" /v ${name} /t ${type} ${data} /f`;
  const type = flagType({ version });
  return [
    add('Ports', 'REG_MULTI_SZ', `/s ; /d "${MAPPER_PORT};${describePorts(ports)}"`),
    add('PortsInternetAvailable', type, '/d Y'),
    add('UseInternetPorts', type, '/d Y'),
  ];
}

/** REG_SZ in the document of 9, REG_MULTI_SZ in that of 4.1. */
function flagType({ version }: Pick<DcomSettings, 'version'>): string {
  return version === '9' ? 'REG_SZ' : 'REG_MULTI_SZ';
}
