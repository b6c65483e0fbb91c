import type { RecordedEvent } from '../../domain/event';
import { isoOf, positionOf } from '../instant';
import { lifted } from '../moving';
import { Invalid, type Position, START } from '../store';
import { unpackMetadata, uuidAt } from './codec';
import { type Database, DatabaseFault, faultOf, type ReadTurn, type Statement } from './driver';
import type { EventDictionary } from './eventdictionary';
import { unavailable } from './file';

export const PAGE = 1_000;
/** Number of positions searched at once for events of one type: some hundredths of a second. */
const SPAN = 20_000;

/** The first columns of every row. */
type Start = [
  position: number,
  stream: number,
  revision: number,
  kind: number,
  who: number,
  recorded: number,
  occurred: number | null,
];
/** A row as stored; `ids` in upper-case hex, `extra` and `data` as JSON text. */
type Stored = [...Start, ids: string, extra: string | null, data: string];

const COLUMNS = 'position, stream, revision, kind, who, recorded, occurred, hex(ids), extra, data';

/** Reads pages of events. A read never blocks a writer or sees part of an append. */
export class Reader {
  private readonly lastPosition: Statement<[number | null]>;
  private readonly both: Statement<[number, number]>;
  private readonly ofLog: Statement<Stored>;
  private readonly ofStream: Statement<Stored>;
  private readonly ofKinds: Statement<Stored>;
  private readonly lastBefore: Statement<[number | null]>;

  constructor(
    database: Database,
    private readonly words: EventDictionary,
    private readonly path: string,
    private readonly turn: ReadTurn,
  ) {
    this.lastPosition = database.prepareArrays('SELECT max(position) FROM event');
    this.both = database.prepareArrays('SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM stream)');
    this.ofLog = database.prepareArrays(
      `SELECT ${COLUMNS} FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
    );
    this.ofStream = database.prepareArrays(
      `SELECT ${COLUMNS} FROM event WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?`,
    );
    this.ofKinds = database.prepareArrays(
      `SELECT ${COLUMNS} FROM event WHERE position > ? AND position <= ? AND kind IN (SELECT value FROM json_each(?))
       ORDER BY position LIMIT ${PAGE}`,
    );
    this.lastBefore = database.prepareArrays('SELECT max(position) FROM event WHERE position <= ?');
  }

  /** Number of the last position, 0 for an empty log. */
  head(): number {
    return this.read(() => this.lastPosition.get()?.[0] ?? 0);
  }

  count(): { readonly events: number; readonly streams: number } {
    const [events = 0, streams = 0] = unavailable(this.path, () => this.both.get()) ?? [];
    return { events, streams };
  }

  logPage(after: number, until: number, limit: number): RecordedEvent[] {
    return this.read(() => {
      let last = after;
      return this.ofLog.all(after, until, Math.min(limit, PAGE)).map((row) => {
        last = this.next(last, row[0], 'position');
        return this.decode(row);
      });
    });
  }

  /**
   * The next events of these kinds, possibly none in the range searched, and the position after which to continue.
   * Events of other kinds are not decoded.
   */
  kindsPage(kinds: readonly number[], after: number, until: number): { events: RecordedEvent[]; last: number } {
    return this.read(() => {
      const end = Math.min(until, after + SPAN);
      if (this.lastBefore.get(end)?.[0] !== end) this.missing(after, end);
      let last = after;
      const events = this.ofKinds.all(after, end, JSON.stringify(kinds)).map((row) => {
        last = this.next(last, row[0], 'position');
        return this.decode(row);
      });
      return { events, last: events.length < PAGE ? end : last };
    });
  }

  kindsOf(type: string): readonly number[] {
    return this.read(() => this.words.kindsOf(type));
  }

  /**
   * Throws a DatabaseFault if the log ends at a position beyond which nothing can be read, although its head exists.
   */
  missing(after: number, until: number): never {
    const where = `nothing can be read beyond ${positionOf(after)}, and the log ends at ${positionOf(until)}`;
    return unavailable(this.path, () => {
      throw new DatabaseFault(this.path, 'damaged', new Error(where));
    });
  }

  streamPage(stream: string, after: number, limit = PAGE): RecordedEvent[] {
    return this.read(() => {
      const id = this.words.streamId(stream);
      if (id === undefined) return [];
      let last = after;
      return this.ofStream.all(id, after, limit).map((row) => {
        last = this.next(last, row[2], 'revision');
        return this.decode(row, stream);
      });
    });
  }

  /** In a damaged tree SQLite returns rows out of order, and continuing after the last of them would never end. */
  private next(last: number, number: number, what: string): number {
    if (number > last) return number;
    const where = `an event of ${what} ${number} follows ${what} ${last}`;
    throw new DatabaseFault(this.path, 'damaged', new Error(where));
  }

  private read<T>(step: () => T): T {
    return unavailable(this.path, () => {
      this.turn.enter();
      return step();
    });
  }

  /** A row may refer to a word that is damaged or missing. */
  private decode(row: Stored, stream?: string): RecordedEvent {
    const extra = row[8] === null ? null : parsed<Readonly<Record<string, string>>>(row[8], row, this.path);
    const data = parsed<RecordedEvent['data']>(row[9], row, this.path);
    try {
      return this.eventOf(row, extra, data, stream ?? this.words.streamName(row[1]));
    } catch (error) {
      if (faultOf(error) !== undefined) throw error;
      const where = `the event at ${positionOf(row[0])} cannot be read: ${(error as Error).message}`;
      throw new DatabaseFault(this.path, 'damaged', new Error(where, { cause: error }));
    }
  }

  private eventOf(
    row: Stored,
    extra: Readonly<Record<string, string>> | null,
    data: RecordedEvent['data'],
    stream: string,
  ): RecordedEvent {
    const kind = this.words.kind(row[3]);
    // In JavaScript rather than in SQL, which takes five times as long.
    const ids = row[7].toLowerCase();
    const event: RecordedEvent = {
      id: uuidAt(ids, 0),
      type: kind.type,
      data,
      metadata: unpackMetadata(ids, kind, this.words.who(row[4]), row[6], extra),
      stream,
      revision: row[2],
      position: positionOf(row[0]),
      recordedAt: isoOf(row[5]),
    };
    return extra === null ? event : lifted(event);
  }
}

function parsed<T>(json: string, row: Stored, path: string): T {
  try {
    return JSON.parse(json);
  } catch (error) {
    const where = `the event at ${positionOf(row[0])} is not JSON`;
    throw new DatabaseFault(path, 'damaged', new Error(where, { cause: error }));
  }
}

/** The number in a position. Throws Invalid for text that no store of this kind issued. */
export function numberOf(position: Position, path: string): number {
  if (!/^\d{20}$/.test(position) || position > '00009007199254740991') {
    throw new Invalid(path, `must be a position: ${START.length} digits`);
  }
  return Number(position);
}
