/** The store and the keys of the terminal UI over a sample analysis, with a host that remembers what it was asked to do. */

import { vi } from 'vitest';
import type { Snapshot } from '../src/analysis/snapshot.ts';
import { Controls } from '../src/tui/controls.ts';
import { KeyDecoder } from '../src/tui/key-decoder.ts';
import { layOutScreen } from '../src/tui/layout.ts';
import type { SaveRequest } from '../src/tui/saving.ts';
import { Store } from '../src/tui/store.ts';
import { createTheme } from '../src/tui/theme.ts';
import type { LiveAnalysis } from './live-analysis.ts';

const { marks } = createTheme('dark', 'none', true);

export function openScreen(analysis: LiveAnalysis, columns = 80, rows = 24, canAnonymize = true, ring = () => {}) {
  const saver = {
    formats: [{ id: 'text', description: 'for a ticket' }],
    canAnonymize,
    evidenceFormat: 'evidence',
    save: vi.fn(async ({ format }: SaveRequest) => `report.${format}`),
    saveCopy: vi.fn(async () => 'copied.txt'),
  };
  const host = { saver, copy: vi.fn((_text: string) => true), quit: vi.fn(), suspend: vi.fn() };
  const store = new Store(analysis, { marks, columns, rows, offer: saver, changed: () => {}, ring });
  const controls = new Controls(analysis, store, host);
  const decoder = new KeyDecoder();
  const press = async (keys: string) => {
    for (const input of [...decoder.push(keys), ...decoder.flush()]) controls.input(input);
    await answers();
  };
  return { store, controls, host, press };
}

/** Time for the analysis to answer. */
export function answers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const READING: Partial<Snapshot> = {
  phase: 'reading',
  progress: { bytesRead: 10, bytesTotal: 100, elapsedMs: 5 },
};
export const CAPTURING: Partial<Snapshot> = {
  phase: 'reading',
  progress: { bytesRead: 10, bytesTotal: null, elapsedMs: 5 },
};

/** Rows of the screen as text. */
export function rowsOf({ scene }: Store): string[] {
  return layOutScreen(scene).map(({ line }) => line.map(({ text }) => text).join(''));
}

/** The row below the tabs. */
export function statusOf(store: Store): string {
  return rowsOf(store)[2] ?? '';
}
