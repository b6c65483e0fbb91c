import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { RuntimeOptions } from '../../src/tables/runtime';
import { emptyDatabase } from './postgres';

export const ENGINES = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof ENGINES)[number];

/** The engine of the whole run, for specs that do not name one. */
export const engineOfRun: EngineName = process.env.TEST_TABLES === 'postgres' ? 'postgres' : 'sqlite';

let database: Promise<string> | undefined;

/** Separate tables for each directory and name: a file in it, or a schema in this spec's database. */
export async function tablesAt(engine: EngineName, directory: string, name: string): Promise<RuntimeOptions['tables']> {
  if (engine === 'sqlite') return { adapter: 'sqlite', file: join(directory, name) };
  database ??= emptyDatabase();
  const schema = `t_${createHash('sha256').update(join(directory, name)).digest('hex').slice(0, 16)}`;
  return { adapter: 'postgres', url: await database, schema };
}

/** Creating tables on a server takes longer, so fewer examples run there. */
export const runsOn = (engine: EngineName, runs: number): number =>
  engine === 'sqlite' ? runs : Math.max(4, Math.floor(runs / 6));
