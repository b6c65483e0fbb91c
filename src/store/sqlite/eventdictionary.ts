import type { Kind, Who } from './codec';
import { uuidAt } from './codec';
import type { Database, Statement } from './driver';

/** Number of entries cached per table; beyond that the cache is cleared. */
const REMEMBERED = 131_072;
const NAMES_AT_ONCE = 256;

/**
 * The numbers of streams and words in the event file. Rows of these tables never change, so the cache stays valid
 * whatever other processes add; only entries added in a rolled-back transaction must be forgotten.
 */
export class EventDictionary {
  private readonly streamIds = new Map<string, number>();
  private readonly streamNames = new Map<number, string>();
  private readonly wordIds = new Map<string, number>();
  private readonly kinds = new Map<number, Kind>();
  private readonly whos = new Map<number, Who>();
  private readonly findStream: Statement<[number]>;
  private readonly addStream: Statement;
  private readonly nameStreams: Statement<[string | null]>;
  private readonly findWord: Statement<[number]>;
  private readonly addWord: Statement;
  private readonly readWord: Statement<[string]>;
  private readonly findKinds: Statement<[number]>;

  constructor(database: Database) {
    this.findStream = database.prepareArrays('SELECT id FROM stream WHERE key = ? AND category = ?');
    this.addStream = database.prepare('INSERT INTO stream (category, key) VALUES (?, ?)');
    // One JSON text, since each value that crosses the driver costs more than parsing it from a text.
    this.nameStreams = database.prepareArrays(
      `SELECT '[' || group_concat('[' || id || ',' || json_quote(category) || ',"' || lower(hex(key)) || '"]') || ']'
       FROM (SELECT * FROM stream WHERE id >= ? ORDER BY id LIMIT ${NAMES_AT_ONCE})`,
    );
    this.findWord = database.prepareArrays('SELECT id FROM word WHERE text = ?');
    this.addWord = database.prepare('INSERT INTO word (text) VALUES (?)');
    this.findKinds = database.prepareArrays(`SELECT id FROM word WHERE text ->> '$.type' = ?`);
    this.readWord = database.prepareArrays('SELECT text FROM word WHERE id = ?');
  }

  /** Undefined if the stream has no events. */
  streamId(name: string): number | undefined {
    const known = this.streamIds.get(name);
    if (known !== undefined) return known;
    const { category, key } = splitName(name);
    const id = this.findStream.get(key, category)?.[0];
    return id === undefined ? undefined : remember(this.streamIds, name, id);
  }

  /** Only inside a write transaction. */
  newStream(name: string): number {
    const { category, key } = splitName(name);
    return remember(this.streamIds, name, Number(this.addStream.run(category, key).lastInsertRowid));
  }

  /** Undefined if the word is not cached. 0 stands for no word. */
  knownId(text: string): number | undefined {
    return text === '' ? 0 : this.wordIds.get(text);
  }

  /** Only inside a write transaction: adds the word if it is new. 0 stands for no word. */
  wordId(text: string): number {
    if (text === '') return 0;
    const known = this.wordIds.get(text) ?? this.findWord.get(text)?.[0];
    return remember(this.wordIds, text, known ?? Number(this.addWord.run(text).lastInsertRowid));
  }

  /** Streams are numbered in the order they begin, so a reader of the log needs the following names next. */
  streamName(id: number): string {
    const known = this.streamNames.get(id);
    if (known !== undefined) return known;
    const names: [number, string, string][] = JSON.parse(this.nameStreams.get(id)?.[0] ?? '[]');
    if (names[0]?.[0] !== id) throw new Error(`the event file refers to stream ${id}, which it does not hold`);
    // In reverse order, so that the requested name stays cached even if the cache is cleared on the way.
    for (const [each, category, key] of names.reverse()) {
      remember(this.streamNames, each, key === '' ? category : `${category}-${uuidAt(key, 0)}`);
    }
    return this.streamNames.get(id)!;
  }

  kind(id: number): Kind {
    return this.kinds.get(id) ?? remember(this.kinds, id, this.parse<Kind>(id));
  }

  /** The numbers of all kinds of this event type. */
  kindsOf(type: string): readonly number[] {
    return this.findKinds.all(type).map(([id]) => id);
  }

  who(id: number): Who | undefined {
    if (id === 0) return undefined;
    return this.whos.get(id) ?? remember(this.whos, id, this.parse<Who>(id));
  }

  private parse<T>(id: number): T {
    const text = this.readWord.get(id)?.[0];
    if (text === undefined) throw new Error(`the event file refers to word ${id}, which it does not hold`);
    return JSON.parse(text);
  }

  /** After a rollback: the numbers assigned in it may be assigned again. */
  forget(): void {
    this.streamIds.clear();
    this.wordIds.clear();
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): V {
  if (map.size >= REMEMBERED) map.clear();
  map.set(key, value);
  return value;
}

const CATEGORY_AND_UUID = /^(.+)-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const NO_KEY = new Uint8Array(0);

/** `asset-<uuid>` is stored as its category and 16 bytes, any other name unchanged with an empty key. */
function splitName(name: string): { readonly category: string; readonly key: Uint8Array } {
  const match = CATEGORY_AND_UUID.exec(name);
  if (match === null) return { category: name, key: NO_KEY };
  return { category: match[1]!, key: Buffer.from(match[2]!.replaceAll('-', ''), 'hex') };
}
