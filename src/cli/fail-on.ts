/** `--fail-on`: which findings make the command end with exit code 1. */

import { InvalidArgumentError } from 'commander';
import type { Snapshot } from '../analysis/snapshot.ts';
import { type Certainty, VERDICTS, type Verdict } from '../verdict/finding.ts';

export interface FailCondition {
  readonly verdict: Verdict;
  /** `inferred` takes both. */
  readonly certainty: Certainty;
}

const CERTAINTIES: readonly Certainty[] = ['inferred', 'confirmed'];

/** `blocked,unexpected:confirmed`: each verdict may ask for the certainty that it needs. Throws for commander. */
export function parseFailOn(text: string): FailCondition[] {
  return text.split(',').map((part) => {
    const [name, least = 'inferred'] = part.split(/:(.*)/s);
    const verdict = VERDICTS.find((known) => known === name);
    if (verdict === undefined) throw new InvalidArgumentError(`'${name}' is not one of ${VERDICTS.join(', ')}.`);
    const certainty = CERTAINTIES.find((known) => known === least);
    if (certainty === undefined) throw new InvalidArgumentError(`'${least}' is not one of ${CERTAINTIES.join(', ')}.`);
    return { verdict, certainty };
  });
}

export function meetsFailCondition({ findings }: Snapshot, conditions: readonly FailCondition[]): boolean {
  return findings.some((finding) =>
    conditions.some(
      ({ verdict, certainty }) =>
        finding.verdict === verdict && (certainty === 'inferred' || finding.certainty === 'confirmed'),
    ),
  );
}
