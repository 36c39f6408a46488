/** Requests over UDP whose answers pass this point and do not arrive: they are repeated all the same. */

import { printable } from '../format/text.ts';
import type { Question } from '../protocol/control-record.ts';
import { type Draft, evidence } from './draft.ts';
import { type CaptureCase, type FlowCase, formatEndpoint, formatSeconds, NS_PER_SECOND } from './flow-case.ts';

/** A repetition may cross its answer on the way, more of them do not. */
const FEWEST_REPETITIONS = 3;
const SHORTEST_NS = 3 * NS_PER_SECOND;

export function checkAnswerLost(flow: FlowCase, _capture: CaptureCase): Draft | null {
  if (!flow.isStreaming || flow.isMulticast || flow.tcp !== null || flow.icmp.length > 0) return null;
  const question = flow.record?.questions.find(
    ({ answeredAt, repeatedAt }) =>
      answeredAt !== null &&
      repeatedAt.length >= FEWEST_REPETITIONS &&
      (repeatedAt.at(-1)?.time ?? 0) - answeredAt.time >= SHORTEST_NS,
  );
  return question === undefined ? null : answerLostDraft(flow, question);
}

function answerLostDraft(flow: FlowCase, question: Question): Draft {
  const [asker, asked] = question.direction === 0 ? [flow.initiator, flow.responder] : [flow.responder, flow.initiator];
  const { answeredAt, repeatedAt } = question;
  const last = repeatedAt.at(-1);
  const request = printable(question.request, 80);
  return {
    code: 'request-unanswered',
    verdict: 'blocked',
    certainty: 'inferred',
    cause: 'silent-drop',
    where: question.direction === 0 ? 'toward-initiator' : 'toward-responder',
    flows: [flow],
    related: [],
    groups: [],
    rule: flow.row?.id ?? null,
    groupKey: `answer lost ${request} ${asked.address} ${asked.port}`,
    tell: () => ({
      what: `${request} is answered past this point, yet sent ${repeatedAt.length} more times`,
      why:
        `${asked.address} answered, and ${asker.address} went on to repeat its ${request}${last && answeredAt ? ` for ${formatSeconds(last.time - answeredAt.time)} after that` : ''}, ` +
        `which it does only as long as no answer comes: the answers are dropped between this point and ${asker.address}.`,
      nextStep: `Ask for UDP from ${formatEndpoint(asked)} to ${formatEndpoint(asker)} to be permitted between the capture point and ${asker.address}.`,
      evidence: [
        ...(answeredAt === null ? [] : [evidence(answeredAt, `${request} answered`)]),
        ...repeatedAt.slice(0, 12).map((at) => evidence(at, `${request} sent again`)),
      ],
      quotes: [request],
    }),
  };
}
