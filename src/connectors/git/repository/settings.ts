import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputRefused } from '../../recording/failure';
import { special } from './place';
import { type Git, GitFailed } from './run';

const LARGEST = 1024 * 1024;
/** Git follows includes to the same depth. */
const DEEPEST = 10;

/** One setting as git reports it; the value is undefined if the file gives none, which means true. */
type Setting = readonly [name: string, value: string | undefined];

/** The settings in effect for a repository, in its own files and in those they include. */
export async function settingsOf(git: Git): Promise<readonly Setting[]> {
  return settingsIn(await git.text(['config', '--list', '--includes', '-z']));
}

/** A partial clone lacks contents, which git would fetch when they are read. */
export function isPartial(settings: readonly Setting[]): boolean {
  return settings.some(
    ([name, value]) =>
      name === 'extensions.partialclone' ||
      (name.startsWith('remote.') && name.endsWith('.partialclonefilter')) ||
      (name.startsWith('remote.') && name.endsWith('.promisor') && !isFalse(value)),
  );
}

function isFalse(value: string | undefined): boolean {
  return value !== undefined && /^(false|no|off|0*)$/i.test(value);
}

/** Checks included files: a FIFO or a device among them would block git forever. Throws InputRefused. */
export async function refuseIncludes(git: Git, file: string, depth = 0): Promise<void> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || depth > DEEPEST) return;
  if (!found.isFile()) {
    if (found.isDirectory()) return;
    throw special(file, found);
  }
  if (found.size > LARGEST) throw new InputRefused(`${file} is larger than ${LARGEST} bytes`);
  for (const [, path = ''] of settingsIn(await includesIn(git, file))) {
    await refuseIncludes(git, resolve(dirname(file), path), depth + 1);
  }
}

async function includesIn(git: Git, file: string): Promise<string> {
  const read = ['config', '--file', file, '--no-includes', '-z', '--type=path'];
  try {
    return await git.text([...read, '--get-regexp', '^include(if\\..*)?\\.path$']);
  } catch (error) {
    // Exit code 1: there is no such setting.
    if (error instanceof GitFailed && error.exitCode === 1) return '';
    throw error;
  }
}

function settingsIn(output: string): readonly Setting[] {
  const rows = output.split('\0').filter((row) => row !== '');
  return rows.map((row) => {
    const end = row.indexOf('\n');
    return end === -1 ? [row, undefined] : [row.slice(0, end), row.slice(end + 1)];
  });
}
