/** How a flow begins and ends, by its packets alone: who opened it, and whether it is over. */

import { type DecodedPacket, IP_PROTOCOL, TCP_FLAG } from '../packet/decoded-packet.ts';

/** Makes any finished connection older than any that may go on: about eleven days. */
const FINISHED_BONUS_NS = 1e15;

/**
 * How long a flow may be silent before a capture without an end forgets it. What is over is still looked at for a while; a
 * connection that nobody answered stays longer than it takes to try again; an open one may be kept alive every two hours
 * (RFC 9293 section 3.8.4).
 */
const LONGEST_SILENCE_NS = { over: 300e9, unanswered: 900e9, open: 7_500e9, datagrams: 300e9 };

/** Whether the packet itself tells who opened its connection: a SYN or a SYN-ACK. */
export function tellsInitiator(packet: DecodedPacket): boolean {
  return packet.transport === IP_PROTOCOL.tcp && (packet.tcpFlags & TCP_FLAG.syn) !== 0;
}

/**
 * Whether the sender of a flow's first packet opened it: the sender of a SYN and the receiver of a SYN-ACK; else who spoke
 * first, unless its port looks like a server's.
 */
export function isSenderInitiator(packet: DecodedPacket): boolean {
  if (packet.transport !== IP_PROTOCOL.tcp) return true;
  if ((packet.tcpFlags & TCP_FLAG.syn) !== 0) return (packet.tcpFlags & TCP_FLAG.ack) === 0;
  return !isServerPort(packet.sourcePort, packet.destinationPort);
}

/** Without a handshake, the lower of two ports is the server's when it is a registered one and the other is not. */
function isServerPort(port: number, other: number): boolean {
  if (port >= other) return false;
  return port < 1024 || (port < 32_768 && other >= 32_768) || (port < 10_000 && other >= 10_000);
}

/** What is asked of a flow table to choose whom to forget. */
interface AgingTable {
  readonly slots: number;
  isUsed(slot: number): boolean;
  lastTime(slot: number): number;
  transport(slot: number): number;
  flags(slot: number, direction: 0 | 1): number;
}

/** The flows that are missed least: finished connections first, then those idle for longest. `now` as the table's times. */
export function leastUseful(table: AgingTable, count: number, now: number): number[] {
  const ages = new Float64Array(table.slots).fill(-1);
  const used: number[] = [];
  for (let slot = 0; slot < table.slots; slot++) {
    if (!table.isUsed(slot)) continue;
    ages[slot] = now - table.lastTime(slot) + (isFinished(table, slot) ? FINISHED_BONUS_NS : 0);
    used.push(slot);
  }
  return used.sort((a, b) => (ages[b] as number) - (ages[a] as number)).slice(0, count);
}

/** The flows that have been silent for so long that nothing more is to be expected of them. */
export function silentFlows(table: AgingTable, now: number): number[] {
  const silent: number[] = [];
  for (let slot = 0; slot < table.slots; slot++) {
    if (table.isUsed(slot) && now - table.lastTime(slot) > longestSilence(table, slot)) silent.push(slot);
  }
  return silent;
}

function longestSilence(table: AgingTable, slot: number): number {
  if (table.transport(slot) !== IP_PROTOCOL.tcp) return LONGEST_SILENCE_NS.datagrams;
  if (isFinished(table, slot)) return LONGEST_SILENCE_NS.over;
  return table.flags(slot, 1) === 0 ? LONGEST_SILENCE_NS.unanswered : LONGEST_SILENCE_NS.open;
}

/** Whether a TCP connection was closed by both ends or reset: nothing more is to come. */
function isFinished(table: AgingTable, slot: number): boolean {
  if (table.transport(slot) !== IP_PROTOCOL.tcp) return false;
  const toResponder = table.flags(slot, 0);
  const toInitiator = table.flags(slot, 1);
  return ((toResponder | toInitiator) & TCP_FLAG.rst) !== 0 || (toResponder & toInitiator & TCP_FLAG.fin) !== 0;
}
