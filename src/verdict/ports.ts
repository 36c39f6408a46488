/** Protocols on ports that are not theirs. */

import { describeSource } from '../policy/catalogue.ts';
import { contradictedRow, type FlowPortFacts, isOnUnlistedPort } from '../policy/flow-rows.ts';
import { type Draft, evidence, openingPacket } from './draft.ts';
import type { Evidence } from './finding.ts';
import { type CaptureCase, type FlowCase, hasHandshake } from './flow-case.ts';

/** The bytes are not what the responder's port is for. */
export function checkWrongProtocol(flow: FlowCase, _capture: CaptureCase): Draft | null {
  const facts = flow.confidence === 'content' ? portFacts(flow) : null;
  if (facts === null) return null;
  const row = contradictedRow(facts);
  if (row === null) return null;
  const { address, port } = flow.responder;
  return {
    code: 'wrong-protocol',
    verdict: 'unexpected',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: row.id,
    groupKey: `wrong ${flow.protocol} ${address} ${port}`,
    tell: () => ({
      what: `port ${port} is for ${row.protocol}, the bytes are ${flow.label}`,
      why:
        `The payload is ${flow.label} by its content. Port ${port} is listed for ${row.protocol} (${describeSource(row)}); a firewall rule ` +
        `made for ${row.protocol} lets this pass unnoticed.`,
      nextStep: `Ask whoever runs ${address} why ${flow.label} is on port ${port}; move it or narrow the rule.`,
      evidence: [firstPayload(flow, `payload is ${flow.label}`)],
    }),
  };
}

/** A streaming protocol on a port that no row lists for it. */
export function checkNonstandardPort(flow: FlowCase, _capture: CaptureCase): Draft | null {
  const facts = flow.confidence === 'content' ? portFacts(flow) : null;
  if (facts === null || !isOnUnlistedPort(facts)) return null;
  // A port that belongs to another streaming protocol is the graver finding.
  if (contradictedRow(facts) !== null) return null;
  const { address, port } = flow.responder;
  return {
    code: 'nonstandard-port',
    verdict: 'unexpected',
    certainty: 'confirmed',
    cause: 'application',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: null,
    groupKey: `port ${flow.protocol} ${address} ${port}`,
    tell: () => ({
      what: `${flow.label} runs on port ${port}, which no port table lists for it`,
      why: `The payload is ${flow.label} by its content. Rules that are written from the makers' tables do not cover port ${port}.`,
      nextStep: `Confirm that ${flow.label} is meant to be on port ${port} of ${address}, and write that port into the rules.`,
      evidence: [firstPayload(flow, `payload is ${flow.label}`)],
    }),
  };
}

/** Ports on which RTSP runs within HTTP. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 8080]);
const MSBD_PORT = 7007;

/** Without its beginning: RTSP within HTTP shows no HTTP any more, and MMS frames its media as MSBD does. */
function isMiddleOfAnother(flow: FlowCase): boolean {
  if (flow.tcp === null || hasHandshake(flow)) return false;
  const { port } = flow.responder;
  return (flow.protocol === 'rtsp' && WEB_PORTS.has(port)) || (flow.protocol === 'mms' && port === MSBD_PORT);
}

function portFacts(flow: FlowCase): FlowPortFacts | null {
  if ((flow.transport !== 'tcp' && flow.transport !== 'udp') || isMiddleOfAnother(flow)) return null;
  return {
    transport: flow.transport,
    protocolId: flow.protocol,
    initiatorPort: flow.initiator.port,
    responderPort: flow.responder.port,
    isMulticast: flow.isMulticast,
    announced: flow.announced.length > 0,
    responderSends: flow.packets[1] > 0,
    isOverHttp: flow.record?.variant.includes('HTTP') === true,
  };
}

/** The first control message where there is one, else the flow's first frame. */
function firstPayload(flow: FlowCase, fact: string): Evidence {
  const message = flow.record?.messages[0];
  return message === undefined ? openingPacket(flow, fact) : evidence(message.at, fact);
}
