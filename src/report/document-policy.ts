/** What a capture shows of the rules of the site's policy, and of which it showed something else before. */

import { counted } from '../format/count.ts';
import { clip } from './clip.ts';
import type { Block, Section } from './document.ts';
import type { Extent, ReportData } from './report-data.ts';
import { POLICY_STATE_WORDS } from './report-words.ts';

/** Since a baseline only the changes: a firewall is changed between the two. */
export function policySection({ snapshot, change }: ReportData, extent: Extent): Section {
  const rules = snapshot.policy.flatMap(({ rule, state, flowCount, site }) =>
    site === undefined ? [] : [{ rule, state, flowCount, site }],
  );
  const heading = 'Policy';
  if (rules.length === 0) return { heading, blocks: [] };
  if (change !== null) return { heading, blocks: changeBlocks(change.rules, extent) };
  const seen = rules.filter(({ state }) => state !== 'never-seen');
  const shown = seen.slice(0, extent.flows);
  const blocks: Block[] = [];
  if (shown.length > 0) {
    blocks.push({
      kind: 'table',
      columns: ['Rule', 'State', 'Flows', 'Ports', 'From, to, what for'],
      rows: shown.map(({ rule, state, flowCount, site }) => [
        rule,
        POLICY_STATE_WORDS[state],
        `${flowCount}`,
        site.ports,
        clip(site.text, extent.text),
      ]),
    });
  }
  const left = seen.length - shown.length;
  if (left > 0) blocks.push({ kind: 'paragraph', text: `${counted(left, 'more rule')} left out here.` });
  const unseen = rules.length - seen.length;
  if (unseen > 0) blocks.push({ kind: 'paragraph', text: `${counted(unseen, 'rule')} of which nothing was seen.` });
  return { heading, blocks };
}

function changeBlocks(changes: NonNullable<ReportData['change']>['rules'], extent: Extent): Block[] {
  if (changes.length === 0) return [{ kind: 'paragraph', text: 'Each rule is seen as it was.' }];
  const items = changes
    .slice(0, extent.flows)
    .map(({ rule, before, now }) => `${rule}: was ${POLICY_STATE_WORDS[before]}, is ${POLICY_STATE_WORDS[now]}`);
  const left = changes.length - items.length;
  if (left > 0) items.push(`${counted(left, 'more rule')} left out here`);
  return [{ kind: 'list', items }];
}
