/** The fields of a filter expression: what each asks of a flow, and how its value is written. */

import { FINDING_CODES, VERDICTS } from '../verdict/finding.ts';
import type { FieldCondition } from './field-condition.ts';
import { matchAddress } from './query-address.ts';
import { matchNumber } from './query-number.ts';
import type { QueryPredicate, QuerySubject } from './query-subject.ts';
import { parseMoment } from './query-time.ts';

export interface QueryField {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Shows how it is written. */
  readonly example: string;
  readonly meaning: string;
  /** All values that it can have, where they are few; absent where the capture alone tells them. */
  readonly values?: readonly string[];
  compile(condition: FieldCondition): QueryPredicate;
}

export const QUERY_FIELDS: readonly QueryField[] = [
  {
    name: 'proto',
    aliases: ['protocol'],
    example: 'proto:rtsp',
    meaning: 'protocol by id or name; h323 stands for all of its parts',
    compile: (condition) => matchName(condition, (subject) => [subject.protocol ?? 'unknown', subject.protocolLabel]),
  },
  {
    name: 'verdict',
    aliases: [],
    example: 'verdict:blocked,refused',
    meaning: `verdict: ${VERDICTS.join(', ')}`,
    values: VERDICTS,
    compile: (condition) => matchKnownName(condition, VERDICTS, (subject) => [subject.verdict]),
  },
  {
    name: 'code',
    aliases: [],
    example: 'code:tcp-unanswered',
    meaning: 'code of a finding, or its first words: code:multicast',
    values: FINDING_CODES,
    compile: (condition) => matchKnownName(condition, FINDING_CODES, (subject) => subject.codes),
  },
  {
    name: 'transport',
    aliases: [],
    example: 'transport:udp',
    meaning: 'tcp, udp, icmp, igmp and so on',
    values: ['tcp', 'udp', 'icmp', 'icmpv6', 'igmp'],
    compile: (condition) => matchName(condition, (subject) => [subject.transport]),
  },
  {
    name: 'outcome',
    aliases: [],
    example: 'outcome:unanswered',
    meaning: 'how a TCP connection went',
    values: ['unanswered', 'refused', 'half-open', 'established', 'closed', 'reset', 'midstream', 'none'],
    compile: (condition) => matchName(condition, (subject) => [subject.outcome]),
  },
  {
    name: 'confidence',
    aliases: [],
    example: 'confidence:port',
    meaning: 'why the protocol is believed: announced, content, port, none',
    values: ['announced', 'content', 'port', 'none'],
    compile: (condition) => matchName(condition, (subject) => [subject.confidence]),
  },
  {
    name: 'rule',
    aliases: [],
    example: 'rule:wms9-rtsp',
    meaning: 'row of the port catalogue, or its first words: rule:wms9',
    compile: (condition) => matchName(condition, (subject) => (subject.rule === null ? [] : [subject.rule])),
  },
  {
    name: 'host',
    aliases: ['ip'],
    example: 'host:10.1/16',
    meaning: 'address or network of either end',
    compile: (condition) => matchAddress(condition, [0, 1]),
  },
  {
    name: 'initiator',
    aliases: ['from', 'src'],
    example: 'from:10.10.1.10',
    meaning: 'address or network of the end that began',
    compile: (condition) => matchAddress(condition, [0]),
  },
  {
    name: 'responder',
    aliases: ['to', 'dst'],
    example: 'to:fd00::/8',
    meaning: 'address or network of the other end',
    compile: (condition) => matchAddress(condition, [1]),
  },
  {
    name: 'port',
    aliases: [],
    example: 'port:554,5004-5005',
    meaning: 'port of either end',
    compile: (condition) => matchNumber(condition, (subject) => [subject.initiatorPort, subject.responderPort]),
  },
  {
    name: 'id',
    aliases: ['flow'],
    example: 'id:12',
    meaning: 'number of the flow',
    compile: (condition) => matchNumber(condition, (subject) => [subject.id]),
  },
  {
    name: 'vlan',
    aliases: [],
    example: 'vlan:110',
    meaning: 'VLAN id',
    compile: (condition) => matchNumber(condition, (subject) => subject.vlans),
  },
  {
    name: 'packets',
    aliases: [],
    example: 'packets>100',
    meaning: 'packets of both directions',
    compile: (condition) => matchNumber(condition, (subject) => [subject.packets]),
  },
  {
    name: 'bytes',
    aliases: [],
    example: 'bytes>=1M',
    meaning: 'bytes of both directions',
    compile: (condition) => matchNumber(condition, (subject) => [subject.bytes]),
  },
  {
    name: 'loss',
    aliases: [],
    example: 'loss>1%',
    meaning: 'media packets lost, in percent',
    compile: (condition) => matchNumber(condition, (subject) => (subject.loss === null ? [] : [subject.loss])),
  },
  {
    name: 'since',
    aliases: [],
    example: 'since:10:02',
    meaning: 'seen at or after a time (UTC); since:+30s from the start, since:-5m before the end',
    compile: (condition) => {
      const moment = parseMoment(condition);
      return (subject) => subject.lastTime !== null && subject.lastTime >= moment;
    },
  },
  {
    name: 'until',
    aliases: [],
    example: 'until:2026-11-21T10:05Z',
    meaning: 'seen at or before a time, written as for since',
    compile: (condition) => {
      const moment = parseMoment(condition);
      return (subject) => subject.firstTime !== null && subject.firstTime <= moment;
    },
  },
];

const FIELDS_BY_NAME = new Map(
  QUERY_FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field])),
);

export function findQueryField(name: string): QueryField | null {
  return FIELDS_BY_NAME.get(name) ?? null;
}

type NamesOf = (subject: QuerySubject) => readonly string[];

/** Names separated by commas; each also stands for those that begin with it and a dash. */
function matchName(condition: FieldCondition, namesOf: NamesOf): QueryPredicate {
  const wanted = wantedNames(condition);
  const matches: QueryPredicate = (subject) =>
    namesOf(subject).some((name) => wanted.some((prefix) => isNameOrFamily(name.toLowerCase(), prefix)));
  return condition.comparison === '!=' ? (subject) => !matches(subject) : matches;
}

function matchKnownName(condition: FieldCondition, known: readonly string[], namesOf: NamesOf): QueryPredicate {
  for (const wanted of wantedNames(condition)) {
    if (!known.some((name) => isNameOrFamily(name, wanted))) {
      condition.fail(`no such value '${wanted}'; known are ${known.join(', ')}`);
    }
  }
  return matchName(condition, namesOf);
}

function wantedNames({ comparison, value, fail }: FieldCondition): string[] {
  if (comparison.startsWith('<') || comparison.startsWith('>')) fail('names have no order: use a colon');
  const names = value
    .toLowerCase()
    .split(',')
    .filter((name) => name !== '');
  return names.length > 0 ? names : fail(`'${value}' names nothing`);
}

function isNameOrFamily(name: string, wanted: string): boolean {
  return name.startsWith(wanted) && (name.length === wanted.length || name[wanted.length] === '-');
}
