import type { Progress } from '../runtime/progress';
import type { ApiDependencies } from './dependencies';

/** How long an event may wait to be folded while the tables still count as fresh. Milliseconds. */
const TOLERATED_AGE_MS = 10_000;
/** How long a store may take to say where it ends. Milliseconds. */
const PATIENCE_MS = 2_000;

export interface Readiness {
  /** The store answers, reads are answered, and what is read is fresh. Whether a disk has room shows in the acts. */
  readonly ready: boolean;
  /** Reads are answered, with the position they are computed at. */
  readonly reads: boolean;
  readonly position?: string;
  /** Why not, one sentence each. */
  readonly reasons: readonly string[];
}

type Door = Pick<ApiDependencies, 'store' | 'runtime'>;

/** What is said while the last answers are given. */
export const STOPPING: Readiness = { ready: false, reads: false, reasons: ['the server is stopping'] };

/** Ready: the store answers, and no projection is stopped or far behind. */
export async function readiness(door: Door): Promise<Readiness> {
  let head: string;
  try {
    head = await within(PATIENCE_MS, door.store.head());
  } catch (error) {
    const reasons = [`the store does not answer: ${(error as Error).message}`];
    const readable = await positionOfTables(door);
    return { ready: false, reads: readable !== undefined, ...at(readable), reasons };
  }
  try {
    const progress = await within(PATIENCE_MS, door.runtime.progress());
    const reasons = (await Promise.all(progress.map((each) => faultsOf(door, head, each)))).flat();
    const readable = await positionOfTables(door);
    return { ready: reasons.length === 0, reads: readable !== undefined, ...at(readable), reasons };
  } catch (error) {
    return { ready: false, reads: false, reasons: [`the tables cannot be read: ${(error as Error).message}`] };
  }
}

async function faultsOf({ store }: Door, head: string, standing: Progress): Promise<readonly string[]> {
  const { name, status, position, poison } = standing;
  if (poison) return [`projection ${name} stopped at ${poison.type} at ${poison.position}: ${poison.message}`];
  // The log was asked first, so its tables may be a little ahead by now; tables of another log stay ahead.
  if (position > head && position > (await store.head())) {
    return [`projection ${name} stands at ${position}, beyond the end of the log: its tables are not of this log`];
  }
  if (position >= head) return [];
  if (status === 'waiting') return [`projection ${name} has no tables yet`];
  // A store may leave gaps between positions, so their number says little: the oldest event that waits decides.
  for await (const [oldest] of store.readAll({ after: position, limit: 1 })) {
    const age = Date.now() - Date.parse(oldest!.recordedAt);
    if (age > TOLERATED_AGE_MS) {
      return [`projection ${name} is behind (${status}): an event of ${Math.round(age / 1000)} s ago waits for it`];
    }
  }
  return [];
}

const at = (position: string | undefined): { position?: string } => (position === undefined ? {} : { position });

/** Undefined where the tables cannot be read. */
function positionOfTables({ runtime }: Door): Promise<string | undefined> {
  const asked = Promise.resolve().then(() => runtime.reader('library').position());
  return within(PATIENCE_MS, asked).catch(() => undefined);
}

function within<T>(milliseconds: number, asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${milliseconds / 1_000} s`));
    const timer = setTimeout(late, milliseconds);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
