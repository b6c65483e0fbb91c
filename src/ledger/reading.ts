import { LRUCache } from 'lru-cache';
import { type Opened, openCheckpoint } from './checkpoint';
import { LedgerDirectory } from './directory';
import { Entries } from './entries';
import { perfectRoot } from './growingtree';
import { headsAfter } from './headsfile';
import type { HeadsMap } from './headsmap';
import { LedgerKeys } from './keys';
import { consistencyProof, inclusionProof, type Nodes } from './merkle';
import { Positions } from './positions';
import { type EventRecord, eventsIn, indexOfEvent } from './record';
import { placesIn } from './sequencer';
import { TILE_WIDTH } from './tiles';
import { formatTlogProof } from './tlogproof';

const CACHED_TILES = 256;
const CACHED_NODES = 16_384;

/** A log as it was when it was signed. What is read of it never changes. */
export class SignedLog {
  private readonly tiles = new LRUCache<string, Buffer>({ max: CACHED_TILES });
  private readonly known = new LRUCache<string, Buffer>({ max: CACHED_NODES });

  constructor(
    private readonly ledger: string,
    readonly keys: LedgerKeys,
    readonly checkpoint: Opened,
    /** The signed text. */
    readonly text: string,
  ) {}

  get size(): number {
    return this.checkpoint.size;
  }

  get events(): number {
    return eventsIn(this.size);
  }

  entries(): Entries {
    return new Entries(this.directory, this.size);
  }

  private get directory(): LedgerDirectory {
    return new LedgerDirectory(placesIn(this.ledger).log);
  }

  private get positions(): Positions {
    return new Positions(placesIn(this.ledger).positions);
  }

  /** The entry of the event at a position of this store; undefined where the checkpoint does not cover it. */
  indexOf(position: string): number | undefined {
    const ordinal = this.positions.ordinalOf(position, this.events);
    return ordinal === undefined ? undefined : indexOfEvent(ordinal);
  }

  /** Position of the last event that the checkpoint covers; undefined where it covers none. */
  lastPosition(): string | undefined {
    return this.events === 0 ? undefined : this.positions.at(this.events - 1);
  }

  inclusion(index: number): readonly Uint8Array[] {
    return inclusionProof(this.nodes, index, this.size);
  }

  /** The proof of one entry as a file. */
  tlogProof(index: number, proof = this.inclusion(index)): string {
    return formatTlogProof({ index, proof, checkpoint: this.text });
  }

  /** The roots of the complete subtrees that the first `entries` entries consist of, the largest first. */
  subtrees(entries: number): readonly Uint8Array[] {
    const roots: Uint8Array[] = [];
    for (let from = 0, rest = entries; rest > 0; ) {
      const height = Math.floor(Math.log2(rest));
      roots.push(this.nodes(height, from / 2 ** height));
      from += 2 ** height;
      rest -= 2 ** height;
    }
    return roots;
  }

  /** Between two sizes of at least 1 that this log has had. */
  consistency(from: number, to: number): readonly Uint8Array[] {
    return consistencyProof(this.nodes, from, to);
  }

  /** The heads of streams after this many events. */
  heads(events: number): HeadsMap {
    return headsAfter(this.directory, placesIn(this.ledger).heads, events, this.size);
  }

  record(index: number): EventRecord {
    return this.entries().record(index) as EventRecord;
  }

  private readonly nodes: Nodes = (height, index) => {
    const key = `${height}/${index}`;
    const known = this.known.get(key) ?? this.node(height, index);
    this.known.set(key, known);
    return known;
  };

  private node(height: number, index: number): Buffer {
    const level = Math.floor(height / 8);
    const width = 2 ** (height - level * 8);
    const first = index * width;
    const number = Math.floor(first / TILE_WIDTH);
    return perfectRoot(this.tileOf(level, number), first - number * TILE_WIDTH, width);
  }

  private tileOf(level: number, number: number): Buffer {
    const key = `${level}/${number}`;
    const there = Math.floor(this.size / TILE_WIDTH ** level) - number * TILE_WIDTH;
    const tile = this.tiles.get(key) ?? this.directory.tile(level, number, Math.min(TILE_WIDTH, there));
    this.tiles.set(key, tile);
    return tile;
  }
}

/** What the ledger in a directory has signed last; undefined where nothing was. Throws where it cannot be read. */
export function readSignedLog(ledger: string): SignedLog | undefined {
  const places = placesIn(ledger);
  const text = new LedgerDirectory(places.log).checkpoint();
  const keys = LedgerKeys.read(places.keys);
  if (text === undefined || keys === undefined) return undefined;
  return new SignedLog(ledger, keys, openCheckpoint(text, keys.origin, keys.verifiers()), text);
}
