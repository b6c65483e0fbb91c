import { join } from 'node:path';
import type { Store } from '../store/store';
import { type BesideOptions, LedgerWriter } from './beside';
import { LedgerDirectory } from './directory';
import { readSignedLog, type SignedLog } from './reading';
import { placesIn } from './sequencer';

/** The progress of the ledger. */
export interface LedgerStanding {
  /** Entries of the latest signed tree; 0 if nothing has been signed. */
  readonly size: number;
  readonly events: number;
  /** Age in seconds of the oldest event that no checkpoint covers; 0 if all are covered. */
  readonly lagSeconds: number;
  /** Why nothing is being signed. */
  readonly fault?: string;
}

/** The ledger's directory in a data directory. */
export const ledgerIn = (dataDir: string): string => join(dataDir, 'ledger');

/** The ledger of a data directory: what was signed of the log, and whether this process signs more. */
export class Ledger {
  private writer: LedgerWriter | undefined;
  private log: SignedLog | undefined;

  constructor(private readonly options: BesideOptions) {}

  /** Writes it from now on, or as soon as no other process does. */
  start(): void {
    this.writer ??= new LedgerWriter(this.options);
  }

  async close(): Promise<void> {
    await this.writer?.close();
  }

  /** The latest signed state; undefined if there is none. Throws if it cannot be read. */
  signed(): SignedLog | undefined {
    const text = new LedgerDirectory(placesIn(this.options.ledger).log).checkpoint();
    if (text !== this.log?.text) this.log = readSignedLog(this.options.ledger);
    return this.log;
  }

  /** Undefined if nothing has been signed and this process does not sign. */
  async standing(now = Date.now()): Promise<LedgerStanding | undefined> {
    const signed = this.signed();
    if (signed === undefined && this.writer === undefined) return undefined;
    return standingOf(signed, this.options.store, now, this.writer?.fault);
  }
}

export async function standingOf(
  signed: SignedLog | undefined,
  store: Pick<Store, 'readAll'>,
  now: number,
  fault?: string,
): Promise<LedgerStanding> {
  const after = signed?.lastPosition();
  let lagSeconds = 0;
  for await (const [oldest] of store.readAll({ ...(after !== undefined && { after }), limit: 1 })) {
    lagSeconds = Math.max(0, Math.round((now - Date.parse(oldest!.recordedAt)) / 1_000));
  }
  return { size: signed?.size ?? 0, events: signed?.events ?? 0, lagSeconds, ...(fault !== undefined && { fault }) };
}
