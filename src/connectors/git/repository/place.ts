import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputRefused } from '../../recording/failure';

/** The directories of a repository. Absolute paths. */
export interface ClonePlace {
  readonly path: string;
  /** Per work tree: its HEAD. */
  readonly gitDir: string;
  /** Shared by all work trees: references, settings, objects. */
  readonly commonDir: string;
  readonly objects: string;
}

/** The files and directories that git reads to answer about references and objects. */
const READ = ['HEAD', 'config', 'config.worktree', 'packed-refs', 'shallow', 'refs', 'reftable', 'objects'];
const LONGEST_POINTER = 4_096;
const LONGEST_ALTERNATES = 65_536;
/** Git follows alternates to the same depth. */
const MOST_ALTERNATES = 5;

/**
 * Locates the parts of a local clone without running git, which would block forever on a FIFO in place of a file.
 * Throws InputRefused.
 */
export function findPlace(path: string): ClonePlace {
  const there = lookAt(path);
  if (there !== undefined && !there.isDirectory() && !there.isFile()) throw special(path, there);
  if (!there?.isDirectory()) throw new InputRefused(`${path} is not a directory; name a local clone`);
  const gitDir = gitDirOf(path);
  if (gitDir === undefined) throw new InputRefused(notHere(path));
  const pointer = join(gitDir, 'commondir');
  const commonDir = lookAt(pointer) === undefined ? gitDir : resolve(gitDir, firstLine(pointer));
  for (const directory of new Set([gitDir, commonDir])) for (const name of READ) refuseSpecial(join(directory, name));
  const objects = join(commonDir, 'objects');
  refuseAlternates(objects);
  return { path, gitDir, commonDir, objects };
}

function gitDirOf(path: string): string | undefined {
  const inside = join(path, '.git');
  const found = lookAt(inside);
  if (found === undefined) return isGitDir(path) ? path : undefined;
  const directory = found.isDirectory() ? inside : resolve(path, linked(inside));
  return isGitDir(directory) ? directory : undefined;
}

/** `.git` may be a file that names the repository: in a linked work tree or a submodule. */
function linked(file: string): string {
  const line = firstLine(file);
  if (!line.startsWith('gitdir: ')) throw new InputRefused(`${file} does not say where the repository is`);
  return line.slice('gitdir: '.length);
}

function isGitDir(directory: string): boolean {
  const has = (name: string) => lstatSync(join(directory, name), { throwIfNoEntry: false }) !== undefined;
  return has('HEAD') && (has('commondir') || (has('objects') && has('refs')));
}

function notHere(path: string): string {
  for (let up = dirname(realpathSync(path)), last = path; up !== last; last = up, up = dirname(up)) {
    if (lstatSync(join(up, '.git'), { throwIfNoEntry: false }) !== undefined || isGitDir(up))
      return `${path} lies inside the repository ${up}; name that`;
  }
  return `${path} is not a git repository`;
}

/** Checks the object directories that this one borrows from (`git clone --shared`), which git reads like its own. */
function refuseAlternates(objects: string, depth = 0): void {
  const file = join(objects, 'info', 'alternates');
  if (depth > MOST_ALTERNATES || lookAt(file) === undefined) return;
  for (const line of smallFile(file, LONGEST_ALTERNATES).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    // Such a name would need git's own unquoting to be checked, and is not used in practice.
    if (line.startsWith('"')) throw new InputRefused(`${file} names a directory in quotation marks: ${line}`);
    const directory = resolve(objects, line);
    refuseSpecial(directory);
    refuseAlternates(directory, depth + 1);
  }
}

/** Throws if a path, or anything below a directory, is a special file. */
function refuseSpecial(path: string, seen = new Set<string>()): void {
  const found = lookAt(path);
  if (found === undefined || found.isFile()) return;
  if (!found.isDirectory()) throw special(path, found);
  const real = realpathSync(path);
  if (seen.has(real)) return;
  seen.add(real);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isFile()) refuseSpecial(join(path, entry.name), seen);
  }
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new InputRefused(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** The refusal of an entry that is neither a file nor a directory. */
export function special(path: string, kind: Stats | Dirent): InputRefused {
  const word = kind.isFIFO() ? 'a named pipe' : kind.isSocket() ? 'a socket' : 'a device';
  return new InputRefused(`${path} is ${word}, not a file; nothing was read from it`);
}

function firstLine(file: string): string {
  return smallFile(file, LONGEST_POINTER).split('\n', 1)[0]!.trimEnd();
}

function smallFile(file: string, most: number): string {
  const found = lookAt(file);
  if (found !== undefined && !found.isFile()) throw special(file, found);
  if (found === undefined || found.size > most) {
    throw new InputRefused(`${file} is ${found === undefined ? 'missing' : `larger than ${most} bytes`}`);
  }
  return readFileSync(file, 'utf8');
}
