/** What `e` offers: each format, for the findings at hand and for the whole capture. */

import { counted } from '../../format/count.ts';
import { span } from '../line.ts';
import type { SaveRequest } from '../saving.ts';
import { currentPage } from '../state.ts';
import { fitText } from '../text-width.ts';
import { filteredFindings } from './finding-filter.ts';
import { BLANK, type Row, row, type Scene } from './view.ts';

const FORMAT_WIDTH = 14;
const SCOPE_WIDTH = 22;

export interface SaveChoice extends Omit<SaveRequest, 'isAnonymized'> {
  readonly scope: string;
  readonly description: string;
}

export function saveChoices(scene: Scene): SaveChoice[] {
  const atHand = findingsAtHand(scene);
  const whole = { scope: 'the whole capture', findings: [] };
  const scopes = atHand.length === 0 ? [whole] : [{ scope: scopeName(scene, atHand), findings: atHand }, whole];
  const { formats } = scene.data.offer;
  return scopes.flatMap((scope) => formats.map(({ id, description }) => ({ ...scope, format: id, description })));
}

/** The marked findings, else the one that is open or under the cursor. */
export function findingsAtHand(scene: Scene): readonly string[] {
  const { marked, view, positions } = scene.state;
  if (marked.length > 0) return marked;
  const page = currentPage(scene.state);
  if (page?.kind === 'finding') return [page.id];
  const chosen = page === null && view === 'findings' ? filteredFindings(scene)[positions.findings.cursor] : undefined;
  return chosen === undefined ? [] : [chosen.id];
}

function scopeName({ state }: Scene, findings: readonly string[]): string {
  return state.marked.length === 0 ? 'this finding' : counted(findings.length, 'marked finding');
}

export function saveMenuRows(scene: Scene): Row[] {
  const { overlay } = scene.state;
  if (overlay.kind !== 'save') return [];
  const addresses = overlay.isAnonymized ? ' with addresses replaced' : ' with addresses as they are';
  const heading = row([span(`  Save${scene.data.offer.canAnonymize ? addresses : ''}`, 'accent')]);
  const choices = saveChoices(scene).map(({ format, scope, description }, index) => {
    const isSelected = index === overlay.chosen;
    const gutter = span(isSelected ? `${scene.marks.cursor} ` : '  ', 'key');
    const cells = [
      span(fitText(format, FORMAT_WIDTH), 'key'),
      span(fitText(scope, SCOPE_WIDTH)),
      span(description, 'dim'),
    ];
    return row([gutter, ...cells], isSelected);
  });
  return [heading, BLANK, ...choices];
}
