import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../domain/event';
import { FileLock } from '../store/sqlite/filelock';
import { START, type Store } from '../store/store';
import { type Checkpoint, checkpointText, openCheckpoint } from './checkpoint';
import { LedgerDamaged, LedgerDirectory } from './directory';
import { headsAfter, packHeads } from './headsfile';
import { LedgerKeys } from './keys';
import { parseNote, signNote, verifyNote } from './note';
import { Positions } from './positions';
import { eventsIn } from './record';
import { expectSameLog } from './samelog';
import { LedgerRefused, NOTHING_YET, Sequence } from './sequence';
import { TILE_WIDTH, tilePath } from './tiles';

/** Minimum number of events between two copies of the map of heads; more if there are many streams. */
const COPY_EVERY = 16_384;

/** The parts of a ledger in its directory. Only `log` may be published. */
export const placesIn = (ledger: string) => ({
  log: join(ledger, 'log'),
  keys: join(ledger, 'keys.json'),
  positions: join(ledger, 'positions'),
  heads: join(ledger, 'heads'),
  lock: join(ledger, 'lock'),
  witnesses: join(ledger, 'witnesses'),
});

export interface SequencerOptions {
  readonly store: Pick<Store, 'readAll' | 'head'>;
  /** The directory of the ledger, created with new keys if it is missing. */
  readonly ledger: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Another process writes this ledger. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

/**
 * Writes the tree of a log and signs it, in one process at a time. Everything a checkpoint commits to is on disk before
 * it: entries and tiles, then the checkpoint, each written under a temporary name, synced and renamed.
 */
export class Sequencer {
  private readonly directory: LedgerDirectory;
  private readonly positions: Positions;
  private writing: Promise<void> = Promise.resolve();
  private copy: Buffer | undefined;
  private copiedAt: number;
  private last: string | undefined;
  private signed: Checkpoint | undefined;
  private readonly sequence: Sequence;

  private constructor(
    private readonly lock: FileLock,
    private readonly ledger: string,
    readonly keys: LedgerKeys,
    begun: { readonly checkpoint: string | undefined; readonly signed: Checkpoint | undefined },
    beginning: ReturnType<typeof NOTHING_YET>,
  ) {
    const places = placesIn(ledger);
    this.directory = new LedgerDirectory(places.log);
    this.positions = new Positions(places.positions);
    this.last = begun.checkpoint;
    this.signed = begun.signed;
    this.copiedAt = beginning.events;
    this.sequence = new Sequence(keys, beginning, (events, heads) => {
      if (events - this.copiedAt < Math.max(COPY_EVERY, heads.size / 4)) return;
      this.copy = packHeads(events, heads);
      this.copiedAt = events;
    });
  }

  /**
   * Resumes from the latest signed state. Throws LedgerBusy, LedgerDamaged if its own files are inconsistent, and
   * LedgerRefused if the log is not the one that was signed.
   */
  static async open({ store, ledger, clock }: SequencerOptions): Promise<Sequencer> {
    const places = placesIn(ledger);
    mkdirSync(ledger, { recursive: true, mode: 0o700 });
    const lock = new FileLock(places.lock);
    if (!lock.take()) throw new LedgerBusy('another process writes this ledger');
    try {
      const directory = new LedgerDirectory(places.log);
      const checkpoint = directory.checkpoint();
      const keys = keysOf(places.keys, checkpoint, clock);
      if (checkpoint === undefined)
        return new Sequencer(lock, ledger, keys, { checkpoint, signed: undefined }, NOTHING_YET());
      const signed = openCheckpoint(checkpoint, keys.origin, keys.verifiers());
      await directory.dropIncoming(signed.size);
      const beginning = beginningOf(directory, places.heads, signed);
      await expectSameLog(store, directory, new Positions(places.positions), signed);
      return new Sequencer(lock, ledger, keys, { checkpoint, signed }, beginning);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** The latest signed checkpoint; undefined if there is none. */
  get checkpoint(): Checkpoint | undefined {
    return this.signed;
  }

  /** Number of events that no checkpoint covers yet. */
  get waiting(): number {
    return this.sequence.waiting;
  }

  /** Position of the last added event. */
  lastPosition(): string {
    return this.added ?? (this.sequence.events === 0 ? START : this.positions.at(this.sequence.events - 1)!);
  }

  private added: string | undefined;

  add(event: RecordedEvent): void {
    this.sequence.add(event);
    this.added = event.position;
  }

  /** Signs what has been added, even an empty log. Rejects if it could not be written: then open it again. */
  commit(): Promise<void> {
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  /** Adds everything in the log, and signs it. */
  async toHead(store: SequencerOptions['store'], signal?: AbortSignal): Promise<void> {
    for await (const page of store.readAll({ after: this.lastPosition() })) {
      signal?.throwIfAborted();
      for (const event of page) this.add(event);
      if (this.waiting >= COMMIT_AT) await this.commit();
    }
    await this.commit();
  }

  /**
   * Adds the cosignatures of witnesses to the checkpoint that they are for. They are left out if it was followed by
   * another one meanwhile, or has them already.
   */
  cosigned(text: string, lines: string): Promise<void> {
    this.writing = this.writing.then(async () => {
      const fresh = lines.split('\n').filter((line) => line !== '' && !text.includes(line));
      if (text !== this.last || fresh.length === 0) return;
      const cosigned = `${text}${fresh.map((line) => `${line}\n`).join('')}`;
      await this.directory.settle([await this.directory.write('checkpoint', cosigned)]);
      this.last = cosigned;
    });
    return this.writing;
  }

  async close(): Promise<void> {
    await this.writing.catch(() => undefined);
    this.lock.release();
  }

  private async write(): Promise<void> {
    const grown = this.sequence.take();
    if (grown === undefined && !this.mustSign()) return;
    const written: string[] = [];
    const tiles = grown?.tiles ?? [];
    // Several at once, to wait for the disk once rather than once per file.
    for (let at = 0; at < tiles.length; at += AT_ONCE) {
      const some = tiles.slice(at, at + AT_ONCE);
      written.push(...(await Promise.all(some.map((tile) => this.directory.write(tilePath(tile), tile.bytes)))));
    }
    if (grown !== undefined) {
      await this.positions.write(grown.events - grown.positions.length, grown.positions);
      await this.directory.settle(written);
    }
    const { size, root } = grown ?? { size: this.sequence.size, root: this.sequence.root() };
    await this.sign({ origin: this.keys.origin, size, root });
    for (const { level, number, width } of grown?.tiles ?? []) {
      if (width === TILE_WIDTH) await this.directory.dropPartials(level, number);
    }
    if (this.copy === undefined) return;
    const copy = this.copy;
    this.copy = undefined;
    await new LedgerDirectory(this.ledger).write('heads', copy, 0o600);
  }

  /** Whether a checkpoint must be signed although nothing was added: there is none, or the keys have changed. */
  private mustSign(): boolean {
    if (this.last === undefined) return true;
    const signers = this.keys.signers();
    return verifyNote(parseNote(this.last), signers).length < signers.length;
  }

  private async sign(checkpoint: Checkpoint): Promise<void> {
    if (this.directory.checkpoint() !== this.last) {
      throw new LedgerRefused(
        'the checkpoint was changed by somebody else: two processes write one ledger, or its directory was restored; ' +
          'stop all but one, and look at the directory',
      );
    }
    const { signed } = this;
    if (
      signed !== undefined &&
      (checkpoint.size < signed.size || (checkpoint.size === signed.size && !checkpoint.root.equals(signed.root)))
    ) {
      throw new LedgerRefused(
        `a tree of ${checkpoint.size} entries would contradict the one of ${signed.size} that was signed`,
      );
    }
    const text = signNote(checkpointText(checkpoint), this.keys.signers());
    await this.directory.settle([await this.directory.write('checkpoint', text)]);
    this.last = text;
    this.signed = checkpoint;
  }
}

/** Number of files written at once. */
const AT_ONCE = 32;

/** Number of events after which a checkpoint is written while more keep coming. */
export const COMMIT_AT = 8_192;

function keysOf(file: string, checkpoint: string | undefined, clock: () => number): LedgerKeys {
  const keys = LedgerKeys.read(file);
  if (keys !== undefined) return keys;
  if (checkpoint !== undefined) {
    throw new LedgerRefused(
      `${file} is missing, without which nobody can go on with this ledger: restore it from a backup`,
    );
  }
  return LedgerKeys.create(file, new Date(clock()).toISOString());
}

function beginningOf(directory: LedgerDirectory, headsFile: string, { size, root }: Checkpoint) {
  const events = eventsIn(size);
  const width = size % TILE_WIDTH;
  const beginning = {
    size,
    events,
    heads: headsAfter(directory, headsFile, events, size),
    partial: (level: number, number: number, width: number) => directory.tile(level, number, width),
    entries: width === 0 ? [] : directory.entries(Math.floor(size / TILE_WIDTH), width),
  };
  const found = new Sequence({ origin: '', saltKey: Buffer.alloc(0) }, beginning).root();
  if (!found.equals(root)) {
    throw new LedgerDamaged(
      'the tiles of the ledger do not give the root that was signed: run `palimpsest ledger fsck`, and restore the ' +
        'directory of the ledger from a backup',
    );
  }
  return beginning;
}
