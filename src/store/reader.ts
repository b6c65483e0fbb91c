import type { RecordedEvent } from '../domain/event';
import type { Database, ReadTurn, Statement } from '../sqlite';
import { unpackMetadata, uuidAt } from './codec';
import { unavailable } from './file';
import { isoOf, positionOf } from './instant';
import { lifted } from './moving';
import { Invalid, type Position, START } from './store';
import type { Words } from './words';

export const PAGE = 1_000;

type Row = [
  position: number,
  stream: number,
  revision: number,
  kind: number,
  who: number,
  recorded: number,
  occurred: number | null,
  ids: string,
  extra: string | null,
  data: string,
];

const COLUMNS = 'position, stream, revision, kind, who, recorded, occurred, hex(ids), extra, data';

/** Reads pages of events. None holds up a writer or sees half an append. */
export class Reader {
  private readonly lastPosition: Statement<[number | null]>;
  private readonly both: Statement<[number, number]>;
  private readonly ofLog: Statement<Row>;
  private readonly ofStream: Statement<Row>;

  constructor(
    database: Database,
    private readonly words: Words,
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
    return this.read(() =>
      this.ofLog.all(after, until, Math.min(limit, PAGE)).map((row) => this.decode(row, this.words.streamName(row[1]))),
    );
  }

  streamPage(stream: string, after: number): RecordedEvent[] {
    return this.read(() => {
      const id = this.words.streamId(stream);
      return id === undefined ? [] : this.ofStream.all(id, after, PAGE).map((row) => this.decode(row, stream));
    });
  }

  private read<T>(step: () => T): T {
    return unavailable(this.path, () => {
      this.turn.enter();
      return step();
    });
  }

  private decode(row: Row, stream: string): RecordedEvent {
    const [position, , revision, kindId, whoId, recorded, occurred, upper, extra, data] = row;
    // Here and not in SQL, where it takes five times as long.
    const ids = upper.toLowerCase();
    const kind = this.words.kind(kindId);
    const event: RecordedEvent = {
      id: uuidAt(ids, 0),
      type: kind.type,
      data: JSON.parse(data),
      metadata: unpackMetadata(ids, kind, this.words.who(whoId), occurred, extra),
      stream,
      revision,
      position: positionOf(position),
      recordedAt: isoOf(recorded),
    };
    return extra === null ? event : lifted(event);
  }
}

/** The number in a position. Throws Invalid for what no store of this kind ever gave out. */
export function numberOf(position: Position, path: string): number {
  if (!/^\d{20}$/.test(position) || position > '00009007199254740991') {
    throw new Invalid(path, `must be a position: ${START.length} digits`);
  }
  return Number(position);
}
