import type { PolicyStanding } from '../execute/following';
import type { LedgerStanding } from '../ledger/ledger';
import type { Progress } from '../tables/progress';
import type { ApiDependencies } from './dependencies';

/** How long an event may wait to be folded while the tables still count as fresh, in milliseconds. */
const TOLERATED_AGE_MS = 10_000;
/** How long all checks together may take, in milliseconds. */
const PATIENCE_MS = 2_000;

export interface Readiness {
  /** The store answers, reads are answered, and the tables are fresh. A full disk shows only in failing acts. */
  readonly ready: boolean;
  /** Reads are answered, with the position at which they are computed. */
  readonly reads: boolean;
  readonly position?: string;
  /** Why not, one sentence each. */
  readonly reasons: readonly string[];
  /** How far the ledger is. It never makes a server unready: acts and answers do not depend on it. */
  readonly ledger?: LedgerStanding;
  /** What follows by itself. A policy that stopped makes no server unready: acts and answers do not depend on it. */
  readonly policies?: readonly PolicyStanding[];
}

type Door = Pick<ApiDependencies, 'store' | 'runtime'> & Partial<Pick<ApiDependencies, 'ledger' | 'policies'>>;

/** The readiness reported while the last answers are sent. */
export const STOPPING: Readiness = { ready: false, reads: false, reasons: ['the server is stopping'] };

/** Ready: the store answers, no projection is stopped or far behind, and reads are answered. Takes at most 2 s. */
export async function readiness(door: Door): Promise<Readiness> {
  const [readable, faults, ledger] = await Promise.all([positionOfTables(door), faultsOfStore(door), standing(door)]);
  const { progress, store } = faults;
  // If the tables cannot be read, their progress is unknown too: report it once.
  const tables = 'fault' in readable ? [readable.fault] : progress;
  const reasons = [...store, ...tables];
  return { ready: reasons.length === 0, ...readsOf(readable), reasons, ...(ledger && { ledger }), ...policiesOf(door) };
}

/** Absent where there is no ledger, or where the store does not answer. */
function standing({ ledger }: Door): Promise<LedgerStanding | undefined> {
  return within(PATIENCE_MS, Promise.resolve(ledger?.standing())).catch(() => undefined);
}

function policiesOf({ policies }: Door): Pick<Readiness, 'policies'> {
  return policies === undefined ? {} : { policies: policies.standing() };
}

/** Whether reads are answered; asks only the tables, so that the store's state does not matter. Takes at most 2 s. */
export async function readinessForReads(door: Pick<Door, 'runtime'>): Promise<Readiness> {
  const readable = await positionOfTables(door);
  const reasons = 'fault' in readable ? [readable.fault] : [];
  return { ready: reasons.length === 0, ...readsOf(readable), reasons };
}

interface Faults {
  /** Why acts are not answered. */
  readonly store: readonly string[];
  /** Why answers may be outdated, or why that is unknown. */
  readonly progress: readonly string[];
}

async function faultsOfStore(door: Door): Promise<Faults> {
  let answered = false;
  const asking = async (): Promise<Faults> => {
    const head = await door.store.head();
    answered = true;
    const progress = await door.runtime.progress();
    return { store: [], progress: (await Promise.all(progress.map((each) => faultsOf(door, head, each)))).flat() };
  };
  try {
    return await within(PATIENCE_MS, asking());
  } catch (error) {
    const { message } = error as Error;
    if (!answered) return { store: [`the store does not answer: ${message}`], progress: [] };
    return { store: [], progress: [`the progress of the tables cannot be told: ${message}`] };
  }
}

async function faultsOf({ store }: Door, head: string, standing: Progress): Promise<readonly string[]> {
  const { name, status, position, poison } = standing;
  if (poison) return [`projection ${name} stopped at ${poison.type} at ${poison.position}: ${poison.message}`];
  // The head was read first, so this log's tables may be slightly ahead by now; tables of another log stay ahead.
  if (position > head && position > (await store.head())) {
    return [
      `projection ${name} stands at ${position}, beyond the end of the log: its tables were built from another log`,
    ];
  }
  if (position >= head) return [];
  if (status === 'waiting') return [`projection ${name} has no tables yet`];
  // A store may leave gaps between positions, so their difference says little: the age of the oldest waiting event
  // decides.
  for await (const [oldest] of store.readAll({ after: position, limit: 1 })) {
    const age = Date.now() - Date.parse(oldest!.recordedAt);
    if (age > TOLERATED_AGE_MS) {
      return [`projection ${name} is behind (${status}): an event of ${Math.round(age / 1000)} s ago waits for it`];
    }
  }
  return [];
}

type Readable = { readonly position: string } | { readonly fault: string };

function readsOf(readable: Readable): Pick<Readiness, 'reads' | 'position'> {
  return 'fault' in readable ? { reads: false } : { reads: true, position: readable.position };
}

/** The position at which reads are answered, or why they are not. */
async function positionOfTables({ runtime }: Pick<Door, 'runtime'>): Promise<Readable> {
  try {
    const asked = Promise.resolve().then(() => runtime.reader('library').position());
    return { position: await within(PATIENCE_MS, asked) };
  } catch (error) {
    return { fault: `the tables cannot be read: ${(error as Error).message}` };
  }
}

function within<T>(milliseconds: number, asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${milliseconds / 1_000} s`));
    const timer = setTimeout(late, milliseconds);
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
