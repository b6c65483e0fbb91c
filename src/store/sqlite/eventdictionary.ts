import type { Kind, Who } from './codec';
import { uuidAt } from './codec';
import type { Database, Statement } from './driver';

/** How many of each are kept in memory; beyond that the memory starts anew from the file. */
const REMEMBERED = 131_072;
const NAMES_AT_ONCE = 256;

/**
 * The numbers that stand for streams and for words in the event file. Rows of these tables never change, so what is
 * remembered stays true whatever other processes add; only what a rolled-back transaction added must be forgotten.
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
    // One JSON text, since each value that crosses the driver by itself costs more than to read it out of a text.
    this.nameStreams = database.prepareArrays(
      `SELECT '[' || group_concat('[' || id || ',' || json_quote(category) || ',"' || lower(hex(key)) || '"]') || ']'
       FROM (SELECT * FROM stream WHERE id >= ? ORDER BY id LIMIT ${NAMES_AT_ONCE})`,
    );
    this.findWord = database.prepareArrays('SELECT id FROM word WHERE text = ?');
    this.addWord = database.prepare('INSERT INTO word (text) VALUES (?)');
    this.findKinds = database.prepareArrays(`SELECT id FROM word WHERE text ->> '$.type' = ?`);
    this.readWord = database.prepareArrays('SELECT text FROM word WHERE id = ?');
  }

  /** Undefined where no event of the stream was ever written. */
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

  /** Undefined where the word is not in memory. 0 stands for no word. */
  knownId(text: string): number | undefined {
    return text === '' ? 0 : this.wordIds.get(text);
  }

  /** Only inside a write transaction: adds the word where it is new. 0 stands for no word. */
  wordId(text: string): number {
    if (text === '') return 0;
    const known = this.wordIds.get(text) ?? this.findWord.get(text)?.[0];
    return remember(this.wordIds, text, known ?? Number(this.addWord.run(text).lastInsertRowid));
  }

  /** Streams are numbered as they begin, so who reads the log asks for the names behind this one next. */
  streamName(id: number): string {
    const known = this.streamNames.get(id);
    if (known !== undefined) return known;
    const names: [number, string, string][] = JSON.parse(this.nameStreams.get(id)?.[0] ?? '[]');
    if (names[0]?.[0] !== id) throw new Error(`the event file refers to stream ${id}, which it does not hold`);
    // From the last to the first, so that the one asked for stays remembered even where the memory starts anew.
    for (const [each, category, key] of names.reverse()) {
      remember(this.streamNames, each, key === '' ? category : `${category}-${uuidAt(key, 0)}`);
    }
    return this.streamNames.get(id)!;
  }

  kind(id: number): Kind {
    return this.kinds.get(id) ?? remember(this.kinds, id, this.parse<Kind>(id));
  }

  /** The numbers of every kind of this event type that was ever written. */
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

  /** After a rollback: numbers handed out in it may go to others. */
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

/** `asset-<uuid>` is kept as its category and 16 bytes, any other name as it is with an empty key. */
function splitName(name: string): { readonly category: string; readonly key: Uint8Array } {
  const match = CATEGORY_AND_UUID.exec(name);
  if (match === null) return { category: name, key: NO_KEY };
  return { category: match[1]!, key: Buffer.from(match[2]!.replaceAll('-', ''), 'hex') };
}
