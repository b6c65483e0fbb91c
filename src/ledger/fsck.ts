import type { RecordedEvent } from '../domain/event';
import type { Store } from '../store/store';
import { openCheckpoint } from './checkpoint';
import { LedgerDamaged, LedgerDirectory } from './directory';
import { Entries } from './entries';
import { GrowingTree } from './growingtree';
import { leafHash } from './hash';
import { HeadsMap, keyOfStream } from './headsmap';
import { Positions } from './positions';
import { readSignedLog, type SignedLog } from './reading';
import { type EventRecord, encodeRecord, headsRecord, indexOfEvent, isHeads, recordOf } from './record';
import { placesIn } from './sequencer';
import { partialTiles, TILE_WIDTH, tilePath } from './tiles';

export interface FsckOptions {
  readonly store: Pick<Store, 'readAll'>;
  readonly ledger: string;
  /** Checkpoints that somebody kept, as they were issued. */
  readonly kept?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Finding {
  readonly code:
    | 'LOG_DIFFERS'
    | 'LOG_ENDS_EARLY'
    | 'FILES_DAMAGED'
    | 'ROOT_DIFFERS'
    | 'CHECKPOINT_REFUSED'
    | 'HISTORY_REWRITTEN';
  /** Index of the entry in the tree. */
  readonly index?: number;
  readonly detail: string;
}

export interface FsckResult {
  readonly ok: boolean;
  readonly size: number;
  readonly events: number;
  /** How many of the first events of the log are exactly those that were signed. */
  readonly intactEvents: number;
  /** Position of the last of them; absent if there is none. */
  readonly intactUpTo?: string;
  /** Events of the log that no checkpoint covers yet. */
  readonly unsigned: number;
  readonly findings: readonly Finding[];
}

/** Number of events hashed before yielding to other work: some 3 ms. */
const AT_ONCE = 64;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Undefined if nothing has been signed. Rejects if the ledger cannot be read at all. */
export async function fsck(options: FsckOptions): Promise<FsckResult | undefined> {
  const signed = readSignedLog(options.ledger);
  return signed && new Examination(signed, options).run();
}

/** Rebuilds the tree from the entries and from the events, and compares both with what was signed. */
class Examination {
  private readonly findings: Finding[] = [];
  private readonly directory: LedgerDirectory;
  private readonly heads = new HeadsMap();
  private readonly entries: Entries;
  private readonly tree = new GrowingTree(({ level, number, hashes }) =>
    this.compareTile(level, number, TILE_WIDTH, hashes),
  );
  private readonly wanted = new Map<number, Buffer>();
  private intact = 0;
  private intactUpTo: string | undefined;
  private compared = 0;
  private unsigned = 0;
  private readonly positions: readonly string[];
  private isMisplaced = false;

  constructor(
    private readonly signed: SignedLog,
    private readonly options: FsckOptions,
  ) {
    this.directory = new LedgerDirectory(placesIn(options.ledger).log);
    this.entries = signed.entries();
    this.positions = new Positions(placesIn(options.ledger).positions).all();
  }

  async run(): Promise<FsckResult> {
    this.openKept();
    await this.compareEvents();
    await this.compareFiles();
    const { size, events } = this.signed;
    return {
      ok: this.findings.length === 0,
      size,
      events,
      intactEvents: this.intact,
      ...(this.intactUpTo !== undefined && { intactUpTo: this.intactUpTo }),
      unsigned: this.unsigned,
      findings: this.findings,
    };
  }

  private openKept(): void {
    for (const text of this.options.kept ?? []) {
      try {
        const { size, root } = openCheckpoint(text, this.signed.keys.origin, this.signed.keys.verifiers());
        if (size > this.signed.size) {
          const detail = `a checkpoint of ${size} entries was given out, and the ledger has ${this.signed.size}: it was set back`;
          this.findings.push({ code: 'HISTORY_REWRITTEN', detail });
        } else if (this.wanted.get(size)?.equals(root) === false) {
          this.findings.push({
            code: 'HISTORY_REWRITTEN',
            detail: `two different checkpoints of ${size} entries were signed`,
          });
        } else {
          this.wanted.set(size, root);
        }
      } catch (error) {
        this.findings.push({ code: 'CHECKPOINT_REFUSED', detail: (error as Error).message });
      }
    }
  }

  private async compareEvents(): Promise<void> {
    const { store, signal, onProgress } = this.options;
    const { events } = this.signed;
    let matches = true;
    let looked = 0;
    for await (const page of store.readAll()) {
      signal?.throwIfAborted();
      for (const event of page) {
        looked += 1;
        if (looked % AT_ONCE === 0) await breathe();
        if (this.compared === events) this.unsigned += 1;
        else if (matches) matches = this.compareEvent(event);
        if (this.compared < events) this.compared += 1;
      }
      onProgress?.(this.compared, events);
    }
    if (this.compared < events && matches) {
      const detail = `the log ends after ${this.compared} events, and ${events} were signed: ${this.missingAt(this.compared)}`;
      this.findings.push({ code: 'LOG_ENDS_EARLY', index: indexOfEvent(this.compared), detail });
    }
  }

  /** False at the first event that differs from what was signed. */
  private compareEvent(event: RecordedEvent): boolean {
    const { keys } = this.signed;
    const index = indexOfEvent(this.compared);
    const key = keyOfStream(event.stream);
    const expected = encodeRecord(recordOf(event, keys, this.heads.get(key)?.leaf.toString('hex')));
    try {
      const entry = this.entries.at(index);
      if (!entry.equals(expected)) {
        this.findings.push({ code: 'LOG_DIFFERS', index, detail: this.difference(event, entry, expected) });
        return false;
      }
      this.heads.set({ key, revision: event.revision, leaf: leafHash(entry) });
      this.intact += 1;
      this.intactUpTo = event.position;
      if (this.positions[this.compared] !== event.position) this.misplaced(event);
      return !isHeads(index + 1) || this.compareHeads(index + 1);
    } catch (error) {
      return this.damaged(index, error);
    }
  }

  /** The list of positions is no part of the log: it is made anew where it is missing. */
  private misplaced({ position }: RecordedEvent): void {
    if (this.isMisplaced) return;
    this.isMisplaced = true;
    const detail = `the list of positions beside the ledger is wrong from ${position} on: stop every process and delete the file \`positions\``;
    this.findings.push({ code: 'FILES_DAMAGED', detail });
  }

  private compareHeads(index: number): boolean {
    if (index >= this.signed.size) return true;
    const expected = encodeRecord(headsRecord(this.signed.keys.origin, this.intact, this.heads.root()));
    if (this.entries.at(index).equals(expected)) return true;
    const detail = `entry ${index} commits to other ends of streams than the events before it have`;
    this.findings.push({ code: 'LOG_DIFFERS', index, detail });
    return false;
  }

  private difference(event: RecordedEvent, entry: Buffer, expected: Buffer): string {
    let was: Partial<EventRecord>;
    try {
      was = JSON.parse(entry.toString('utf8'));
    } catch {
      return 'the entry of the ledger is no record of an event';
    }
    if (was.eventId !== event.id) {
      return `where the log has ${event.type} ${event.id} at ${event.position}, another event was signed: ${said(was)} is not there`;
    }
    const now = JSON.parse(expected.toString('utf8')) as Record<string, unknown>;
    const names = Object.keys(now).filter((name) => now[name] !== (was as Record<string, unknown>)[name]);
    return `${event.type} ${event.id} at ${event.position} was changed: ${names.map(inWords).join(', ') || 'its record'} differ from what was signed`;
  }

  private missingAt(ordinal: number): string {
    try {
      return `the first that is missing is ${said(this.entries.record(indexOfEvent(ordinal)) as EventRecord)}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Hashes every entry, compares every tile, and compares the root with the signed one. */
  private async compareFiles(): Promise<void> {
    const { size, checkpoint } = this.signed;
    this.compareRoot();
    try {
      for (const [index, entry] of this.entries.between(0, size)) {
        if (index % AT_ONCE === 0) await breathe();
        this.tree.add(leafHash(entry));
        this.compareRoot();
      }
    } catch (error) {
      this.damaged(this.tree.size, error);
      return;
    }
    for (const { level, number, width } of partialTiles(size)) {
      if (level !== 'entries') this.compareTile(level, number, width, this.tree.partial(level));
    }
    if (this.tree.root().equals(checkpoint.root)) return;
    this.findings.push({
      code: 'ROOT_DIFFERS',
      detail: `the entries do not give the root of the checkpoint of ${size} entries`,
    });
  }

  /** Compares with a kept checkpoint of this size. */
  private compareRoot(): void {
    const root = this.wanted.get(this.tree.size);
    if (root === undefined || root.equals(this.tree.root())) return;
    const detail = `the checkpoint of ${this.tree.size} entries that was given out is not the beginning of this ledger: entries before it were changed`;
    this.findings.push({ code: 'HISTORY_REWRITTEN', detail });
  }

  private compareTile(level: number, number: number, width: number, hashes: Buffer): void {
    const name = tilePath({ level, number, width });
    try {
      const kept = this.directory.tile(level, number, width);
      if (kept.equals(hashes)) return;
      let first = 0;
      while (kept[first] === hashes[first]) first += 1;
      const index = (number * TILE_WIDTH + Math.floor(first / 32)) * TILE_WIDTH ** level;
      this.findings.push({
        code: 'FILES_DAMAGED',
        index,
        detail: `${name} differs from the entries below it, from entry ${index} on`,
      });
    } catch (error) {
      this.damaged(number * TILE_WIDTH ** (level + 1), error);
    }
  }

  private damaged(index: number, error: unknown): false {
    if (!(error instanceof LedgerDamaged) && !(error instanceof SyntaxError)) throw error;
    if (!this.findings.some(({ detail }) => detail === error.message)) {
      this.findings.push({ code: 'FILES_DAMAGED', index, detail: error.message });
    }
    return false;
  }
}

function said({ type, eventId, stream, revision, recordedAt, actor }: Partial<EventRecord>): string {
  return `${type} ${eventId}, revision ${revision} of ${stream}, recorded at ${recordedAt} by ${actor}`;
}

const WORDS: Readonly<Record<string, string>> = {
  dataHash: 'its data',
  metaHash: 'its metadata',
  prev: 'the event before it in its stream',
  recordedAt: 'when it was recorded',
  actor: 'its actor',
};

const inWords = (name: string): string => WORDS[name] ?? `its ${name}`;
