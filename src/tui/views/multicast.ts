/** The matrix of multicast: each group with who sends, who listens and who asks. */

import type { GroupFlowRow, GroupRow } from '../../analysis/snapshot.ts';
import { counted, formatBitRate, formatBytes, formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/time.ts';
import type { QuerySubject } from '../../query/query-subject.ts';
import type { Finding } from '../../verdict/finding.ts';
import type { Column } from '../columns.ts';
import { formatCompact } from '../compact.ts';
import { verdictSpan } from '../flow-text.ts';
import { formatMoment } from '../moment.ts';
import { labelled } from './labelled.ts';
import { isFiltered, NOTHING_SAID, rowFilter } from './row-filter.ts';
import { arrayItems, tableView } from './table.ts';
import type { Scene, TextLine } from './view.ts';

/** Sources that are told of one by one. */
const MOST_SENT = 8;

const filteredGroups = rowFilter<GroupRow>({ verdict: ({ verdict }) => verdict, subjects: groupSubjects });

export const multicastView = tableView<GroupRow>({
  items: (scene) => arrayItems(filteredGroups(scene.data.snapshot.multicast, scene)),
  columns: groupColumns,
  identify: ({ group }) => group,
  emptyText: ({ state }) =>
    isFiltered(state) ? 'No group matches the filter. Esc clears it.' : 'No multicast in what was read.',
  foot: groupLines,
  footRows: 8,
  footShare: 0.3,
  open(group, scene) {
    const finding = findingOf(group, scene);
    return finding === null ? { kind: 'flows', where: `to:${group.group}` } : { kind: 'finding', id: finding.id };
  },
  remark: (group, scene) => findingOf(group, scene)?.title ?? '',
  verdict: ({ verdict }) => verdict,
});

/** What is sent to it and who asks for it, each as the flow that it is. */
function groupSubjects(group: GroupRow, scene: Scene): QuerySubject[] {
  const { verdict, packets, bytes, name, scope, querier, flows, members, left } = group;
  const finding = findingOf(group, scene);
  const said: QuerySubject = {
    ...NOTHING_SAID,
    verdict,
    packets,
    bytes,
    codes: finding === null ? [] : [finding.code],
    responderAddress: group.group,
    text: [name, scope, querier, finding?.title].filter(Boolean).join('\n'),
  };
  const sent = flows.map(({ flow, source, port, protocol }) => {
    const kind = { transport: 'udp', protocol, protocolLabel: protocol ?? '' };
    return { ...said, ...kind, id: flow, initiatorAddress: source, responderPort: port };
  });
  const asked = [...members, ...left].map(({ address, version }) => {
    return { ...said, protocolLabel: version, initiatorAddress: address };
  });
  return sent.length + asked.length === 0 ? [said] : [...sent, ...asked];
}

function findingOf({ group }: GroupRow, { data }: Scene): Finding | null {
  return data.snapshot.findings.find(({ groups }) => groups.includes(group)) ?? null;
}

function groupColumns({ marks }: Scene): Column<GroupRow>[] {
  return [
    { title: 'Verdict', width: 14, rank: 0, cell: ({ verdict }) => [verdictSpan(verdict, marks).text, verdict] },
    {
      title: 'Group',
      width: 15,
      cut: 'middle',
      most: 30,
      rank: 0,
      cell: ({ group }) => group,
      order: ({ group }) => group,
    },
    {
      title: 'Sources',
      width: 15,
      cut: 'middle',
      most: 34,
      rank: 0,
      cell: ({ sources }) => firstOf(sources, 'nobody sends'),
    },
    {
      title: 'Members',
      width: 14,
      cut: 'middle',
      most: 34,
      rank: 1,
      cell: memberText,
    },
    { title: 'Name', width: 12, most: 28, rank: 3, cell: ({ name }) => name ?? '', order: ({ name }) => name },
    { title: 'Ports', width: 8, most: 16, rank: 4, cell: ({ ports }) => firstOf(ports.map(String), '') },
    {
      title: 'Packets',
      width: 8,
      align: 'right',
      rank: 2,
      cell: ({ packets }) => formatCompact(packets),
      order: ({ packets }) => packets,
    },
    {
      title: 'Bytes',
      width: 8,
      align: 'right',
      rank: 5,
      cell: ({ bytes }) => formatBytes(bytes),
      order: ({ bytes }) => bytes,
    },
    {
      title: 'Rate',
      width: 11,
      align: 'right',
      rank: 4,
      cell: ({ bitsPerSecond }) => describeRate(bitsPerSecond),
      order: ({ bitsPerSecond }) => bitsPerSecond,
    },
    {
      title: 'Join',
      width: 8,
      align: 'right',
      rank: 7,
      cell: ({ joinToFirstPacketMs: ms }) => describeWait(ms),
      order: ({ joinToFirstPacketMs: ms }) => ms,
    },
    { title: 'Querier', width: 12, most: 20, rank: 6, cell: ({ querier }) => querier ?? 'none seen' },
  ];
}

function describeRate(bitsPerSecond: number | null): string {
  return bitsPerSecond === null ? '' : formatBitRate(bitsPerSecond / 8, 1);
}

function describeWait(milliseconds: number | null): string {
  return milliseconds === null ? '' : formatSpan(milliseconds);
}

/** From the first join to the first packet, and from the last leave to the last packet. */
function describeWaits({ joinToFirstPacketMs: joined, leaveToLastPacketMs: left }: GroupRow): string {
  const words = [
    joined === null ? '' : `${formatSpan(joined)} from the first join to the first packet`,
    left === null ? '' : `${formatSpan(left)} from the last leave to the last packet`,
  ];
  return words.filter(Boolean).join(', ') || 'not seen: it was there before, or nobody joined and left';
}

/** The first of several, and how many more there are. */
function firstOf(values: readonly string[], none: string): string {
  const [first] = values;
  if (first === undefined) return none;
  return values.length === 1 ? first : `${first} +${values.length - 1}`;
}

/** Whoever asks for it now; else whoever did. */
function memberText({ members, left }: GroupRow): string {
  const now = members.map(({ address }) => address);
  const [first] = left;
  return firstOf(now, first === undefined ? 'nobody' : `${first.address}, left`);
}

function groupLines(group: GroupRow, scene: Scene): TextLine[] {
  const { width } = scene;
  const finding = findingOf(group, scene);
  const members = group.members.map(({ address, version }) => `${address} (${version})`);
  const left = group.left.map(({ address, leftAt }) => `${address} (left at ${formatMoment(leftAt, scene)})`);
  const sent = group.flows.map((flow) => describeGroupFlow(flow));
  return [
    ...(finding === null ? [] : labelled('Finding', finding.title, width)),
    ...labelled('Group', [group.group, group.name ?? '', group.scope].filter(Boolean).join(', '), width),
    ...(sent.length === 0 ? labelled('Sources', 'nobody sends here', width) : []),
    ...sent.slice(0, MOST_SENT).flatMap((words, index) => labelled(index === 0 ? 'Sources' : '', words, width)),
    ...(sent.length > MOST_SENT ? labelled('', `and ${formatCount(sent.length - MOST_SENT)} more`, width) : []),
    ...labelled('Members', [...members, ...left].join(', ') || 'nobody has joined here', width),
    ...labelled('Querier', group.querier ?? 'none seen: nobody asks who is still a member', width),
    ...labelled('Waits', describeWaits(group), width),
  ];
}

/** `10.10.2.20 to port 5004: rtp, 264 packets, 233 kbit/s, TTL 16`. */
function describeGroupFlow({ source, port, protocol, ttl, packets, bitsPerSecond }: GroupFlowRow): string {
  const facts = [
    protocol ?? 'unknown',
    counted(packets, 'packet'),
    describeRate(bitsPerSecond),
    ttl === null ? '' : `TTL ${ttl}`,
  ];
  return `${source} to port ${port}: ${facts.filter(Boolean).join(', ')}`;
}
