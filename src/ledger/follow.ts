import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../store/store';
import type { Checkpoint } from './checkpoint';
import { COMMIT_AT, LedgerBusy, Sequencer } from './sequencer';
import { cosignatures } from './witness/witnessing';

/** How long events gather before a checkpoint covers them, in milliseconds. */
const RHYTHM_MS = 1_000;
/** Number of events hashed before yielding to other work: some 2 ms. */
const AT_ONCE = 64;
/** How often witnesses are asked at most. Milliseconds. */
const WITNESS_EVERY_MS = 60_000;
const RETRY_MS = { first: 500, last: 10_000 };

export interface FollowOptions {
  readonly store: Pick<Store, 'readAll' | 'head' | 'subscribe'>;
  /** The directory of the ledger. */
  readonly ledger: string;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Receives each signed checkpoint. */
  readonly onSigned?: (checkpoint: Checkpoint) => void;
  /** Receives faults, which are retried. Not called while another process writes the ledger. */
  readonly onFault: (fault: unknown) => void;
  readonly rhythmMs?: number;
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Writes the ledger as events arrive, until the signal. No fault ends it; while another process writes it, it waits.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { signal, onFault } = options;
  let wait = RETRY_MS.first;
  while (!signal.aborted) {
    try {
      const sequencer = await Sequencer.open(options);
      try {
        await new Following(sequencer, options, () => {
          wait = RETRY_MS.first;
        }).run();
      } finally {
        await sequencer.close();
      }
    } catch (error) {
      if (!(error instanceof LedgerBusy || (error as Error).name === 'AbortError')) onFault(error);
    }
    await pause(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, RETRY_MS.last);
  }
}

/** One round: from opening the ledger to the first fault, or to the end. */
class Following {
  private readonly over = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private committedAt = 0;
  private witnessedAt = 0;
  private fault: unknown;

  constructor(
    private readonly sequencer: Sequencer,
    private readonly options: FollowOptions,
    private readonly onProgress: () => void,
  ) {}

  async run(): Promise<void> {
    const { store, signal } = this.options;
    const over = AbortSignal.any([signal, this.over.signal]);
    try {
      await this.commit();
      for await (const { events, caughtUp } of store.subscribe({
        after: this.sequencer.lastPosition(),
        signal: over,
      })) {
        for (const [index, event] of events.entries()) {
          if (index % AT_ONCE === AT_ONCE - 1) await breathe();
          this.sequencer.add(event);
        }
        if (this.sequencer.waiting >= COMMIT_AT) await this.commit();
        else if (caughtUp) this.commitSoon();
      }
    } finally {
      clearTimeout(this.timer);
    }
    if (this.fault !== undefined) throw this.fault;
    await this.commit();
  }

  private commitSoon(): void {
    if (this.timer !== undefined || this.sequencer.waiting === 0) return;
    const { rhythmMs = RHYTHM_MS, clock } = this.options;
    // A clock that was set back must not delay a checkpoint.
    const left = Math.min(rhythmMs, Math.max(0, this.committedAt + rhythmMs - clock()));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.commit().catch((error) => {
        this.fault = error;
        this.over.abort();
      });
    }, left);
  }

  private async commit(): Promise<void> {
    const before = this.sequencer.checkpoint;
    await this.sequencer.commit();
    this.committedAt = this.options.clock();
    const { checkpoint } = this.sequencer;
    if (checkpoint === undefined || checkpoint === before) return;
    this.onProgress();
    this.options.onSigned?.(checkpoint);
    await this.askWitnesses();
  }

  /** Witnesses are asked now and then. One that does not answer keeps nothing from being signed. */
  private async askWitnesses(): Promise<void> {
    const { ledger, clock, onFault } = this.options;
    if (Math.abs(clock() - this.witnessedAt) < WITNESS_EVERY_MS) return;
    this.witnessedAt = clock();
    const { lines, text, faults } = await cosignatures(ledger);
    if (text !== undefined) await this.sequencer.cosigned(text, lines);
    for (const fault of faults) onFault(fault);
  }
}
