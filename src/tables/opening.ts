import type { Engine } from './engine';
import type { PostgresPlace } from './postgres/engine';
import type { Projection } from './projection';
import { openSqliteEngine } from './sqlite/engine';

/** Where the read models are: in a file, or in a schema of PostgreSQL. */
export type TablesPlace =
  | { readonly adapter: 'sqlite'; readonly file: string }
  | ({ readonly adapter: 'postgres' } & PostgresPlace);

interface Wanted {
  readonly tables: TablesPlace;
  readonly projections: readonly Projection[];
}

/** Asks tables on a server whether they can be read. Throws TablesUnavailable where they cannot. Changes nothing. */
export async function surveyTables(tables: TablesPlace, projections: readonly Projection[]): Promise<void> {
  const engine = await openEngine({ tables, projections });
  try {
    await engine.survey();
  } finally {
    await engine.close();
  }
}

/** The driver of a server is loaded only where one is named. */
export function openEngine({ tables, projections }: Wanted): Promise<Engine> {
  if (tables.adapter === 'sqlite') return openSqliteEngine(tables.file, projections);
  const { openPostgresEngine } = require('./postgres/engine') as typeof import('./postgres/engine');
  return openPostgresEngine(tables, projections);
}
