/** The least set of permits that would let through what a capture shows to be blocked. */

import { parseNetwork } from '../format/address.ts';
import { counted } from '../format/count.ts';
import { describeRowPorts, describeSource, findRow } from './catalogue.ts';
import { type Helper, leastPermits, type Permit, type RuleSet } from './permit.ts';
import { peakOf, rangeAround } from './port-sizing.ts';

interface End {
  readonly address: string;
  readonly port: number;
}

/** A flow that was blocked, or announced and never arrived. */
export interface BlockedFlow {
  readonly transport: 'tcp' | 'udp';
  readonly protocol: string | null;
  readonly label: string;
  /** Catalogue row, or null. */
  readonly rule: string | null;
  readonly initiator: End;
  readonly responder: End;
  readonly isMulticast: boolean;
  /** The control channel that announced it, null when none did. */
  readonly control: { readonly protocol: string | null; readonly label: string; readonly server: string } | null;
  /** When it lived, in any unit: how many lived at once sizes a range. */
  readonly start: number;
  readonly end: number;
}

export function permitsOfBlocked(flows: readonly BlockedFlow[]): RuleSet {
  const notes = new Set<string>();
  const direct = flows.filter(({ control, isMulticast }) => control === null || isMulticast);
  const announced = flows.filter(({ control, isMulticast }) => control !== null && !isMulticast);
  const permits = [...needed(direct, notes).map(permitOfDirect), ...mediaPermits(announced, notes)].filter(
    (permit) => permit !== null,
  );
  if (direct.some(({ transport, responder }) => transport === 'tcp' && responder.port === 80)) {
    notes.add('A content server redirects requests for streams on port 80 to 8080: if this is one, permit 8080 too.');
  }
  if (permits.length === 0) notes.add('Nothing in the capture is proven to be blocked: no permit is needed for it.');
  return {
    title: 'what the capture shows to be blocked',
    permits: leastPermits(permits),
    notes: [...notes],
    windowsServers: [],
    dcom: [],
  };
}

/** Ports that a player tries only because the one before it is closed. */
const FALLBACKS: ReadonlySet<number> = new Set([1755, 80, 8080]);

/** A player that would be served by RTSP never comes to MMS or HTTP: one permit cures the whole rollover. */
function needed(flows: readonly BlockedFlow[], notes: Set<string>): BlockedFlow[] {
  const pair = ({ initiator, responder }: BlockedFlow): string => `${initiator.address} ${responder.address}`;
  const served = new Set(
    flows.filter(({ transport, protocol }) => transport === 'tcp' && protocol === 'rtsp').map(pair),
  );
  return flows.filter((flow) => {
    const isFallback = flow.transport === 'tcp' && flow.protocol !== 'rtsp' && FALLBACKS.has(flow.responder.port);
    if (!isFallback || !served.has(pair(flow))) return true;
    const { address, port } = flow.responder;
    notes.add(
      `Port ${port} of ${address} is not needed by players whose RTSP gets through: they tried it because RTSP was blocked.`,
    );
    return false;
  });
}

function permitOfDirect(flow: BlockedFlow): Permit | null {
  const from = parseNetwork(flow.initiator.address);
  const to = parseNetwork(flow.responder.address);
  const { port } = flow.responder;
  if (from === null || to === null || port === 0) return null;
  return {
    transport: flow.transport,
    from: [from],
    to: [to],
    fromPorts: null,
    toPorts: { first: port, last: port },
    ...reasonOf(flow),
    helper: flow.transport === 'tcp' ? helperFor(flow.protocol) : flow.protocol === 'h323-ras' ? 'h323-ras' : null,
    alternative: null,
  };
}

function reasonOf({ rule, label }: BlockedFlow): Pick<Permit, 'rules' | 'what'> {
  const row = rule === null ? null : findRow(rule);
  if (row === null) return { rules: ['blocked'], what: `${label}, as seen in the capture` };
  return { rules: [row.id], what: `${describeRowPorts(row)}, ${describeSource(row)}` };
}

function helperFor(protocol: string | null): Helper | null {
  if (protocol === 'rtsp') return 'rtsp';
  return protocol === 'h323-q931' || protocol === 'h323-h245' ? 'h323-call' : null;
}

/** One permit for each pair of server and client, transport and control protocol: its range holds every port that was announced. */
function mediaPermits(flows: readonly BlockedFlow[], notes: Set<string>): Permit[] {
  const groups = new Map<string, BlockedFlow[]>();
  for (const flow of flows) {
    const [server, client] = endsOf(flow);
    const key = `${flow.transport} ${flow.control?.protocol} ${server.address} ${client.address}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [flow]);
    else known.push(flow);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const permit = first === undefined ? null : mediaPermit(first, group);
    if (permit?.toPorts == null) return [];
    const { first: least, last: most } = permit.toPorts;
    const control = first?.control?.label ?? 'a control channel';
    notes.add(
      `${least === most ? `Port ${least} was` : `Ports ${least}-${most} were`} agreed upon over ${control}: room for what was seen at once ` +
        `(${counted(peakOf(group), 'flow')}) and ten percent more; the next session may choose others. ` +
        `Prefer the firewall's helper for ${control}, or fix the range at the server or player.`,
    );
    return [permit];
  });
}

/** The end where the control channel's server is, and the other one. */
function endsOf({ control, initiator, responder }: BlockedFlow): [End, End] {
  return initiator.address === control?.server ? [initiator, responder] : [responder, initiator];
}

/** TCP channels are opened by their initiator; datagrams come from the server to the ports of its client. */
function mediaPermit(first: BlockedFlow, group: readonly BlockedFlow[]): Permit | null {
  const isTcp = first.transport === 'tcp';
  const ways = group.map((flow): [End, End] => (isTcp ? [flow.initiator, flow.responder] : endsOf(flow)));
  const ports = ways.map(([, to]) => to.port).filter((port) => port > 0);
  const [way] = ways;
  const from = way === undefined ? null : parseNetwork(way[0].address);
  const to = way === undefined ? null : parseNetwork(way[1].address);
  if (from === null || to === null || ports.length === 0) return null;
  return {
    transport: first.transport,
    from: [from],
    to: [to],
    fromPorts: null,
    toPorts: rangeAround(ports, peakOf(group)),
    ...reasonOf(first),
    helper: null,
    alternative: null,
  };
}
