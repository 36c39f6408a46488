/** What a live capture without a screen prints: findings as they arise, change and pass, losses, and summaries. */

import type { Analysis, QualityNote, Snapshot } from '../analysis/snapshot.ts';
import { formatTimeOfDay } from '../format/time.ts';
import { writeReport } from '../report/formats.ts';
import { findingToJson, totalsToJson } from '../report/json-rows.ts';
import { reportOnCapture } from '../report/report-source.ts';
import { TICKET_LENGTH } from '../report/text-report.ts';
import { type Finding, nameFinding } from '../verdict/finding.ts';
import { toolOf } from './capture-command.ts';
import type { CliHost } from './host.ts';

export const LIVE_FORMATS = ['text', 'jsonl'] as const;
export type LiveFormat = (typeof LIVE_FORMATS)[number];

/** Findings that are remembered; what arises beyond them is told in the summary only. */
const MOST_FINDINGS = 10_000;

type FindingState = 'arisen' | 'changed' | 'passed';

export class LiveNews {
  readonly #host: CliHost;
  readonly #analysis: Analysis;
  readonly #format: LiveFormat;
  readonly #unsubscribe: () => void;
  /** Those that stand, by id. */
  #findings = new Map<string, Finding>();
  /** Dropped frames as they were last told. */
  #dropped = 0;
  /** Warnings about the capture that stand. */
  #warnings: ReadonlySet<string> = new Set();
  /** What is printed comes one after the other. */
  #printing: Promise<void>;

  constructor(host: CliHost, analysis: Analysis, format: LiveFormat) {
    this.#host = host;
    this.#analysis = analysis;
    this.#format = format;
    this.#printing = this.#begin(analysis.snapshot);
    this.#unsubscribe = analysis.subscribe((snapshot) => this.#tell(snapshot));
  }

  summarize(): void {
    this.#printing = this.#printing.then(() => this.#writeSummary(this.#analysis.snapshot));
  }

  /** Prints a line of what others did, in words or for programs. */
  note(words: string, row: Readonly<Record<string, unknown>>): void {
    this.#say(this.#analysis.snapshot, words, row);
  }

  /** Resolves when all has been printed, a summary at the end. */
  async end(): Promise<void> {
    this.#unsubscribe();
    this.summarize();
    await this.#printing;
  }

  async #begin({ captures }: Snapshot): Promise<void> {
    const [capture] = captures;
    if (capture === undefined) return;
    if (this.#format === 'jsonl') await this.#writeJson({ event: 'started', capture: capture.file });
    else this.#host.complain(`mediatap: capturing on ${capture.file}`);
  }

  #tell(snapshot: Snapshot): void {
    const standing = new Map(snapshot.findings.slice(0, MOST_FINDINGS).map((finding) => [finding.id, finding]));
    for (const [id, finding] of standing) {
      const known = this.#findings.get(id);
      if (known === undefined) this.#tellFinding(snapshot, 'arisen', finding);
      else if (isOther(known, finding)) this.#tellFinding(snapshot, 'changed', finding);
    }
    for (const [id, finding] of this.#findings) {
      if (!standing.has(id)) this.#tellFinding(snapshot, 'passed', finding);
    }
    this.#findings = standing;
    for (const note of snapshot.quality) this.#tellLoss(snapshot, note);
    const warnings = snapshot.captures.flatMap((capture) => capture.warnings.map(({ text }) => text));
    for (const text of warnings) {
      if (!this.#warnings.has(text)) this.#say(snapshot, `NOTE: ${text}`, { event: 'warning', text });
    }
    this.#warnings = new Set(warnings);
  }

  #tellFinding(snapshot: Snapshot, state: FindingState, finding: Finding): void {
    const { originSeconds } = snapshot;
    const words =
      state === 'passed'
        ? `PASSED: ${finding.title}`
        : `${nameFinding(finding.verdict).toUpperCase()}: ${finding.title}`;
    this.#say(snapshot, words, { event: 'finding', state, finding: findingToJson(finding, originSeconds) });
  }

  /** Losses grow by the second: they are told when they arise and each time that they have doubled. */
  #tellLoss(snapshot: Snapshot, note: QualityNote): void {
    if (note.code !== 'dropped') return;
    if (note.count < 2 * this.#dropped) return;
    this.#dropped = note.count;
    this.#say(snapshot, `NOTE: ${note.text}`, { event: 'quality', note });
  }

  /** With the time on the clock of the frames. */
  #say({ originSeconds, totals }: Snapshot, words: string, row: Readonly<Record<string, unknown>>): void {
    const time = totals.lastTime ?? 0;
    this.#printing = this.#printing.then(() =>
      this.#format === 'jsonl'
        ? this.#writeJson(row)
        : this.#host.write(`${formatTimeOfDay(time, originSeconds).slice(0, 8)} ${words}\n`),
    );
  }

  async #writeSummary(snapshot: Snapshot): Promise<void> {
    const { phase, failure, captures, totals, findings, quality, originSeconds } = snapshot;
    if (this.#format === 'jsonl') {
      const counts = captures.map(({ file, frames, bytes, dropped, warnings }) => ({
        ...{ file, frames, bytes, dropped, warnings },
      }));
      await this.#writeJson({
        ...{ event: 'summary', phase, failure, captures: counts, totals: totalsToJson(totals, originSeconds), quality },
        findings: findings.map((finding) => findingToJson(finding, originSeconds)),
      });
      return;
    }
    const source = reportOnCapture(this.#analysis, snapshot, toolOf(this.#host));
    await this.#host.write('\n');
    for await (const chunk of writeReport(source, 'text', TICKET_LENGTH)) await this.#host.write(chunk);
  }

  #writeJson(row: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#host.write(`${JSON.stringify(row)}\n`);
  }
}

/** Counts in titles grow all the time; a verdict and how sure it is do not. */
function isOther(known: Finding, finding: Finding): boolean {
  return known.verdict !== finding.verdict || known.certainty !== finding.certainty;
}
