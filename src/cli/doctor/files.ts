import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { developmentKeys, exposureOf } from '../../api/tokens';
import type { Config } from '../../config/config';
import { auditFile } from '../../store/sqlite/audit';
import { openDatabase } from '../../store/sqlite/driver';
import type { Check } from './check';

const GIB = 1024 ** 3;
/** With less free space the next import may not fit. */
const LITTLE_ROOM = GIB;

export function checkDirectory(dataDir: string): Check {
  const name = 'data directory';
  const there = existsSync(dataDir);
  const nearest = nearestThatExists(dataDir);
  if (!statSync(nearest).isDirectory()) {
    return { name, ok: false, detail: `${nearest} is not a directory`, advice: 'Name a directory with --data' };
  }
  try {
    accessSync(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    const advice = 'Give this user the right to read and write it';
    return { name, ok: false, detail: `${nearest} cannot be read and written by this user`, advice };
  }
  if (there) return { name, ok: true, detail: `${dataDir} can be read and written`, advice: '' };
  return {
    name,
    ok: true,
    detail: `${dataDir} does not exist yet`,
    advice: 'The first command that writes creates it',
  };
}

/** The directory itself, or the nearest existing one above it. */
function nearestThatExists(dataDir: string): string {
  let path = dataDir;
  while (!existsSync(path)) path = dirname(path);
  return path;
}

/** Tables are built from events: tables without events mean that the events were lost. */
function lostEvents(name: string, file: string, tables: string | undefined, advice: string): Check | undefined {
  const empty = (path: string) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
  if (!empty(file) || tables === undefined || empty(tables)) return undefined;
  return { name, ok: false, detail: `${file} is missing or empty, although tables were built from its events`, advice };
}

/** The first writer creates a missing file, but not its directory. Undefined if the file exists. */
function notMadeYet(name: string, file: string): Check | undefined {
  if (existsSync(file)) return undefined;
  const directory = dirname(file);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    return { name, ok: true, detail: `${file} does not exist yet`, advice: '' };
  }
  const advice = 'Create the directory, or name another file in PALIMPSEST_EVENTS or PALIMPSEST_TABLES';
  return { name, ok: false, detail: `${file} cannot be created: there is no directory ${directory}`, advice };
}

/** Checks every page and every row of an event file. `tables`: the file of the tables, if they are in a file. */
export function checkEventFile(
  file: string,
  tables: string | undefined,
  adviceWhenBad: string,
  onProgress?: (done: number, total: number) => void,
): Check {
  const name = 'event store';
  const lost = lostEvents(name, file, tables, adviceWhenBad);
  if (lost !== undefined) return lost;
  const unmade = notMadeYet(name, file);
  if (unmade !== undefined) return unmade;
  if (statSync(file).isFile() && statSync(file).size === 0)
    return { name, ok: true, detail: `${file} is still empty`, advice: '' };
  const { events, withoutSum, faults } = auditFile(file, onProgress);
  if (faults.length > 0) {
    return { name, ok: false, detail: `${file} is damaged: ${faults.join('; ')}`, advice: adviceWhenBad };
  }
  const older = withoutSum > 0 ? `, ${withoutSum} of them written by an older version, without a checksum` : '';
  const detail = `${file} is whole, ${sizeOf(file)}, ${events} events${older}`;
  return { name, ok: true, detail, advice: '' };
}

function sizeOf(file: string): string {
  return `${(statSync(file).size / 1024 ** 2).toFixed(1)} MiB`;
}

/** Opens the file without changing it and has SQLite check every page. */
export function checkDatabase(name: string, file: string, adviceWhenBad: string): Check {
  const unmade = notMadeYet(name, file);
  if (unmade !== undefined) return unmade;
  try {
    const database = openDatabase(file, { readOnly: true, busyTimeoutMs: 5000 });
    try {
      const faults = database.prepare<{ quick_check: string }>('PRAGMA quick_check(3)').all();
      const said = faults.map((row) => row.quick_check).join('; ');
      if (said !== 'ok') return { name, ok: false, detail: `${file} is damaged: ${said}`, advice: adviceWhenBad };
      return { name, ok: true, detail: `${file} is whole, ${sizeOf(file)}`, advice: '' };
    } finally {
      database.close();
    }
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message, advice: adviceWhenBad };
  }
}

export function checkDisk(dataDir: string): Check {
  const name = 'disk';
  const { bavail, bsize } = statfsSync(nearestThatExists(dataDir));
  const free = bavail * bsize;
  const detail = `${(free / GIB).toFixed(1)} GiB free`;
  if (free >= LITTLE_ROOM) return { name, ok: true, detail, advice: '' };
  return { name, ok: false, detail, advice: 'Free some space: on a full disk every write is refused' };
}

/** Anybody who can read a signing key can sign tokens with it; a server that cannot read its key does not start. */
export async function checkKeys({ dataDir, auth }: Pick<Config, 'dataDir' | 'auth'>): Promise<Check> {
  const name = 'keys';
  const directory = join(dataDir, 'keys');
  const files = existsSync(directory) ? readdirSync(directory).map((file) => join(directory, file)) : [];
  const open = [directory, ...files].filter((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0);
  if (open.length > 0) {
    const advice = `chmod 700 ${directory}; chmod 600 ${directory}/*; if other people use this machine, delete the keys: new ones are generated`;
    return { name, ok: false, detail: `others on this machine can read ${open.join(', ')}`, advice };
  }
  const exposed = files.map(exposureOf).find((each) => each !== undefined);
  if (exposed !== undefined) {
    return {
      name,
      ok: false,
      detail: exposed,
      advice: 'Delete the key: a new one is generated, and tokens signed with this one become invalid',
    };
  }
  if (auth.mode === 'development' && existsSync(join(directory, 'development.jwk'))) {
    try {
      await developmentKeys(dataDir);
    } catch (error) {
      const advice = 'Delete the key: a new one is generated, and tokens signed with this one become invalid';
      return { name, ok: false, detail: (error as Error).message, advice };
    }
  }
  const detail = files.length === 0 ? 'none yet' : `${files.length} files, readable by this user only`;
  return { name, ok: true, detail, advice: '' };
}
