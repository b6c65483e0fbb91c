import { type Keeper, type Role, type Standing, TablesRefused, type Target } from '../engine';
import type { Projection } from '../projection';
import type { Desk } from './desk';
import { stateOf } from './faults';
import { fillSides, indexesDdl, layoutsOf, readersDdl, shapeOf, tablesDdl } from './schema';
import { Session } from './session';
import { dropGeneration, nextGeneration, type Read, writeStanding } from './state';
import { BuildTarget, LiveTarget } from './target';
import { fillTexts } from './texts';
import { walkDdl, walkIndexes } from './walk';

/** Readers hold new tables up for a moment; then it is tried again. */
const SWITCH_ATTEMPTS = 50;
const IN_THE_WAY = new Set(['55P03', '40P01']);

/** Writes tables under one lock. */
export class PostgresKeeper implements Keeper {
  constructor(private readonly desk: Desk) {}

  survey(): Promise<Read> {
    return this.desk.read();
  }

  /** Tables on a server may belong to another program: those of another log are left unchanged. */
  async prepare(
    projections: readonly Projection[],
    how: { readonly foreign: string | undefined; readonly bulk: boolean },
  ): Promise<readonly Projection[]> {
    if (how.foreign !== undefined) throw new TablesRefused(this.refusal(how.foreign));
    const stood: Standing[] = [];
    const outdated = await this.desk.transaction(async (read) => {
      const missing: Projection[] = [];
      for (const projection of projections) {
        const standing = await this.stand(read, projection, how.bulk);
        if (standing) stood.push(standing);
        else missing.push(projection);
      }
      await this.tellAll();
      return missing;
    }, true);
    this.desk.told(stood);
    return outdated;
  }

  target(
    projections: readonly Projection[],
    role: Role,
    { capacity, batchSize = 1 }: Parameters<Keeper['target']>[2],
  ): Target {
    const { connection, names } = this.desk;
    const sessions = projections.map((each) => new Session(connection, names.schema, each, role, capacity));
    return role === 'live' ? new LiveTarget(this.desk, sessions) : new BuildTarget(this.desk, sessions, batchSize);
  }

  beginOrResume(projection: Projection): Promise<void> {
    return this.desk.transaction(async (read) => {
      const found = read.find(projection.name, 'build');
      if (!found || !isCurrent(found, projection)) await this.begin(read, projection, 'build');
      else await writeStanding(this.desk.connection, this.desk.names, { ...found, poison: undefined });
    }, true);
  }

  seal(projection: Projection, signal?: AbortSignal): Promise<void> {
    return this.desk.transaction(async (read) => {
      const found = read.find(projection.name, 'build');
      if (!found || found.sealed) return;
      await this.sealTables(projection, found.generation, signal);
      await writeStanding(this.desk.connection, this.desk.names, { ...found, sealed: true });
    });
  }

  async promote(projection: Projection): Promise<boolean> {
    for (let left = SWITCH_ATTEMPTS; ; left--) {
      try {
        return await this.desk.transaction((read) => this.switch(read, projection), true);
      } catch (error) {
        const state = stateOf((error as Error).cause);
        if (left === 0 || state === undefined || !IN_THE_WAY.has(state)) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.desk.connection.end().catch(() => undefined);
  }

  private async switch(read: Read, projection: Projection): Promise<boolean> {
    const { connection, names } = this.desk;
    const live = read.find(projection.name, 'live');
    const build = read.find(projection.name, 'build');
    if (!build) throw new Error(`another process dropped the tables being built for ${projection.name}`);
    if (live && isCurrent(live, projection) && !live.poison && live.position !== build.position) return false;
    if (live && live.position > build.position) return false;
    await connection.script(`SET LOCAL lock_timeout = '2s'`);
    if (live) await dropGeneration(connection, names, live.generation);
    await connection.query(`DELETE FROM ${names.projection} WHERE name = $1`, [projection.name]);
    await writeStanding(connection, names, { ...build, role: 'live' });
    await this.tellAll();
    return true;
  }

  /** The standing of tables that can be folded on. A stopped fold gets another chance, since it may be mended. */
  private async stand(read: Read, projection: Projection, bulk: boolean): Promise<Standing | undefined> {
    const live = read.find(projection.name, 'live');
    if (live && isCurrent(live, projection)) {
      const mended = { ...live, poison: undefined };
      if (live.poison) await writeStanding(this.desk.connection, this.desk.names, mended);
      return mended;
    }
    return live || bulk ? undefined : this.begin(read, projection, 'live');
  }

  /** Empty tables for a projection in a given role. Those that were there in this role are dropped. */
  private async begin(read: Read, projection: Projection, role: Role): Promise<Standing> {
    const { connection, names } = this.desk;
    const before = read.find(projection.name, role);
    if (before) await dropGeneration(connection, names, before.generation);
    const generation = await nextGeneration(connection, names);
    for (const layout of layoutsOf(names.schema, projection, generation).values()) {
      await connection.script(tablesDdl(layout).join('; '));
    }
    if (role === 'live') await this.sealTables(projection, generation);
    const standing: Standing = {
      name: projection.name,
      role,
      version: projection.version,
      generation,
      position: 0,
      shape: shapeOf(projection),
      sealed: role === 'live',
      poison: undefined,
    };
    await writeStanding(connection, names, standing);
    return standing;
  }

  private async sealTables(projection: Projection, generation: number, signal?: AbortSignal): Promise<void> {
    const { connection, names } = this.desk;
    const run = async (statements: readonly string[]): Promise<void> => {
      for (const statement of statements) {
        signal?.throwIfAborted();
        await connection.script(statement);
      }
    };
    for (const layout of layoutsOf(names.schema, projection, generation).values()) {
      await run([...readersDdl(layout), ...walkDdl(layout), ...fillSides(layout)]);
      await fillTexts(connection, layout);
      await run([...indexesDdl(layout), ...walkIndexes(layout)]);
    }
  }

  /** Other processes know other tables from now on. */
  private async tellAll(): Promise<void> {
    await this.desk.connection.query(`SELECT pg_notify($1, '')`, [this.desk.names.channel]);
  }

  private refusal(why: string): string {
    const { schema } = this.desk.names;
    return (
      `the read models in PostgreSQL, schema ${schema}, are not of this event store: ${why}. If the event store was ` +
      'restored from an older backup, or PALIMPSEST_EVENTS and PALIMPSEST_TABLES name parts of two installations, put ' +
      `that right. Otherwise drop them, which loses nothing, since they are made anew from the events: ` +
      `DROP SCHEMA "${schema}" CASCADE`
    );
  }
}

export function isCurrent(standing: Standing, projection: Projection): boolean {
  return standing.version === projection.version && standing.shape === shapeOf(projection);
}
