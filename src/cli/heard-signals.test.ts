import { expect, it } from 'vitest';
import { HeardSignals } from './heard-signals.ts';

const SIGNAL = 'SIGUSR2';

async function raise(): Promise<void> {
  const heard = new Promise((resolve) => process.once(SIGNAL, resolve));
  process.kill(process.pid, SIGNAL);
  await heard;
}

it.skipIf(process.platform === 'win32')(
  'acts on a signal that came before it could, and on each after it',
  async () => {
    const signals = new HeardSignals([SIGNAL]);
    let acts = 0;
    signals.onSignal(() => acts++);
    expect(acts).toBe(0);
    signals.onSignal(() => {});
    await raise();
    signals.onSignal(() => acts++);
    expect(acts).toBe(1);
    await raise();
    expect(acts).toBe(2);
    signals.release();
    await raise();
    expect(acts).toBe(2);
  },
);
