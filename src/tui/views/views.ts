/** All views by id, and the pages that Enter opens over them. */

import type { Finding } from '../../verdict/finding.ts';
import { currentPage, currentPosition, type Page, type ViewId } from '../state.ts';
import { captureView } from './capture.ts';
import { filteredFindings } from './finding-filter.ts';
import { findingAsText, findingPage, flowsNamed } from './finding-text.ts';
import { findingsView } from './findings.ts';
import { flowPage } from './flow-page.ts';
import { flowsView } from './flows.ts';
import { copyFrame, framePage } from './frame-page.ts';
import { hostsView } from './hosts.ts';
import { multicastView } from './multicast.ts';
import { policyView } from './policy.ts';
import { streamsView } from './streams.ts';
import { summaryView } from './summary.ts';
import { type Scene, text, textView, type View } from './view.ts';

const VIEW_TABLE: Readonly<Record<ViewId, View>> = {
  findings: findingsView,
  flows: flowsView,
  streams: streamsView,
  multicast: multicastView,
  policy: policyView,
  hosts: hostsView,
  capture: captureView,
  summary: summaryView,
};

const PAGES: Readonly<Record<Page['kind'], View>> = {
  finding: textView(
    (scene) => {
      const finding = openedFinding(scene);
      return finding === null ? [text('  This finding is no longer there.')] : findingPage(finding, scene);
    },
    {
      open(scene) {
        const flow = openedFinding(scene)?.flows[0];
        return flow === undefined ? null : { kind: 'flow', id: flow };
      },
      copy(scene) {
        const finding = openedFinding(scene);
        return finding === null ? null : { kind: 'text', what: 'the finding', text: findingAsText(finding) };
      },
      wants(scene) {
        const finding = openedFinding(scene);
        return finding === null ? [] : flowsNamed(finding);
      },
      findProblem(scene, _cursor, by) {
        const findings = filteredFindings(scene);
        const at = findings.findIndex(({ id }) => id === openedFinding(scene)?.id);
        const next = at < 0 ? undefined : findings[at + by];
        return next === undefined ? null : { kind: 'finding', id: next.id };
      },
    },
  ),
  flow: textView(
    (scene) => {
      const page = openedFlow(scene);
      const detail = page === null ? null : scene.data.details.get(page.id);
      if (detail === undefined) return [text('  Asking for the flow')];
      return detail === null ? [text('  This flow is no longer there.')] : flowPage(detail, scene);
    },
    {
      copy: openedFlow,
      wants(scene) {
        const page = openedFlow(scene);
        return page === null ? [] : [page.id];
      },
    },
  ),
  frame: textView(framePage, { copy: copyFrame }),
};

function openedFlow({ state }: Scene): Extract<Page, { kind: 'flow' }> | null {
  const page = currentPage(state);
  return page?.kind === 'flow' ? page : null;
}

function openedFinding({ state, data }: Scene): Finding | null {
  const page = currentPage(state);
  return data.snapshot.findings.find(({ id }) => page?.kind === 'finding' && page.id === id) ?? null;
}

/** What fills the screen: the innermost page, or the view. */
export function currentView({ state }: Scene): View {
  const page = currentPage(state);
  return page === null ? VIEW_TABLE[state.view] : PAGES[page.kind];
}

/** Ids of the flows whose details the screen shows. */
export function wantedDetails(scene: Scene): readonly number[] {
  return currentView(scene).wants?.(scene, currentPosition(scene.state).cursor) ?? [];
}
