import { positionOf } from '../../store/instant';
import { type LogMark, type Role, type Standing, TablesUnavailable, type Target } from '../engine';
import type { Portion } from '../lifted';
import type { Desk } from './desk';
import type { Errand } from './errand';
import { newsOf } from './listener';
import { joined, type Mark, momentsOf } from './moments';
import type { Session } from './session';

/** The checkpoints of a batch as they were read, and as they shall be. */
interface Move {
  readonly before: Standing;
  readonly after: Standing;
}

/** The log's mark as it shall be, and as it was read. */
interface Marking {
  readonly mark: Mark;
  readonly marked: LogMark;
}

/** Live projections and the log's moments, written in one transaction a batch. */
export class LiveTarget implements Target {
  constructor(
    private readonly desk: Desk,
    private readonly sessions: readonly Session[],
  ) {}

  async apply(portion: Portion, after: number): Promise<boolean> {
    const { events } = portion;
    let gapless = true;
    let moves: readonly Move[] = [];
    try {
      await this.desk.transaction(async (read) => {
        for (const session of this.sessions) {
          if (!(await session.open(read.find(session.projection.name, 'live')))) continue;
          if (session.standing!.position < after) gapless = false;
          else await foldAll(session, portion, () => run(session.collect() ?? []));
        }
        const found = collect(this.sessions);
        moves = found.moves;
        await run(found.errands);
        const mark = momentsOf(events, after, read.log());
        if (moves.length > 0 || mark) await move(this.desk, 'live', moves, mark && { mark, marked: read.log() });
      });
    } catch (error) {
      for (const session of this.sessions) session.close();
      throw error;
    }
    this.desk.told(moves.map(({ after }) => after));
    return gapless;
  }
}

/** Events that are folded at once while tables are built. What they made waits as rows, the events themselves do not. */
const PORTION = 1_000;
/** So many rows are written even where the batch could hold more events: all of them are made ready in one go. */
const ROWS = 20_000;

/**
 * New tables, which nobody reads yet: while one batch is being written, the next one is folded already. Its rows wait in
 * memory, and what it must read is read behind what is being written. The log's moments are kept on the way where nobody
 * else has come as far, so that the log need not be read again for them.
 */
export class BuildTarget implements Target {
  readonly portion = PORTION;
  private writing: Promise<void> = Promise.resolve();
  private events = 0;
  /** How far the moments were kept when that was last looked up, and what came since. */
  private marked: LogMark | undefined;
  private mark: Mark | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly sessions: readonly Session[],
    /** Events in one transaction. */
    private readonly batchSize: number,
  ) {}

  async apply(portion: Portion, after: number): Promise<boolean> {
    const { events } = portion;
    let gapless = true;
    try {
      for (const session of this.sessions) {
        if (!session.standing && !(await this.attach(session))) continue;
        if (session.standing!.poison) continue;
        if (session.standing!.position < after) gapless = false;
        else await foldAll(session, portion, () => this.finish());
      }
      if (this.marked) this.mark = joined(this.mark, momentsOf(events, after, this.mark ?? this.marked));
      this.events += events.length;
      const rows = this.sessions.reduce((sum, { changed }) => sum + changed, 0);
      if (this.events >= this.batchSize || rows >= ROWS) await this.write();
    } catch (error) {
      await this.writing.catch(() => undefined);
      for (const session of this.sessions) session.close();
      throw error;
    }
    return gapless;
  }

  async finish(): Promise<void> {
    await this.write();
    await this.writing;
  }

  private async write(): Promise<void> {
    this.events = 0;
    await this.writing;
    const { moves, errands } = collect(this.sessions);
    const { marked, mark } = this;
    this.marked = mark ?? marked;
    this.mark = undefined;
    if (moves.length > 0) await this.startWriting(moves, errands, mark && marked ? { mark, marked } : undefined);
  }

  /** Resolves when everything is on its way: what is read from then on is read behind it. */
  private startWriting(moves: readonly Move[], errands: readonly Errand[], log: Marking | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.writing = this.desk.transaction(async (read) => {
        const written = Promise.all(errands.map((errand) => errand()));
        resolve();
        await written;
        const own = log?.marked.position === read.log().position ? log : undefined;
        await move(this.desk, 'build', moves, own);
      });
      // The next caller gets this error.
      this.writing.catch(reject);
    });
  }

  private async attach(session: Session): Promise<boolean> {
    const read = await this.desk.read();
    this.marked ??= read.log();
    return session.open(read.find(session.projection.name, 'build'));
  }
}

/** Folds a portion. `write` puts in place what was folded so far, since late events look at past rows. */
async function foldAll(session: Session, portion: Portion, write: () => Promise<unknown>): Promise<void> {
  for (let next = 0; ; ) {
    next = await session.fold(portion, next);
    const late = portion.lifted[next];
    if (!late) return;
    await write();
    await session.foldLate(late);
    if (session.standing!.poison) return;
    next += 1;
  }
}

async function run(errands: readonly Errand[]): Promise<void> {
  await Promise.all(errands.map((errand) => errand()));
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

/**
 * Checkpoints, moments and the news of them, in one question. Throws where the checkpoints are not as they were read. The
 * log's mark may be moved on by whoever projects and whoever builds: both say the same of the same events, so it stays
 * where another has moved it.
 */
async function move(
  { names, connection }: Desk,
  role: Role,
  moves: readonly Move[],
  log: Marking | undefined,
): Promise<void> {
  const mark = log?.mark;
  const live = role === 'live';
  const standings = moves.map(({ after }) => after);
  const [row] = await connection.prepared<readonly [number]>(
    `WITH moved AS (
         UPDATE ${names.projection} p SET position = u.position, poison = u.poison::json
         FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
           AS u(name, generation, before, position, poison)
         WHERE p.name = u.name AND p.role = $1 AND p.generation = u.generation AND p.position = u.before RETURNING 1),
       moments AS (
         INSERT INTO ${names.moment} AS m SELECT * FROM unnest($7::bigint[], $8::text[])
         ON CONFLICT (recorded) DO UPDATE SET position = greatest(m.position, excluded.position) RETURNING 1),
       mark AS (
         UPDATE ${names.log} SET position = $10, events = $11, recorded = $12, last_id = $13
         WHERE position = $9 RETURNING 1),
       news AS (SELECT pg_notify($14, $15) WHERE $14 <> '')
       SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM mark), (SELECT count(*) FROM news)`,
    [
      role,
      standings.map(({ name }) => name),
      standings.map(({ generation }) => generation),
      moves.map(({ before }) => positionOf(before.position)),
      standings.map(({ position }) => positionOf(position)),
      standings.map(({ poison }) => (poison ? JSON.stringify(poison) : null)),
      (mark?.moments ?? []).map(([recorded]) => recorded),
      (mark?.moments ?? []).map(([, position]) => positionOf(position)),
      log ? positionOf(log.marked.position) : '',
      positionOf(mark?.position ?? 0),
      mark?.events ?? 0,
      mark?.recorded ?? 0,
      mark?.lastId ?? '',
      live ? names.channel : '',
      live ? newsOf(standings) : '',
    ],
  );
  if (row![0] !== moves.length) {
    throw new TablesUnavailable('another process moved the checkpoint of the read models; they are read again');
  }
}
