import type { RecordedEvent } from '../../domain/event';
import { positionOf } from '../../store/instant';
import { type Standing, TablesUnavailable, type Target } from '../engine';
import { lift } from '../lifted';
import type { Desk } from './desk';
import { newsOf } from './listener';
import { type Mark, momentsOf } from './moments';
import type { Session } from './session';
import type { Read } from './state';

/** Several projections and, of live ones, the log's moments, written in one transaction a batch. */
export class PostgresTarget implements Target {
  constructor(
    private readonly desk: Desk,
    readonly sessions: readonly Session[],
    private readonly live: boolean,
  ) {}

  async apply(events: readonly RecordedEvent[], after: number): Promise<boolean> {
    const { lifted, unreadable } = lift(events);
    let gapless = true;
    let kept: readonly Standing[] = [];
    try {
      await this.desk.transaction(async (read) => {
        for (const session of this.sessions) {
          if (!(await session.open(read.find(session.projection.name, session.role)))) continue;
          if (session.standing!.position < after) gapless = false;
          else await session.fold(lifted, unreadable);
        }
        const mark = this.live ? momentsOf(events, after, read.log()) : undefined;
        kept = await this.flush(read, mark);
      });
    } catch (error) {
      for (const session of this.sessions) session.close();
      throw error;
    }
    for (const session of this.sessions) session.kept();
    if (this.live) this.desk.told(kept);
    return gapless;
  }

  /** Rows, past rows, checkpoints and the news of them. */
  private async flush(read: Read, mark: Mark | undefined): Promise<readonly Standing[]> {
    const moved: Session[] = [];
    for (const session of this.sessions) if (await session.flush()) moved.push(session);
    if (moved.length === 0 && !mark) return [];
    const standings = moved.map(({ standing }) => standing!);
    const { names, connection } = this.desk;
    const role = this.live ? 'live' : 'build';
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
        role,
        standings.map(({ name }) => name),
        standings.map(({ generation }) => generation),
        moved.map(({ before }) => positionOf(before!.position)),
        standings.map(({ position }) => positionOf(position)),
        standings.map(({ poison }) => (poison ? JSON.stringify(poison) : null)),
        (mark?.moments ?? []).map(([recorded]) => recorded),
        (mark?.moments ?? []).map(([, position]) => positionOf(position)),
        mark ? positionOf(read.log().position) : '',
        positionOf(mark?.position ?? 0),
        mark?.events ?? 0,
        mark?.recorded ?? 0,
        mark?.lastId ?? '',
        this.live ? names.channel : '',
        this.live ? newsOf(standings) : '',
      ],
    );
    if (row![0] !== moved.length || row![1] !== (mark ? 1 : 0)) {
      throw new TablesUnavailable('somebody else moved the checkpoint of the read models; they are read anew');
    }
    return standings;
  }
}
