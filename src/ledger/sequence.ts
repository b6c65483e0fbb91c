import type { RecordedEvent } from '../domain/event';
import { GrowingTree } from './growingtree';
import { leafHash } from './hash';
import { HeadsMap, keyOfStream } from './headsmap';
import { encodeRecord, HEADS_EVERY, headsRecord, type LogIdentity, recordOf } from './record';
import { packEntries, partialTiles, TILE_WIDTH, type Tile } from './tiles';

/** The ledger cannot continue from what it has signed; the message says why and what to do. */
export class LedgerRefused extends Error {
  override readonly name = 'LedgerRefused';
}

export interface TileBytes extends Tile {
  readonly bytes: Buffer;
}

/** What was added since the last call. */
export interface Grown {
  readonly size: number;
  readonly events: number;
  readonly root: Buffer;
  /** Tiles and bundles that were filled, then the partial ones of this size. */
  readonly tiles: readonly TileBytes[];
  /** Position of each event in this store. */
  readonly positions: readonly string[];
}

/** The state of a log when it was last written. */
export interface Beginning {
  readonly size: number;
  readonly events: number;
  readonly heads: HeadsMap;
  readonly partial: (level: number, number: number, width: number) => Buffer;
  /** Entries of the partial bundle. */
  readonly entries: readonly Buffer[];
}

export const NOTHING_YET = (): Beginning => ({
  size: 0,
  events: 0,
  heads: new HeadsMap(),
  partial: () => Buffer.alloc(0),
  entries: [],
});

/** Turns events, in log order, into entries and the tree above them. A function of the events alone. */
export class Sequence {
  readonly heads: HeadsMap;
  private readonly tree = new GrowingTree(({ level, number, hashes }) => {
    this.full.push({ level, number, width: TILE_WIDTH, bytes: hashes });
  });
  private full: TileBytes[] = [];
  private bundle: Buffer[];
  private counted: number;
  private positions: string[] = [];

  constructor(
    private readonly log: LogIdentity,
    { size, events, heads, partial, entries }: Beginning,
    /** Called after every commitment to the heads of streams, while the map has the committed state. */
    private readonly onHeads: (events: number, heads: HeadsMap) => void = () => undefined,
  ) {
    this.heads = heads;
    this.counted = events;
    this.bundle = [...entries];
    this.tree.resume(size, partial);
  }

  get size(): number {
    return this.tree.size;
  }

  get events(): number {
    return this.counted;
  }

  root(): Buffer {
    return this.tree.root();
  }

  /** Number of events that have not been taken yet. */
  get waiting(): number {
    return this.positions.length;
  }

  /** Throws LedgerRefused if an earlier event of the stream is missing. */
  add(event: RecordedEvent): void {
    const { stream, revision } = event;
    const key = keyOfStream(stream);
    const before = this.heads.get(key);
    if (before !== undefined && revision !== before.revision + 1) {
      throw new LedgerRefused(
        `stream ${stream} goes from revision ${before.revision} to ${revision} at position ${event.position}: ` +
          'the log has lost or repeated events; run `palimpsest doctor`, and restore the log from a backup',
      );
    }
    const leaf = this.push(encodeRecord(recordOf(event, this.log, before?.leaf.toString('hex'))));
    this.heads.set({ key, revision, leaf });
    this.positions.push(event.position);
    this.counted += 1;
    if (this.counted % HEADS_EVERY !== 0) return;
    this.push(encodeRecord(headsRecord(this.log.origin, this.counted, this.heads.root())));
    this.onHeads(this.counted, this.heads);
  }

  /** Undefined if nothing was added. */
  take(): Grown | undefined {
    if (this.waiting === 0) return undefined;
    const partial = partialTiles(this.size).map((tile) => ({
      ...tile,
      bytes: tile.level === 'entries' ? packEntries(this.bundle) : this.tree.partial(tile.level),
    }));
    const { size, events } = this;
    const grown = { size, events, root: this.root(), tiles: [...this.full, ...partial], positions: this.positions };
    this.full = [];
    this.positions = [];
    return grown;
  }

  private push(entry: Buffer): Buffer {
    const leaf = leafHash(entry);
    this.bundle.push(entry);
    if (this.bundle.length === TILE_WIDTH) {
      const number = Math.floor(this.tree.size / TILE_WIDTH);
      this.full.push({ level: 'entries', number, width: TILE_WIDTH, bytes: packEntries(this.bundle) });
      this.bundle = [];
    }
    this.tree.add(leaf);
    return leaf;
  }
}
