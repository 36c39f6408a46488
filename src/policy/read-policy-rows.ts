/** The site's own rows, and exceptions that end on a day. */

import { isMulticast } from '../format/address.ts';
import { findRoleRow } from './expand-roles.ts';
import type { NameTable } from './policy-names.ts';
import { type Entry, type Place, type PolicyText, short } from './policy-text.ts';
import type { PortRow } from './port-row.ts';
import { readRange } from './read-policy-ports.ts';
import type { SiteRule } from './site-policy.ts';

const ROW_KEYS = ['id', 'protocol', 'transport', 'ports', 'from', 'to', 'note'] as const;
const EXCEPTION_KEYS = ['id', 'transport', 'ports', 'from', 'to', 'until', 'reason'] as const;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const DAY_SECONDS = 86_400;

type Fields = ReadonlyMap<string, Entry>;

export function readOwnRows(source: PolicyText, fields: Fields, names: NameTable): SiteRule[] {
  const seen = new Set<string>();
  const read = (key: string, keys: readonly string[], isException: boolean): SiteRule[] =>
    source.items(fields.get(key)).flatMap((place): SiteRule[] => {
      const rule = readRow(source, place, source.fields(place, `an item of ${key}`, keys), names, isException);
      if (rule === null) return [];
      if (seen.has(rule.id)) source.wrong(place, `the id '${rule.id}' is taken by another row or exception`);
      seen.add(rule.id);
      return [rule];
    });
  return [...read('rows', ROW_KEYS, false), ...read('exceptions', EXCEPTION_KEYS, true)];
}

function readRow(
  source: PolicyText,
  place: Place,
  fields: Fields,
  names: NameTable,
  isException: boolean,
): SiteRule | null {
  const needed = ['id', 'transport', 'ports', 'from', 'to', ...(isException ? ['until'] : ['protocol'])];
  const missing = needed.filter((key) => !fields.has(key));
  if (missing.length > 0) {
    source.wrong(
      place,
      `${isException ? 'an exception' : 'a row'} needs ${missing.map((key) => `'${key}'`).join(', ')}`,
    );
    return null;
  }
  const field = (key: string): Place => fields.get(key) ?? place;
  const optional = (key: string): string => (fields.has(key) ? (source.word(field(key), key) ?? '') : '');
  const id = source.word(field('id'), 'id');
  const ports = readRange(source, field('ports'), 'ports');
  const transport = source.choice(field('transport'), 'transport', ['tcp', 'udp', 'both']);
  const endsAt = isException ? readUntil(source, field('until')) : null;
  const opener = names.side(field('from'), 'from');
  const acceptor = names.side(field('to'), 'to');
  if (id === null || ports === null || transport === null) return null;
  if (!ID.test(id))
    source.wrong(field('id'), `'${short(id)}' cannot be an id: letters, digits, '.', '_' and '-', 40 at most`);
  if (findRoleRow(id) !== null) source.wrong(field('id'), `the id '${id}' is taken by a row of the port tables`);
  const transports: PortRow['transports'] = transport === 'both' ? ['tcp', 'udp'] : [transport];
  const row: PortRow = {
    id,
    source: isException ? 'site exception' : 'site row',
    scenario: isException ? 'exception' : 'site',
    protocol: isException ? 'any protocol' : short(optional('protocol')),
    transports,
    ports,
    portOf: 'server',
    direction: null,
    addresses: [],
    openOnFirewall: 'yes',
    note: short(optional(isException ? 'reason' : 'note')),
  };
  // A group never sends.
  const isBothWays = transport === 'udp' && !acceptor.networks.every(({ address }) => isMulticast(address));
  const rest = { portEnd: 'acceptor', isBothWays, permission: 'permit', group: null } as const;
  return { id, row, server: null, transports, opener, acceptor, ports, endsAt, ...rest };
}

/** The end of that day in UTC. */
function readUntil(source: PolicyText, place: Place): number | null {
  const text = source.word(place, 'until');
  if (text === null) return null;
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(start) && new Date(start).toISOString().startsWith(text)) return start / 1000 + DAY_SECONDS;
  source.wrong(place, `until: '${short(text)}' is not a day such as 2027-06-30`);
  return null;
}
