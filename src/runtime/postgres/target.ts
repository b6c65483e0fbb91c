import type { RecordedEvent } from '../../domain/event';
import { positionOf } from '../../store/instant';
import { type Standing, TablesUnavailable, type Target } from '../engine';
import { lift } from '../lifted';
import type { Desk } from './desk';
import type { Errand } from './indexes';
import { newsOf } from './listener';
import { type Mark, momentsOf } from './moments';
import type { Session } from './session';

/** The checkpoints of a batch as they were read, and as they shall be. */
interface Move {
  readonly before: Standing;
  readonly after: Standing;
}

/** Live projections and the log's moments, written in one transaction a batch. */
export class LiveTarget implements Target {
  constructor(
    private readonly desk: Desk,
    private readonly sessions: readonly Session[],
  ) {}

  async apply(events: readonly RecordedEvent[], after: number): Promise<boolean> {
    const { lifted, unreadable } = lift(events);
    let gapless = true;
    let moves: readonly Move[] = [];
    try {
      await this.desk.transaction(async (read) => {
        for (const session of this.sessions) {
          if (!(await session.open(read.find(session.projection.name, 'live')))) continue;
          if (session.standing!.position < after) gapless = false;
          else await session.fold(lifted, unreadable);
        }
        const found = collect(this.sessions);
        moves = found.moves;
        await Promise.all(found.errands.map((errand) => errand()));
        const mark = momentsOf(events, after, read.log());
        if (moves.length > 0 || mark) await move(this.desk, moves, { mark, marked: read.log().position });
      });
    } catch (error) {
      for (const session of this.sessions) session.close();
      throw error;
    }
    this.desk.told(moves.map(({ after }) => after));
    return gapless;
  }
}

/**
 * New tables, which nobody reads yet: while one batch is being written, the next one is folded already. Its rows wait in
 * memory, and what it must read is read behind what is being written.
 */
export class BuildTarget implements Target {
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly desk: Desk,
    private readonly sessions: readonly Session[],
  ) {}

  async apply(events: readonly RecordedEvent[], after: number): Promise<boolean> {
    const { lifted, unreadable } = lift(events);
    let gapless = true;
    try {
      for (const session of this.sessions) {
        if (!session.standing && !(await this.attach(session))) continue;
        if (session.standing!.poison) continue;
        if (session.standing!.position < after) gapless = false;
        else await session.fold(lifted, unreadable);
      }
      await this.writing;
    } catch (error) {
      await this.writing.catch(() => undefined);
      for (const session of this.sessions) session.close();
      throw error;
    }
    const { moves, errands } = collect(this.sessions);
    if (moves.length > 0) await this.startWriting(moves, errands);
    return gapless;
  }

  async finish(): Promise<void> {
    await this.writing;
  }

  /** Resolves when everything is on its way: what is read from then on is read behind it. */
  private startWriting(moves: readonly Move[], errands: readonly Errand[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.writing = this.desk.transaction(async () => {
        const written = Promise.all(errands.map((errand) => errand()));
        resolve();
        await written;
        await move(this.desk, moves, undefined);
      });
      // Whoever comes next is told of it.
      this.writing.catch(reject);
    });
  }

  private async attach(session: Session): Promise<boolean> {
    const read = await this.desk.read();
    return session.open(read.find(session.projection.name, 'build'));
  }
}

function collect(sessions: readonly Session[]): { moves: readonly Move[]; errands: readonly Errand[] } {
  const moves: Move[] = [];
  const errands: Errand[] = [];
  for (const session of sessions) {
    const { before } = session;
    const found = session.collect();
    if (!found) continue;
    errands.push(...found);
    moves.push({ before: before!, after: session.standing! });
    session.kept();
  }
  return { moves, errands };
}

/** Checkpoints, moments and the news of them, in one question. Throws where the checkpoints are not as they were read. */
async function move(
  { names, connection }: Desk,
  moves: readonly Move[],
  log: { readonly mark: Mark | undefined; readonly marked: number } | undefined,
): Promise<void> {
  const mark = log?.mark;
  const standings = moves.map(({ after }) => after);
  const [row] = await connection.prepared<readonly [number, number, number]>(
    `WITH moved AS (
         UPDATE ${names.projection} p SET position = u.position, poison = u.poison::json
         FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
           AS u(name, generation, before, position, poison)
         WHERE p.name = u.name AND p.role = $1 AND p.generation = u.generation AND p.position = u.before RETURNING 1),
       moments AS (
         INSERT INTO ${names.moment} SELECT * FROM unnest($7::bigint[], $8::text[])
         ON CONFLICT (recorded) DO UPDATE SET position = excluded.position RETURNING 1),
       mark AS (
         UPDATE ${names.log} SET position = $10, events = $11, recorded = $12, last_id = $13
         WHERE position = $9 RETURNING 1),
       news AS (SELECT pg_notify($14, $15) WHERE $14 <> '')
       SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM mark), (SELECT count(*) FROM news)`,
    [
      log ? 'live' : 'build',
      standings.map(({ name }) => name),
      standings.map(({ generation }) => generation),
      moves.map(({ before }) => positionOf(before.position)),
      standings.map(({ position }) => positionOf(position)),
      standings.map(({ poison }) => (poison ? JSON.stringify(poison) : null)),
      (mark?.moments ?? []).map(([recorded]) => recorded),
      (mark?.moments ?? []).map(([, position]) => positionOf(position)),
      mark ? positionOf(log.marked) : '',
      positionOf(mark?.position ?? 0),
      mark?.events ?? 0,
      mark?.recorded ?? 0,
      mark?.lastId ?? '',
      log ? names.channel : '',
      log ? newsOf(standings) : '',
    ],
  );
  if (row![0] !== moves.length || row![1] !== (mark ? 1 : 0)) {
    throw new TablesUnavailable('somebody else moved the checkpoint of the read models; they are read anew');
  }
}
