import { Terminal } from '@xterm/headless';
import { expect, it } from 'vitest';
import { ScreenWriter } from './screen-writer.ts';

async function shown(writes: readonly string[]): Promise<string[]> {
  const terminal = new Terminal({ cols: 6, rows: 3, allowProposedApi: true });
  for (const text of writes) await new Promise<void>((resolve) => terminal.write(text, resolve));
  const lines = [0, 1, 2].map((row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '');
  terminal.dispose();
  return lines;
}

it('sends only the rows that changed', () => {
  const writer = new ScreenWriter();
  writer.update('a\nb\nc');
  const update = writer.update('a\nB\nc');
  expect(update).toContain('B');
  expect(update).not.toContain('a');
  expect(writer.update('a\nB\nc')).toBe('');
});

it('leaves nothing of longer rows behind, and keeps rows that reach the edge whole', async () => {
  const writer = new ScreenWriter();
  const frames = ['123456\nabcdef\nlast', '12\nabcdef\n123456', '12\n\n123456'];
  expect(await shown(frames.map((frame) => writer.update(frame)))).toEqual(['12', '', '123456']);
});

it('draws everything again once the screen was not its own', () => {
  const writer = new ScreenWriter();
  writer.update('a\nb');
  writer.forget();
  expect(writer.update('a\nb')).toContain('a');
});
