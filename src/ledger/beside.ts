import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Address } from '../store/eventstoredb/address';
import { START, type Store, Unavailable } from '../store/store';
import { follow } from './follow';
import { readSignedLog } from './reading';

export interface BesideStart {
  readonly events:
    | { readonly adapter: 'sqlite'; readonly file: string }
    | { readonly adapter: 'eventstoredb'; readonly address: Address };
  /** The directory of the ledger. */
  readonly ledger: string;
}

/** A message of the thread: the size of the tree it signed, or a fault. */
/** What the thread is started with. */
export interface ThreadStart extends BesideStart {
  readonly idleMs: number;
}

export type Told = { readonly size: number } | { readonly fault: string };

export interface BesideOptions extends BesideStart {
  /** The program of the thread. If it is missing, as in tests of the sources, the ledger is written in this process. */
  readonly program: string;
  readonly store: Pick<Store, 'readAll' | 'head' | 'subscribe'>;
  readonly onFault: (fault: unknown) => void;
  /** Milliseconds without a new checkpoint after which the thread ends. Default 10,000. */
  readonly idleMs?: number;
}

const RESTART_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
/** Milliseconds without a new checkpoint after which the thread ends. */
const IDLE_MS = 10_000;
/** Megabytes of the young generation, whatever the process has: hashing needs little. */
const YOUNG_MB = 8;

/** Writes the ledger in a thread of this process. */
export class LedgerWriter {
  private readonly over = new AbortController();
  private said: string | undefined;
  /** A head of the log that is known to be signed. */
  private covered: string | undefined;
  private readonly done: Promise<void>;

  constructor(private readonly options: BesideOptions) {
    this.done = existsSync(options.program) ? this.inThreads() : this.here();
  }

  /** Why nothing is being signed; undefined if all is well, or if another process writes the ledger. */
  get fault(): string | undefined {
    return this.said;
  }

  /** Everything read so far is signed before it ends. */
  async close(): Promise<void> {
    this.over.abort();
    await this.done;
  }

  private here(): Promise<void> {
    const { store, ledger } = this.options;
    const onSigned = () => this.told({ size: 0 });
    return follow({
      store,
      ledger,
      signal: this.over.signal,
      clock: Date.now,
      onSigned,
      onFault: (fault) => this.wrong(fault),
    });
  }

  /** A thread takes 20 MB, so there is one only while there is something to sign; after a fault it is restarted later. */
  private async inThreads(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      if (await this.hasWork()) await this.inThread();
      const wait = this.said === undefined ? LOOK_EVERY_MS : RESTART_MS;
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Whether the log has an event that no checkpoint covers. Why the store does not answer is told by whoever projects. */
  private async hasWork(): Promise<boolean> {
    try {
      const head = await this.options.store.head();
      if (head === this.covered || head === START) return false;
      const covered = readSignedLog(this.options.ledger)?.lastPosition();
      if (covered === head) this.covered = covered;
      return covered !== head;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      // The thread says what is wrong with the ledger.
      return true;
    }
  }

  private inThread(): Promise<void> {
    const { events, ledger, program } = this.options;
    const workerData: ThreadStart = { events, ledger, idleMs: this.options.idleMs ?? IDLE_MS };
    const thread = new Worker(program, {
      name: 'ledger',
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const end = () => thread.postMessage('end');
    this.over.signal.addEventListener('abort', end, { once: true });
    thread.on('message', (told: Told) => this.told(told));
    thread.on('error', (error) => this.wrong(error));
    return new Promise((resolve) => {
      thread.on('exit', () => {
        this.over.signal.removeEventListener('abort', end);
        resolve();
      });
    });
  }

  private told(told: Told): void {
    if ('fault' in told) this.wrong(told.fault);
    else this.said = undefined;
  }

  /** A recurring fault is reported once. */
  private wrong(fault: unknown): void {
    const message = fault instanceof Error ? fault.message : String(fault);
    if (message === this.said) return;
    this.said = message;
    this.options.onFault(new Error(`the ledger is not written: ${message}`));
  }
}
