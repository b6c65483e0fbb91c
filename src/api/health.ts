import type { ApiDependencies } from './dependencies';

/** Events the tables may be behind and still count as ready. */
const TOLERATED_LAG = 10_000n;

export interface Readiness {
  readonly ready: boolean;
  readonly position?: string;
  /** Why not, one sentence each. */
  readonly reasons: readonly string[];
}

/** Ready: the store answers, and no projection is stopped or far behind. */
export async function readiness(door: Pick<ApiDependencies, 'store' | 'runtime'>): Promise<Readiness> {
  let position: string;
  try {
    position = await door.store.head();
  } catch (error) {
    return { ready: false, reasons: [`the store does not answer: ${(error as Error).message}`] };
  }
  try {
    const progress = await door.runtime.progress();
    const reasons = progress.flatMap(({ name, status, position: reached, poison }) => {
      if (poison) return [`projection ${name} stopped at ${poison.type} at ${poison.position}: ${poison.message}`];
      const lag = BigInt(position) - BigInt(reached);
      if (lag > TOLERATED_LAG) return [`projection ${name} is ${lag} events behind (${status})`];
      return status === 'waiting' && lag > 0n ? [`projection ${name} has no tables yet`] : [];
    });
    return { ready: reasons.length === 0, position, reasons };
  } catch (error) {
    return { ready: false, position, reasons: [`the tables cannot be read: ${(error as Error).message}`] };
  }
}
