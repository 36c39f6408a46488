/** What a check says: a verdict on flows, with the evidence that proves it. */

export const VERDICTS = ['blocked', 'refused', 'unexpected', 'undetermined', 'ok', 'background'] as const;
/** Gravest first; a flow's verdict is that of its gravest finding. */
export type Verdict = (typeof VERDICTS)[number];

/** Whether it is for somebody to mend, or to look into. */
export function isProblem(verdict: Verdict): boolean {
  return verdict !== 'ok' && verdict !== 'background';
}

/** What a finding of this verdict is called: one that finds no fault explains. */
export function nameFinding(verdict: Verdict): Verdict | 'note' {
  return isProblem(verdict) ? verdict : 'note';
}

export const FINDING_CODES = [
  'tcp-unanswered',
  'tcp-refused',
  'tcp-reset-by-path',
  'icmp-prohibited',
  'icmp-unreachable',
  'tcp-reset-midstream',
  'tcp-cut-midstream',
  'media-never-arrived',
  'media-one-way',
  'media-cut',
  'rollover',
  'request-unanswered',
  'server-refused',
  'multicast-no-data',
  'multicast-no-member',
  'multicast-scope',
  'multicast-two-sources',
  'wrong-protocol',
  'nonstandard-port',
  'unannounced-media',
  'not-in-policy',
  'wrong-direction',
  'capture-quality',
  'port-scan',
  'neighbour-unanswered',
  'path-mtu',
  'address-not-translated',
  'multicast-no-querier',
  'name-unresolved',
  'multicast-mac',
  'multicast-port',
  'fragments-lost',
  'media-lossy',
  'reports-one-way',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Who or what did it, as far as the capture proves. */
export type Cause = 'silent-drop' | 'host' | 'device-on-path' | 'icmp' | 'application' | 'unknown';

/** On which side of the capture point the failure lies. */
export type Where = 'toward-responder' | 'toward-initiator' | 'beyond-capture-point' | 'unknown';

export type Certainty = 'confirmed' | 'inferred';

/** One fact and the frame that shows it. */
export interface Evidence {
  /** Index into the snapshot's captures. */
  readonly capture: number;
  readonly frame: number;
  /** Nanoseconds since the analysis' origin. */
  readonly time: number;
  readonly fact: string;
}

/**
 * All texts are plain words without control characters; text that came from packets has been made safe by the check
 * with `printable` of `format/text.ts`, but is not escaped for HTML, Markdown or CSV: each report does that for its medium.
 */
export interface Finding {
  /** The code and a hash of what it concerns: the same in each capture of the same trouble, whatever else it holds. */
  readonly id: string;
  readonly code: FindingCode;
  readonly verdict: Verdict;
  readonly certainty: Certainty;
  readonly cause: Cause;
  readonly where: Where;
  /** One line: `RTSP from 10.10.1.10 to 10.10.2.20:554 is blocked: SYN sent 8 times, never answered`. */
  readonly title: string;
  /** What was seen, why it stands out, how sure: a few sentences. */
  readonly explanation: string;
  /** What to do next, one or two sentences. */
  readonly nextStep: string;
  /** Id of the catalogue row or policy rule that it concerns, null when none does. */
  readonly rule: string | null;
  /** Ids of the flows that are judged by this finding; the first is its best example. */
  readonly flows: readonly number[];
  /** Flows that explain it but are not judged by it. */
  readonly related: readonly number[];
  /** Multicast groups that it concerns. */
  readonly groups: readonly string[];
  /** In order of time, bounded. */
  readonly evidence: readonly Evidence[];
  /** Wireshark display filter that shows its flows. */
  readonly displayFilter: string;
  /**
   * What the texts repeat, as it stands in them, of packets and of the site's policy: it may name people and places, and an
   * anonymised report replaces it. Absent where they repeat nothing; addresses are not among it.
   */
  readonly quotes?: readonly string[];
  /** How many viewers (initiators) it hurts; ranks findings. */
  readonly viewers: number;
}
