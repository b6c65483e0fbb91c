import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { openStoreToRead, probeTables, refuseWrongDirectory } from '../../app';
import type { Config } from '../../config/config';
import { printableContent } from '../../config/contentplace';
import { printableTables } from '../../config/tableplace';
import { Unavailable } from '../../store/store';
import { TablesUnavailable } from '../../tables/engine';
import { inLines } from '../../telemetry/out';
import { action, dataCommand, type Result } from '../frame';
import { openProgress } from '../progress-bar';
import type { Check } from './check';
import { checkSkew } from './clock';
import { checkContent, checkFixity } from './contentcheck';
import { checkEvents } from './eventcheck';
import { checkDatabase, checkDirectory, checkDisk, checkEventFile, checkKeys } from './files';
import { checkLedger } from './ledgercheck';
import { checkClock, checkProjections, hasEvents } from './logcheck';
import { checkServer } from './servercheck';
import { checkWal } from './walcheck';

/** `doctor`: checks everything that the server depends on, changes nothing, and gives advice. */
export function addDoctor(program: Command): void {
  dataCommand(
    program,
    'doctor',
    'check everything that the server depends on, every event included, and give advice; exit code 1 if a check fails',
    ['doctor', 'doctor --content', 'doctor --json | jq ".checks[] | select(.ok | not)"'],
  )
    .option('--content', 'also read every content file and compare its digest')
    .action(
      action<{ readonly content?: boolean }>(async ({ config, signal }, options): Promise<Result> => {
        refuseWrongDirectory(config);
        const checks = await examine(config, { signal, content: options.content ?? false });
        const ok = checks.every((check) => check.ok);
        return { json: { ok, checks }, text: report(inLines(checks)), fault: !ok };
      }),
    );
}

/** Milliseconds between two readings of the write-ahead log; a writer completes a frame in less. */
const WRITERS_GO_ON_MS = 100;

interface Examination {
  readonly signal?: AbortSignal;
  /** Also read content files. */
  readonly content?: boolean;
}

/** Runs every check in order; a failed check does not prevent the others. Rejects only if interrupted. */
export async function examine(
  config: Config,
  { signal, content = false }: Examination = {},
): Promise<readonly Check[]> {
  const looks: readonly (readonly [string, () => Promise<readonly Check[]> | readonly Check[]])[] = [
    ['data directory', () => [checkDirectory(config.dataDir)]],
    ['event store', () => checkStore(config)],
    ['events', () => eventsOf(config, content, signal)],
    ['ledger', async () => [await checkLedger(config, signal)]],
    ['tables', () => tablesOf(config)],
    ['clock', () => checkClock(config, Date.now())],
    ['clock of the store', () => skewOf(config)],
    ['projections', () => checkProjections(config, Date.now())],
    ['disk', () => [checkDisk(config.dataDir)]],
    ['keys', async () => [await checkKeys(config)]],
  ];
  const checks: Check[] = [];
  for (const [name, look] of looks) {
    signal?.throwIfAborted();
    try {
      checks.push(...(await look()));
    } catch (error) {
      signal?.throwIfAborted();
      checks.push({ name, ok: false, detail: (error as Error).message, advice: adviceFor(error, config) });
    }
  }
  return checks;
}

async function checkStore({ events, tables }: Config): Promise<readonly Check[]> {
  if (events.adapter !== 'sqlite') return checkServer(events.address);
  // Before SQLite opens the file: SQLite drops what follows damage in the log, and may overwrite it.
  const log = await checkWal(events.file, () => pause(WRITERS_GO_ON_MS));
  const progress = openProgress('event file');
  try {
    const ofTables = tables.adapter === 'sqlite' ? tables.file : undefined;
    return [log, checkEventFile(events.file, ofTables, RESTORE, progress.update)];
  } finally {
    progress.stop();
  }
}

/** Every event, and the content files that versions name. */
async function eventsOf(config: Config, content: boolean, signal: AbortSignal | undefined): Promise<readonly Check[]> {
  const known = new Map<string, number>();
  const [faulty, checked] = [new Map<string, string>(), new Set<string>()];
  const onFixity = (digest: string, outcome: string) => {
    checked.add(digest);
    if (outcome === 'good') faulty.delete(digest);
    else faulty.set(digest, outcome);
  };
  const checks: Check[] = [];
  if (hasEvents(config)) {
    const store = await openStoreToRead(config);
    const progress = openProgress('events');
    const onContent = content ? (digest: string, bytes: number) => known.set(digest, bytes) : undefined;
    const advice = config.events.adapter === 'sqlite' ? RESTORE : RESTORE_SERVER;
    try {
      checks.push(await checkEvents(store, advice, { signal, onProgress: progress.update, onContent, onFixity }));
      checks.push(checkFixity(faulty, checked.size));
    } finally {
      progress.stop();
      await store.close();
    }
  }
  if (!content) return checks;
  const progress = openProgress('content');
  try {
    if (config.content.adapter !== 'directory') return [...checks, notHere(config)];
    const root = join(config.content.root, 'sha256');
    return [...checks, await checkContent(root, known, { signal, onProgress: progress.update })];
  } finally {
    progress.stop();
  }
}

/** Objects are read by the check that records what it finds. */
function notHere({ content }: Config): Check {
  const detail = `the bytes are in ${printableContent(content)}; \`palimpsest content check\` reads them`;
  return { name: 'content', ok: true, detail, advice: '' };
}

/** A store in a file uses the clock of this machine. */
async function skewOf({ events }: Config): Promise<readonly Check[]> {
  return events.adapter === 'sqlite' ? [] : [await checkSkew(events.address)];
}

async function tablesOf(config: Config): Promise<readonly Check[]> {
  const { tables } = config;
  if (tables.adapter === 'sqlite') return [checkDatabase('tables', tables.file, DISCARD)];
  await probeTables(config);
  return [{ name: 'tables', ok: true, detail: `${printableTables(tables)}, can be read`, advice: '' }];
}

/** An unreachable server has advice of its own; any other failure follows from an earlier check. */
function adviceFor(error: unknown, { events }: Config): string {
  if (error instanceof Unavailable) return events.adapter === 'sqlite' ? RESTORE : SEE_TO_STORE;
  if (error instanceof TablesUnavailable) return SEE_TO_TABLES;
  return 'Follow the advice of the checks above first, then run doctor again';
}

const SEE_TO_STORE =
  'Check that EventStoreDB runs and can be reached, and that PALIMPSEST_EVENTS (host, port, tls, tlsCAFile), the user and the password are right';
const SEE_TO_TABLES =
  'Check that PostgreSQL runs and can be reached, and that PALIMPSEST_TABLES (host, database, sslmode, sslrootcert), the user and the password are right';
const RESTORE = 'Stop the server and restore events.sqlite, with its -wal file, from the last backup';
const RESTORE_SERVER =
  'Stop every process, restore EventStoreDB from the last backup, and drop the tables; they are rebuilt from the events';
const DISCARD = 'Stop the server and delete tables.sqlite and its -wal and -shm files; it is rebuilt from the events';

function report(checks: readonly Check[]): string {
  return checks
    .map(({ name, ok, detail, advice }) => {
      const line = `${ok ? 'ok  ' : 'BAD '} ${name.padEnd(24)} ${detail}`;
      return advice === '' ? line : `${line}\n     ${' '.repeat(24)} → ${advice}`;
    })
    .join('\n');
}
