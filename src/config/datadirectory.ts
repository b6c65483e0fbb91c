import { accessSync, constants, existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSpecial } from '../store/special';
import { NotAvailable, UsageError } from './exit';

/** Throws UsageError if the directory does not exist. Does not create it. */
export function refuseWhereMissing(directory: string): void {
  const another = 'name another with --data or PALIMPSEST_DATA';
  let there: Stats;
  try {
    there = statSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no data directory ${directory}; ${another}`);
    if (code === 'ENOTDIR' || code === 'ELOOP') throw new UsageError(`${directory} is not a directory; ${another}`);
    return;
  }
  if (!there.isDirectory()) throw new UsageError(`${directory} is not a directory; ${another}`);
}

/** Throws UsageError if the path cannot be a directory, NotAvailable if access to it is denied. */
export function prepareDirectory(dataDir: string): void {
  try {
    makeDirectory(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    refuseSpecialFiles(dataDir);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'ELOOP')
      throw new UsageError(`${dataDir} is not a directory`);
    throw new NotAvailable(`the data directory ${dataDir} cannot be used: ${reasonOf(code)}`);
  }
}

/** No file of this program is a named pipe, a socket or a device. */
export function refuseSpecialFiles(dataDir: string): void {
  for (const directory of [dataDir, join(dataDir, 'import')]) refuseSpecial(directory);
}

function refuseSpecial(directory: string): void {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const path = join(directory, entry.name);
    if (!isSpecial(path)) continue;
    throw new UsageError(`${path} is a named pipe, a socket or a device, not a file`);
  }
}

/**
 * Creates one level at a time: Node's recursive mkdir retries forever on a file system that takes no directories, such
 * as /proc.
 */
function makeDirectory(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there) throw new UsageError(`${path} is not a directory`);
  makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!existsSync(path)) throw error;
  }
}

function reasonOf(code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied';
  if (code === 'EROFS') return 'the file system is read-only';
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'ENOENT') return 'no directory can be made there';
  return code ?? 'unknown reason';
}
