import { OwnPostgres } from '../support/postgres';
import { readsOf } from './api';
import type { Bench, BenchContext, Row } from './bench';
import { lagOf } from './lag';
import { replayInto } from './replay';

/** Production-like settings: durable writes, and some memory. */
const FLAGS = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on', 'shared_buffers=512MB', 'max_wal_size=4GB'];

/** Runs a bench against a separate PostgreSQL on this machine, which shares its processors. */
async function onPostgres(work: (url: string) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const server = await OwnPostgres.start(...FLAGS);
  try {
    return await work(server.url);
  } finally {
    await server.remove();
  }
}

function replay(context: BenchContext): Promise<readonly Row[]> {
  return onPostgres((url) =>
    replayInto(context, 'postgres-replay-library', 30_000, { adapter: 'postgres', url, schema: 'bench' }),
  );
}

function reads(context: BenchContext): Promise<readonly Row[]> {
  const bars = { rate: 1_500, p99: 40 };
  return onPostgres((url) => readsOf(context, 'postgres-reads', bars, { PALIMPSEST_TABLES: url }));
}

function lag(context: BenchContext): Promise<readonly Row[]> {
  return onPostgres((url) => lagOf(context, 'postgres-live-lag', 150, { PALIMPSEST_TABLES: url }));
}

export const benches: readonly Bench[] = [
  { name: 'postgres-replay-library', run: replay },
  { name: 'postgres-reads', run: reads },
  { name: 'postgres-live-lag', run: lag },
];
