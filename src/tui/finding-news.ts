/** What of a live capture's findings is new, and what has been quiet for long: both by the clock of the capture. */

import type { Snapshot } from '../analysis/snapshot.ts';
import { type Finding, VERDICTS } from '../verdict/finding.ts';

/** So long something is new, and so long after its last change it is taken for going on. */
const NEW_MS = 15_000;
const QUIET_MS = 60_000;

/** Absent for what is neither. */
export type FindingAge = 'new' | 'quiet';

interface Known {
  readonly finding: Finding;
  readonly arisenAt: number;
  /** When it last grew: by a frame, a flow or a viewer. */
  changedAt: number;
}

export class FindingNews {
  #known = new Map<string, Known>();

  /** Those that were there before anybody looked are not new. */
  constructor({ findings, progress }: Snapshot) {
    const changedAt = progress.elapsedMs;
    for (const finding of findings) {
      this.#known.set(finding.id, { finding, arisenAt: Number.NEGATIVE_INFINITY, changedAt });
    }
  }

  /** What has arisen, or has become graver than it was, and what has passed since the last time. */
  learn({ findings, progress: { elapsedMs } }: Snapshot): { arisen: Finding[]; passed: Finding[] } {
    const before = this.#known;
    const arisen: Finding[] = [];
    this.#known = new Map(
      findings.map((finding) => {
        const known = before.get(finding.id);
        if (known === undefined || isGraver(finding, known.finding)) {
          arisen.push(finding);
          return [finding.id, { finding, arisenAt: elapsedMs, changedAt: elapsedMs }];
        }
        const changedAt = hasGrown(known.finding, finding) ? elapsedMs : known.changedAt;
        return [finding.id, { finding, arisenAt: known.arisenAt, changedAt }];
      }),
    );
    return {
      arisen,
      passed: [...before.values()].filter(({ finding }) => !this.#known.has(finding.id)).map(({ finding }) => finding),
    };
  }

  /** By id. */
  ages({ progress: { elapsedMs } }: Snapshot): ReadonlyMap<string, FindingAge> {
    const ages = new Map<string, FindingAge>();
    for (const [id, { arisenAt, changedAt }] of this.#known) {
      if (elapsedMs - arisenAt < NEW_MS) ages.set(id, 'new');
      else if (elapsedMs - changedAt >= QUIET_MS) ages.set(id, 'quiet');
    }
    return ages;
  }
}

/** What could not be judged and now is proven is worth as much as what was not there. */
function isGraver(now: Finding, before: Finding): boolean {
  return VERDICTS.indexOf(now.verdict) < VERDICTS.indexOf(before.verdict);
}

function hasGrown(before: Finding, now: Finding): boolean {
  return (
    before.title !== now.title ||
    before.flows.length !== now.flows.length ||
    before.viewers !== now.viewers ||
    before.evidence.length !== now.evidence.length
  );
}
