import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app';
import { Interrupted } from './exit';
import { openProgress } from './progress';

const LOOK_EVERY_MS = 250;

/** Shows how far the tables are until they have everything that was in the log when this began, or until the signal. */
export async function showCatchingUp(
  { store, runtime }: Pick<App, 'store' | 'runtime'>,
  signal: AbortSignal,
): Promise<void> {
  const target = await store.head();
  const progress = openProgress('catching up');
  try {
    while (!signal.aborted) {
      const behind = (await runtime.progress()).filter(
        ({ status, position }) => status !== 'poisoned' && position < target,
      );
      if (behind.length === 0) return;
      progress.update(Math.min(...behind.map(({ position }) => Number(position))), Number(target));
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    progress.stop();
  }
}

/** Waits for the signal. SIGTERM is how a supervisor stops a server, so it ends well; Ctrl-C ends with 130. */
export async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  if ((signal.reason as Interrupted).by !== 'SIGTERM') throw new Interrupted('stopped');
}
