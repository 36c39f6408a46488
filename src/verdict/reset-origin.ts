/**
 * Who sent a reset: the host whose address it bears, or a device on the path in its name. Compared are its TTL with that
 * host's own packets and its MAC with what is known of routers. Where neither can be compared, nobody is named.
 */

import type { HostInfo, TtlSighting } from '../flow/host-table.ts';
import { IP_PROTOCOL } from '../packet/decoded-packet.ts';
import { evidence } from './draft.ts';
import type { Certainty, Evidence } from './finding.ts';
import type { CaptureCase, FlowCase, HostKnowledge, TcpEvent } from './flow-case.ts';
import { areNear, hopsOf, INITIAL_TTLS, isOnSegment } from './position.ts';

export interface ResetOrigin {
  readonly by: 'host' | 'path' | 'unknown';
  readonly certainty: Certainty;
  /** Sentences: what was compared and what it shows. */
  readonly why: string;
  readonly evidence: readonly Evidence[];
}

export function findResetOrigin(reset: TcpEvent, flow: FlowCase, capture: CaptureCase): ResetOrigin {
  const senderAddress = reset.direction === 1 ? flow.responder.address : flow.initiator.address;
  const host = capture.hosts.host(senderAddress);
  const byTtl = host === null ? null : compareTtl(reset, flow, host, capture);
  if (byTtl !== null) return byTtl;
  return judgeWithoutBaseline(reset, flow, capture, senderAddress);
}

/** Against the host's own TCP packets; null when there is none to compare with. */
function compareTtl(reset: TcpEvent, flow: FlowCase, host: HostInfo, capture: CaptureCase): ResetOrigin | null {
  const { address } = host;
  const { macs } = capture.hosts;
  const all = host.ttls.filter((sighting) => sighting.transport === IP_PROTOCOL.tcp);
  // Where a span shows both sides of a router, only packets of the same side are as far away.
  const beside = all.filter((sighting) => reset.mac !== 0 && sighting.mac === reset.mac);
  const own = beside.length > 0 ? beside : all;
  const first = own[0];
  if (first === undefined) return null;
  if (reset.mac !== 0 && reset.mac === host.forwarder) return ofForwarder(reset, first, address, macs);
  const same = own.find((sighting) => sighting.ttl === reset.ttl);
  if (same !== undefined) {
    if (isOfRouterBeside(reset, host, macs)) return sameTtlOtherMac(reset, same, address);
    return {
      by: 'host',
      certainty: 'inferred',
      why: `The reset has TTL ${reset.ttl}, the same as other packets of ${address} (frame ${same.frame}), so it came from as far away as the host itself.`,
      evidence: [evidence(same, `${address} itself sends with TTL ${same.ttl}`)],
    };
  }
  const nearest = own.find((sighting) => isAsFar(reset.ttl, sighting.ttl));
  if (nearest !== undefined) return ambiguousTtl(reset, nearest, address);
  if (beside.length > 0 && isOfBearer(reset, flow, address, capture)) return ofBearer(reset, first, address);
  if (beside.length === 0 && isOfOwnSide(reset, flow, host, macs)) return ofOtherSide(reset, first, address);
  const isFromBehind = own.every(({ ttl }) => hopsOf(ttl) === 0 && hopsOf(reset.ttl) <= ORDINARY_DIFFERENCE);
  return isFromBehind ? fromBehind(reset, first, address) : differentTtl(reset, first, host, address);
}

/** A span shows the host's packets before and after a router: what still has its initial TTL behind it began there. */
function ofForwarder(reset: TcpEvent, own: TtlSighting, address: string, macs: HostKnowledge['macs']): ResetOrigin {
  const isItsOwn = INITIAL_TTLS.includes(reset.ttl);
  const passing = `MAC ${macs.byId(reset.mac)?.mac ?? ''}, which passes on the packets of ${address} and takes one off their TTL (one of them before it: frame ${own.frame})`;
  return {
    by: isItsOwn ? 'path' : 'host',
    certainty: 'inferred',
    why: isItsOwn
      ? `The reset still has its initial TTL ${reset.ttl}, yet it came from ${passing}: the router or firewall itself sent it in the name of ${address}.`
      : `The reset has TTL ${reset.ttl} and came from ${passing}: it was passed on as they are.`,
    evidence: [evidence(own, `${address} itself sends with TTL ${own.ttl}, before the router`)],
  };
}

/** Paths that differ by so many routers are paths of one host at different times or with another load. */
const ORDINARY_DIFFERENCE = 2;

/**
 * Whether the difference of two TTLs has an ordinary explanation: a device that starts resets from another initial value, or
 * another way through the network. A sender on this very segment has passed no router, and is no such case.
 */
function isAsFar(reset: number, own: number): boolean {
  const [hops, ownHops] = [hopsOf(reset), hopsOf(own)];
  if (hops === ownHops) return true;
  return hops > 0 && ownHops > 0 && Math.abs(hops - ownHops) <= ORDINARY_DIFFERENCE;
}

/** Unreduced, from a MAC that bears the address on this segment, and passes on what has a router behind it. */
function isOfBearer(reset: TcpEvent, flow: FlowCase, address: string, capture: CaptureCase): boolean {
  if (!INITIAL_TTLS.includes(reset.ttl)) return false;
  if (capture.hosts.macs.byId(reset.mac)?.resolved?.address === address) return true;
  const other = reset.direction === 1 ? flow.initiator.address : flow.responder.address;
  return areNear(address, other) && isOnSegment(other, capture) === true;
}

function ofBearer(reset: TcpEvent, own: TtlSighting, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset has the unreduced TTL ${reset.ttl}; other packets of ${address} have TTL ${own.ttl} and came from the same MAC (frame ${own.frame}), which bears that address on this segment: ` +
      'a host whose containers have services of their own looks like this where it refuses a port itself, and so does a device that translates addresses and rejects.',
    evidence: [evidence(own, `packet of ${address} with TTL ${own.ttl} from the same MAC`)],
  };
}

/**
 * Sent on the segment that its request reached through a router, by a MAC that is none: so would the host itself, where the
 * capture has its other packets from the other side of that router alone.
 */
function isOfOwnSide(reset: TcpEvent, flow: FlowCase, host: HostInfo, macs: HostKnowledge['macs']): boolean {
  const request = flow.tcp?.events.find(({ kind, direction }) => kind === 'syn' && direction !== reset.direction);
  if (request === undefined || INITIAL_TTLS.includes(request.ttl) || !INITIAL_TTLS.includes(reset.ttl)) return false;
  const isRouter = (mac: number): boolean => macs.byId(mac)?.router != null;
  return reset.mac !== 0 && !isRouter(reset.mac) && isRouter(request.mac) && host.macs.some(isRouter);
}

function ofOtherSide(reset: TcpEvent, own: TtlSighting, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset has the unreduced TTL ${reset.ttl}, on a segment that its request reached through a router; other packets of ${address} have TTL ${own.ttl} and came from a router (frame ${own.frame}). ` +
      `Where the capture shows both sides of that router, ${address} itself is on this one; else a device on this segment has sent it.`,
    evidence: [evidence(own, `packet of ${address} with TTL ${own.ttl}, from a router`)],
  };
}

function ambiguousTtl(reset: TcpEvent, own: TtlSighting, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset has TTL ${reset.ttl}, ${address} itself sends with TTL ${own.ttl} (frame ${own.frame}). That is about as far away: ` +
      'another way through the network, or a host that starts its resets from another value, look like this, and so does a device close to the host.',
    evidence: [evidence(own, `${address} itself sends with TTL ${own.ttl}`)],
  };
}

/** An unreduced TTL from the MAC of a router, or of another address, that never sent for this host otherwise. */
function isOfRouterBeside(reset: TcpEvent, host: HostInfo, macs: HostKnowledge['macs']): boolean {
  if (!INITIAL_TTLS.includes(reset.ttl) || host.macs.length === 0 || host.macs.includes(reset.mac)) return false;
  const mac = macs.byId(reset.mac);
  return mac !== null && (mac.router !== null || (mac.resolved !== null && mac.resolved.address !== host.address));
}

function sameTtlOtherMac(reset: TcpEvent, own: TtlSighting, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why: `The reset has the TTL ${reset.ttl} of other packets of ${address} (frame ${own.frame}), but came from another MAC, which is a router's or that of another address. Whether ${address} or that device sent it cannot be told from here.`,
    evidence: [evidence(own, `${address} itself sends with TTL ${own.ttl} from another MAC`)],
  };
}

/** A device that is here answers in the host's name, as one does that guards it from half-open connections: the reset is not its own. */
function fromBehind(reset: TcpEvent, own: TtlSighting, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset has TTL ${reset.ttl} and has passed a router; other packets of ${address} have the unreduced TTL ${own.ttl} (frame ${own.frame}), as if a device on this segment ` +
      `had sent them in its name: one that takes connections for it looks like this (SYN proxy, load balancer). Then the reset is from behind that device: from ${address} itself, or from a firewall before it.`,
    evidence: [evidence(own, `packet of ${address} with TTL ${own.ttl}`)],
  };
}

function differentTtl(reset: TcpEvent, own: TtlSighting, host: HostInfo, address: string): ResetOrigin {
  const isAnotherMac = reset.mac !== 0 && host.macs.length > 0 && !host.macs.includes(reset.mac);
  const macWords = isAnotherMac ? ' It also came from another MAC than the packets of that host.' : '';
  return {
    by: 'path',
    certainty: isAnotherMac ? 'confirmed' : 'inferred',
    why:
      `The reset has TTL ${reset.ttl}; ${address} itself sends with TTL ${own.ttl} (frame ${own.frame}): ` +
      `it was sent from another place, in that host's name.${macWords}`,
    evidence: [evidence(own, `${address} itself sends with TTL ${own.ttl}`)],
  };
}

function judgeWithoutBaseline(reset: TcpEvent, flow: FlowCase, capture: CaptureCase, address: string): ResetOrigin {
  const mac = capture.hosts.macs.byId(reset.mac);
  if (!INITIAL_TTLS.includes(reset.ttl)) return judgeForwarded(reset, capture, address);
  if (mac?.resolved?.address === address) {
    return {
      by: 'host',
      certainty: 'inferred',
      why: `The reset has the unreduced TTL ${reset.ttl} and came from MAC ${mac.mac}, which answers for ${address} itself.`,
      evidence: [evidence(mac.resolved, `MAC ${mac.mac} belongs to ${address}`)],
    };
  }
  if (mac !== null && mac.router !== null) {
    const other = reset.direction === 1 ? flow.initiator.address : flow.responder.address;
    if (areNear(address, other) && isOnSegment(other, capture) === true) return ofRoutersOwn(reset, mac.mac, address);
    return {
      by: 'path',
      certainty: 'inferred',
      why:
        `The reset still has its initial TTL ${reset.ttl}, so no router has passed it on, yet it came from MAC ${mac.mac}, ` +
        `which is a router's: ${mac.router.fact} (frame ${mac.router.frame}). The router or firewall itself sent it in the name of ${address}.`,
      evidence: [evidence(mac.router, `MAC ${mac.mac} is a router's: ${mac.router.fact}`)],
    };
  }
  if (mac !== null && mac.resolved !== null) {
    return {
      by: 'path',
      certainty: 'inferred',
      why:
        `The reset still has its initial TTL ${reset.ttl}, so its sender is on this segment, and it came from MAC ${mac.mac}, ` +
        `which belongs to ${mac.resolved.address} and not to ${address}.`,
      evidence: [evidence(mac.resolved, `MAC ${mac.mac} belongs to ${mac.resolved.address}`)],
    };
  }
  return judgeByPosition(reset, flow, address);
}

/** An address of the segment itself, that a router's MAC speaks for: the router bears it, as a gateway does, or hides its host. */
function ofRoutersOwn(reset: TcpEvent, mac: string, address: string): ResetOrigin {
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset still has its initial TTL ${reset.ttl} and came from MAC ${mac}, which is a router's. ${address} seems to be an address of this segment: ` +
      'it may be an address of that router, which then refuses for itself, or of a host that the router answers for.',
    evidence: [],
  };
}

/** It has passed a router, as the packets of a host behind one do, and those of a firewall there. */
function judgeForwarded(reset: TcpEvent, capture: CaptureCase, address: string): ResetOrigin {
  const same = capture.hosts.host(address)?.ttls.find((sighting) => sighting.ttl === reset.ttl);
  if (same !== undefined) {
    return {
      by: 'host',
      certainty: 'inferred',
      why: `The reset has TTL ${reset.ttl}, as other packets of ${address} have that are not TCP (frame ${same.frame}): it came from as far away as the host itself.`,
      evidence: [evidence(same, `${address} itself sends with TTL ${same.ttl}`)],
    };
  }
  return {
    by: 'host',
    certainty: 'inferred',
    why:
      `The reset has TTL ${reset.ttl}, so it has passed at least one router on its way here and does not come from the gateway of this segment. ` +
      `No other packet of ${address} is in the capture to compare it with: a firewall farther away that resets in its name would look the same, which is rarer.`,
    evidence: [],
  };
}

/** With nothing known of the MAC: on which side of the capture point do the two ends lie? */
function judgeByPosition(reset: TcpEvent, flow: FlowCase, address: string): ResetOrigin {
  const request = flow.tcp?.events.find((event) => event.kind === 'syn' && event.direction !== reset.direction);
  const isOtherRemote = request !== undefined && !INITIAL_TTLS.includes(request.ttl);
  if (isOtherRemote || areNear(flow.initiator.address, flow.responder.address)) {
    return {
      by: 'host',
      certainty: 'inferred',
      why: `The reset has the unreduced TTL ${reset.ttl}, as ${address} would send it from this segment. No other TCP packet of that host is in the capture to compare it with.`,
      evidence: [],
    };
  }
  return {
    by: 'unknown',
    certainty: 'inferred',
    why:
      `The reset has the unreduced TTL ${reset.ttl}: its sender is on this segment. Whether that is ${address} or a ` +
      `firewall in its name cannot be told: the capture has no other TCP packet of that host and nothing that shows whose MAC it came from.`,
    evidence: [],
  };
}
