/** What the application said: refusals of the other end, and requests that it never answered. */

import { printable } from '../format/text.ts';
import type { Question, Refusal } from '../protocol/control-record.ts';
import { isOfPeople } from '../protocol/sip/sip-status.ts';
import { type Draft, evidence, type Story } from './draft.ts';
import {
  type CaptureCase,
  type Direction,
  type Endpoint,
  type FlowCase,
  formatSeconds,
  isEndHidden,
  isPartHidden,
  NS_PER_SECOND,
} from './flow-case.ts';
import { isUndelivered } from './icmp-codes.ts';
import { carriesMedia } from './media-flow.ts';
import { seenUntil } from './sight.ts';

/** Repetitions of a request over UDP that show that its sender got no answer, and the time they must span. */
const FEWEST_REPETITIONS = 1;
const SHORTEST_WAIT_NS = 2 * NS_PER_SECOND;
/** No server takes that long to say something to a request that TCP has delivered. */
const STREAM_WAIT_NS = 10 * NS_PER_SECOND;

export function checkServerRefused(flow: FlowCase, _capture: CaptureCase): Draft | null {
  const open = flow.record?.refusals.filter((refusal) => refusal.overcomeAt === null) ?? [];
  const last = open.at(-1);
  if (last === undefined || !flow.isStreaming) return null;
  const sender = last.direction === 1 ? flow.responder : flow.initiator;
  const said = describeRefusal(last);
  const isClosed = last.code === 'closed';
  // What was said before a close may be what it answers.
  const isHidden = isEndHidden(flow, last.direction) || isPartHidden(flow, isClosed ? flow.firstTime : last.at.time);
  const what = isClosed ? `${sender.address} closed the connection: ${said}` : `${sender.address} answered ${said}`;
  return {
    code: 'server-refused',
    verdict: isHidden ? 'undetermined' : 'refused',
    certainty: isHidden ? 'inferred' : 'confirmed',
    cause: 'application',
    where: last.direction === 1 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `said ${last.request} ${last.code} ${sender.address}`,
    tell: () => ({
      what,
      why: `The request reached ${sender.address}, which ${isClosed ? 'closed the connection in place of an answer' : `said no: ${said}`}. The path is open; this is for whoever runs that end.${isHidden ? ` Part of this exchange is missing in the capture: ${sender.address} may have granted the same in it.` : ''}`,
      nextStep: adviceOn(last, sender.address, flow.protocol),
      evidence: open.slice(-8).map((refusal) => evidence(refusal.at, describeRefusal(refusal))),
      quotes: quote(flow, open.slice(-8).map(describeRefusal)),
    }),
  };
}

/** These name requests and refusals by tables of ours, whatever is in the packets. */
const NAMED_BY_TABLE: ReadonlySet<string | null> = new Set(['h323-ras', 'h323-q931', 'h323-h245', 'mms', 'msbd']);

function quote(flow: FlowCase, texts: readonly string[]): readonly string[] {
  return NAMED_BY_TABLE.has(flow.protocol) ? [] : texts;
}

/** Protocols of players; the codes of SIP mean other things. */
const PLAYED: ReadonlySet<string | null> = new Set(['rtsp', 'http', 'mmsh']);

/** What helps is known of few codes, all of RTSP and HTTP (RFC 2326 section 11, RFC 9110 section 15). */
function adviceOn({ code }: Refusal, server: string, protocol: string | null): string {
  if (protocol === 'sip' && isOfPeople(code))
    return 'Call again, or ask the callee: nothing has to be done on the network.';
  switch (PLAYED.has(protocol) ? code : '') {
    case '401':
      return `Give the player the user name and password that ${server} asks for.`;
    case '407':
      return `Give the player the user name and password of the proxy ${server}.`;
    case '404':
      return `Compare the address that the player asks for with what ${server} offers.`;
    case '461':
      return `Let the player ask for another transport (media within TCP or over UDP), or permit this one in the settings of ${server}.`;
    default:
      return `Look at the log and the settings of ${server} for this request.`;
  }
}

/** Without a full stop of its own: it stands within sentences. */
function describeRefusal({ request, code, words }: Refusal): string {
  if (code === 'closed') return printable(words, 200);
  const text = printable(
    `${request === '' ? '' : `${request}: `}${code}${words === '' || words === code ? '' : ` ${words}`}`,
    200,
  );
  return text.replace(/\.+$/, '');
}

export function checkRequestUnanswered(flow: FlowCase, capture: CaptureCase): Draft | null {
  if (!flow.isStreaming || flow.icmp.some(isUndelivered)) return null;
  return flow.tcp === null ? checkDatagramRequest(flow, capture) : checkStreamRequest(flow, capture);
}

function checkDatagramRequest(flow: FlowCase, capture: CaptureCase): Draft | null {
  const question = flow.record?.questions.find(
    (candidate) => candidate.answeredAt === null && candidate.repetitions >= FEWEST_REPETITIONS,
  );
  if (question === undefined) return null;
  const first = question.sentAt[0];
  const last = question.sentAt.at(-1);
  if (first === undefined || last === undefined || last.time - first.time < SHORTEST_WAIT_NS) return null;
  const asker = question.direction === 0 ? flow.initiator : flow.responder;
  const asked = question.direction === 0 ? flow.responder : flow.initiator;
  if (isAnsweredElsewhere(flow, asker, asked, first.time, capture)) return null;
  const isVisible = capture.hosts.host(asker.address)?.reached != null;
  // Once an answer came, the path is open: then it is the other end that fell silent.
  const wasAnswered = flow.record?.questions.some((other) => other.answeredAt !== null) === true;
  const request = printable(question.request, 80);
  return {
    code: 'request-unanswered',
    verdict: isVisible && !flow.isMulticast && !wasAnswered ? 'blocked' : 'undetermined',
    certainty: 'inferred',
    cause: isVisible ? 'silent-drop' : 'unknown',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `unanswered ${request} ${asked.address} ${asked.port}`,
    tell: () => ({
      what: `${request} sent ${question.repetitions + 1} times over ${formatSeconds(last.time - first.time)}, never answered`,
      ...adviceOnSilence(asker.address, asked, { isVisible, isGroup: flow.isMulticast, wasAnswered }),
      evidence: question.sentAt
        .slice(0, 12)
        .map((at, i) => evidence(at, i === 0 ? `${request} sent` : `${request} sent again`)),
      quotes: quote(flow, [request]),
    }),
  };
}

function adviceOnSilence(
  asker: string,
  asked: Endpoint,
  { isVisible, isGroup, wasAnswered }: { isVisible: boolean; isGroup: boolean; wasAnswered: boolean },
): Pick<Story, 'why' | 'nextStep'> {
  if (!isVisible) {
    return {
      why: `Nothing else on its way to ${asker} is in this capture, so an answer would not show either: ${asker} may have got one, and have asked anew.`,
      nextStep: `Capture the packets to ${asker} too.`,
    };
  }
  const silence = `${asker} repeated its request; packets toward it are seen in this capture, an answer is not.`;
  if (isGroup) {
    return {
      why: `${silence} It asked a group: nobody may be there to answer, or the group may not be routed to them.`,
      nextStep: `Give ${asker} the address of the host that is to answer, or check that one has joined ${asked.address}.`,
    };
  }
  if (wasAnswered) {
    return {
      why: `${silence} Others of its requests were answered, so the path is open: ${asked.address} fell silent, or does not know this request.`,
      nextStep: `Look at the log of ${asked.address} for this time.`,
    };
  }
  return {
    why: `${silence} A filter or a host that is not there look the same from here.`,
    nextStep: `Check that ${asked.address} is up and takes UDP ${asked.port}, then ask for that port to be permitted.`,
  };
}

/** A request to a group is answered by unicast, from whoever felt addressed (H.225.0 section 7.2); others answer from another port. */
function isAnsweredElsewhere(
  flow: FlowCase,
  asker: Endpoint,
  asked: Endpoint,
  since: number,
  capture: CaptureCase,
): boolean {
  const isAnswer = (from: Endpoint, to: Endpoint, lastTime: number): boolean =>
    to.address === asker.address &&
    to.port === asker.port &&
    lastTime >= since &&
    (flow.isMulticast || from.address === asked.address);
  return capture.flows.some((other) => {
    if (other === flow || other.isMulticast || other.protocol !== flow.protocol) return false;
    const { initiator, responder, lastTimes } = other;
    return isAnswer(responder, initiator, lastTimes[1]) || isAnswer(initiator, responder, lastTimes[0]);
  });
}

/** A request over TCP that the other end acknowledged, and nothing came back but acknowledgements. */
function checkStreamRequest(flow: FlowCase, capture: CaptureCase): Draft | null {
  const question = flow.record?.questions.find((candidate) => candidate.answeredAt === null);
  const asked = question?.sentAt.at(-1);
  if (question === undefined || asked === undefined) return null;
  const other = question.direction === 0 ? 1 : 0;
  if (hasHungUp(flow, question, asked.time)) return tellHungUp(flow, question);
  const waited = endOfWait(flow, asked.time, other, capture) - asked.time;
  const isDelivered = flow.tcp?.acknowledgesData[other] === true && flow.tcp.runs[question.direction] === null;
  if (waited < STREAM_WAIT_NS || !isDelivered) return null;
  if (hasSpokenSince(flow, question, asked.time) || capture.announcedBy(flow.id).some(carriesMedia)) return null;
  const server = other === 1 ? flow.responder : flow.initiator;
  const request = printable(question.request, 80);
  return {
    code: 'request-unanswered',
    verdict: 'undetermined',
    certainty: 'inferred',
    cause: 'unknown',
    where: 'unknown',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `silent ${request} ${server.address} ${server.port}`,
    tell: () => ({
      what: `${request} was delivered, and nothing came back in ${formatSeconds(waited)}`,
      why:
        `TCP acknowledged the request, so something at ${server.address} or in its name has it; no answer of the application comes here. ` +
        'A server that hangs looks like this; so do a proxy or an inspecting firewall that takes the connection and passes nothing on, and a filter before this point that drops the answer for its size or its words.',
      nextStep: `Look on ${server.address} itself whether the request arrives and is answered: if it does not arrive, something on the path answers in its name; if it is answered, something on the path drops the answer.`,
      evidence: [evidence(asked, `${request} sent, acknowledged, not answered`)],
      quotes: quote(flow, [request]),
    }),
  };
}

/** Bytes in another protocol than that of the request: an error page at most. */
const MOST_FOREIGN_BYTES = 4096;

/** Whether the other end closed instead of answering: it never said a word of this protocol, and nothing of it is missing. */
function hasHungUp(flow: FlowCase, question: Question, asked: number): boolean {
  const other = question.direction === 0 ? 1 : 0;
  const { tcp, record, payload } = flow;
  // By their times: queues of a card hand the packets of two directions over in any order.
  const [fin] = (tcp?.events ?? [])
    .filter(({ kind, time }) => kind === 'fin' && time >= asked)
    .toSorted((one, later) => one.time - later.time);
  if (tcp == null || fin === undefined || fin.direction !== other || payload[other] > MOST_FOREIGN_BYTES) return false;
  const acknowledged = tcp.acknowledgedBytes[other];
  const isWhole = acknowledged !== null && acknowledged <= payload[other] + 1;
  const isDelivered = tcp.acknowledgesData[other] && tcp.runs[question.direction] === null;
  return (
    isWhole &&
    isDelivered &&
    !isEndHidden(flow, question.direction) &&
    record?.messages.some(({ direction }) => direction === other) !== true
  );
}

function tellHungUp(flow: FlowCase, question: Question): Draft {
  const other = question.direction === 0 ? 1 : 0;
  const server = other === 1 ? flow.responder : flow.initiator;
  const request = printable(question.request, 80);
  const isForeign = flow.payload[other] > 0;
  const fin = flow.tcp?.events.find(({ kind }) => kind === 'fin');
  const what = isForeign
    ? `answered ${request} with bytes that are not ${flow.label}, and closed`
    : `closed the connection: no answer to ${request}`;
  return {
    code: 'server-refused',
    verdict: 'refused',
    certainty: 'inferred',
    cause: 'application',
    where: other === 1 ? 'toward-responder' : 'toward-initiator',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `hung up ${request} ${server.address} ${server.port}`,
    tell: () => ({
      what: `${server.address} ${what}`,
      why:
        `TCP acknowledged ${request}, and the other end closed at once. ` +
        (isForeign
          ? `What listens on port ${server.port} speaks another protocol.`
          : 'Servers close so on clients that they do not admit, and so does a device before them that takes connections and finds no server behind it.'),
      nextStep: isForeign
        ? `Look what listens on port ${server.port} of ${server.address}, and where ${flow.label} is served.`
        : `Look at the log and the settings of ${server.address} for this request.`,
      evidence: [
        ...question.sentAt.slice(0, 1).map((at) => evidence(at, `${request} sent`)),
        ...(fin === undefined ? [] : [evidence(fin, `closed by ${server.address}`)]),
      ],
      quotes: quote(flow, [request]),
    }),
  };
}

/** Until when an answer could still be seen: the end of the connection, or of what the capture could see. */
function endOfWait(flow: FlowCase, asked: number, answers: Direction, capture: CaptureCase): number {
  const closing = flow.tcp?.events.find(({ kind, time }) => (kind === 'fin' || kind === 'rst') && time >= asked);
  const unseen = seenUntil(capture, { capture: flow.capture, since: asked, heard: flow.lastTimes[answers] });
  return Math.min(closing?.time ?? capture.endTime, unseen);
}

function hasSpokenSince(flow: FlowCase, question: Question, time: number): boolean {
  return (
    flow.record?.messages.some((message) => message.direction !== question.direction && message.at.time >= time) ===
    true
  );
}
