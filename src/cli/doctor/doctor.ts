import type { Command } from 'commander';
import { probeTables } from '../../app';
import type { Config } from '../../config';
import { TablesUnavailable } from '../../runtime/engine';
import { printableTables } from '../../settings/tables';
import { Unavailable } from '../../store/store';
import { action, dataCommand, type Result } from '../frame';
import type { Check } from './check';
import { checkSkew } from './clock';
import { checkDatabase, checkDirectory, checkDisk, checkKeys } from './files';
import { checkClock, checkProjections } from './log';
import { checkServer } from './rights';

/** `doctor`: looks at everything the server stands on, changes nothing, and says what to do. */
export function addDoctor(program: Command): void {
  dataCommand(
    program,
    'doctor',
    'look at everything the server stands on and say what to do; exit code 1 where something is not well',
    ['doctor', 'doctor --json | jq ".checks[] | select(.ok | not)"'],
  ).action(
    action(async ({ config }): Promise<Result> => {
      const checks = await examine(config);
      const ok = checks.every((check) => check.ok);
      return { json: { ok, checks }, text: report(checks), fault: !ok };
    }),
  );
}

/** Every check in order; one that fails does not keep the others from being made. */
export async function examine(config: Config): Promise<readonly Check[]> {
  const looks: readonly (readonly [string, () => Promise<readonly Check[]> | readonly Check[]])[] = [
    ['data directory', () => [checkDirectory(config.dataDir)]],
    ['event store', () => checkStore(config)],
    ['tables', () => tablesOf(config)],
    ['clock', () => checkClock(config, Date.now())],
    ['clock of the store', () => skewOf(config)],
    ['projections', () => checkProjections(config, Date.now())],
    ['disk', () => [checkDisk(config.dataDir)]],
    ['keys', () => [checkKeys(config.dataDir)]],
  ];
  const checks: Check[] = [];
  for (const [name, look] of looks) {
    try {
      checks.push(...(await look()));
    } catch (error) {
      checks.push({ name, ok: false, detail: (error as Error).message, advice: adviceFor(error) });
    }
  }
  return checks;
}

async function checkStore({ events }: Config): Promise<readonly Check[]> {
  return events.adapter === 'sqlite'
    ? [checkDatabase('event store', events.file, RESTORE)]
    : checkServer(events.address);
}

/** A store in a file goes by the clock of this machine. */
async function skewOf({ events }: Config): Promise<readonly Check[]> {
  return events.adapter === 'sqlite' ? [] : [await checkSkew(events.address)];
}

async function tablesOf(config: Config): Promise<readonly Check[]> {
  const { tables } = config;
  if (tables.adapter === 'sqlite') return [checkDatabase('tables', tables.file, DISCARD)];
  await probeTables(config);
  return [{ name: 'tables', ok: true, detail: `${printableTables(tables)}, can be read`, advice: '' }];
}

/** A server that cannot be reached is seen to itself; whatever else fails does so because of a check before it. */
function adviceFor(error: unknown): string {
  if (error instanceof Unavailable) return SEE_TO_STORE;
  if (error instanceof TablesUnavailable) return SEE_TO_TABLES;
  return 'See to the checks above first, then run doctor again';
}

const SEE_TO_STORE =
  'See to EventStoreDB and the network, and whether PALIMPSEST_EVENTS (host, port, tls, tlsCAFile), the user and the password are right';
const SEE_TO_TABLES =
  'See to PostgreSQL and the network, and whether PALIMPSEST_TABLES (host, database, sslmode, sslrootcert), the user and the password are right';
const RESTORE = 'Stop the server and restore events.sqlite, with its -wal file, from the last backup';
const DISCARD = 'Stop the server and delete tables.sqlite and its -wal and -shm files; it is made anew from the events';

function report(checks: readonly Check[]): string {
  return checks
    .map(({ name, ok, detail, advice }) => {
      const line = `${ok ? 'ok  ' : 'BAD '} ${name.padEnd(24)} ${detail}`;
      return advice === '' ? line : `${line}\n     ${' '.repeat(24)} → ${advice}`;
    })
    .join('\n');
}
