/** What findings and verdicts mean, in words. */

import type { Finding, Verdict } from '../../verdict/finding.ts';
import type { Scene } from './view.ts';

/** The title of the gravest finding that judges a flow; empty when none does. */
export function flowRemark(flow: number, { data }: Scene): string {
  return data.snapshot.findings.find(({ flows }) => flows.includes(flow))?.title ?? '';
}

const CAUSES: Readonly<Record<Finding['cause'], string>> = {
  'silent-drop': 'dropped in silence',
  host: 'by the host itself',
  'device-on-path': 'by a device on the path',
  icmp: 'told by ICMP',
  application: 'by the application',
  unknown: 'cause not known',
};

const PLACES: Readonly<Record<Finding['where'], string>> = {
  'toward-responder': 'on the way to the responder',
  'toward-initiator': 'on the way back to the initiator',
  'beyond-capture-point': 'beyond the capture point',
  unknown: 'place not known',
};

/** `confirmed; dropped in silence; on the way to the responder`. */
export function describeCertainty(finding: Finding): string {
  return [finding.certainty, CAUSES[finding.cause], PLACES[finding.where]].join('; ');
}

/** The heading of each verdict in plain words. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  blocked: 'proven not to get through',
  refused: 'reached, and the other end said no',
  unexpected: 'should not be here, or not this way',
  undetermined: 'the capture does not prove it either way',
  ok: 'works',
  background: 'neither streaming nor on a streaming port',
};
