import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app';
import { Interrupted } from '../config/exit';
import type { Log } from '../telemetry/log';
import { openProgress } from './progress-bar';

const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;
/** The longest delay of a timer in milliseconds, about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Shows progress until the tables contain everything that was in the log at the start, or until the signal aborts. An
 * unavailable store or unavailable tables are asked again.
 */
export async function showCatchingUp(
  { store, runtime }: Pick<App, 'store' | 'runtime'>,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const progress = process.stderr.isTTY ? openProgress('catching up') : sayings(log);
  let target: string | undefined;
  try {
    while (!signal.aborted) {
      try {
        target ??= await store.head();
        const goal = target;
        const behind = (await runtime.progress()).filter(
          ({ status, position }) => status !== 'poisoned' && position < goal,
        );
        if (behind.length === 0) return;
        progress.update(Math.min(...behind.map(({ position }) => Number(position))), Number(goal));
      } catch (error) {
        log.fault(error);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    progress.stop();
  }
}

function sayings(log: Log) {
  let said = Date.now();
  return {
    update: (position: number, head: number) => {
      if (Date.now() - said < SAY_EVERY_MS) return;
      said = Date.now();
      log.info('catching up', { position, head });
    },
    stop: () => {},
  };
}

/**
 * Waits for the signal, and keeps the process alive until then: a projector that waits for events does not. SIGTERM is
 * how a supervisor stops a server, so it counts as success; Ctrl-C exits with 130.
 */
export async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    const alive = setInterval(() => {}, LONGEST_MS);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    clearInterval(alive);
  }
  if ((signal.reason as Interrupted).by !== 'SIGTERM') throw new Interrupted('stopped');
}
