import { readPath } from '../repository/path';
import { piecesOf } from '../repository/pieces';
import type { Git } from '../repository/run';

/** A file that a commit added or changed. */
export interface FileVersion {
  readonly mode: string;
  readonly path: string;
  readonly blob: string;
  readonly onLine: boolean;
}

/** How many commits and trees are requested from git before their answers are read. */
const AHEAD = 200;
const SLASH = Buffer.from('/');
const TREE = '040000';
const NOTHING = '000000';

/** Two commits or two trees to compare. */
interface Asked {
  readonly text: string;
  /** How many commit hashes the answer contains: the one that ends it and, for a commit, its own. */
  readonly names: 1 | 2;
  readonly onLine: boolean;
  /** For a tree: its path, with a trailing slash. */
  readonly directory: Buffer;
}

/**
 * Yields every file that a commit of the first-parent history or behind a tag adds or changes. Trees are compared one
 * at a time, because a few objects can expand to a huge number of files, and git would collect all of them before its
 * first line of output. A caller that has seen enough ends the loop.
 */
export async function* fileVersions(git: Git, line: readonly string[]): AsyncGenerator<FileVersion> {
  const comparing = git.run(['diff-tree', '--stdin', '-z', '--root', '--always', '--no-renames']);
  comparing.ended.catch(() => {});
  const pieces = piecesOf(comparing.output);
  const next = async (): Promise<Buffer> => {
    const { value, done } = await pieces.next();
    if (!done) return value;
    await comparing.ended;
    throw new Error('git ended before it compared all trees');
  };
  const empty = await git.text(['hash-object', '-t', 'tree', '--stdin'], '');
  const end = line.at(-1)!;
  const commits = commitsOf(git, line);
  const asked: Asked[] = [];
  /** Trees not requested yet. The last one is requested first, which keeps the list short. */
  const found: Asked[] = [];
  try {
    for (;;) {
      while (asked.length < AHEAD) {
        const question: Asked | undefined = found.pop() ?? (await commits.next()).value;
        if (question === undefined) break;
        asked.push(question);
        // A commit compared with itself outputs only its hash, which marks the end of the previous answer.
        comparing.input.write(`${question.text}\n${end} ${end}\n`);
      }
      const answered = asked.shift();
      if (answered === undefined) return;
      let names = answered.names;
      while (names > 0) {
        const piece = (await next()).toString('latin1');
        // Git prints the names of two compared trees on a line of their own.
        const entry = piece.slice(piece.lastIndexOf('\n') + 1);
        if (!entry.startsWith(':')) {
          names -= 1;
          continue;
        }
        const [, mode = '', before = '', after = ''] = entry.split(' ');
        const path = Buffer.concat([answered.directory, await next()]);
        const { onLine } = answered;
        if (mode === TREE) {
          const text = `${/^0+$/.test(before) ? empty : before} ${after}`;
          found.push({ text, names: 1, onLine, directory: Buffer.concat([path, SLASH]) });
        } else if (mode !== NOTHING) yield { mode, path: readPath(path).path, blob: after, onLine };
      }
    }
  } finally {
    comparing.stop();
  }
}

/**
 * Each commit with its first parent, as `git diff-tree` takes them: the first-parent history, then all other commits
 * reachable from the tip or a tag.
 */
async function* commitsOf(git: Git, line: readonly string[]): AsyncGenerator<Asked, undefined> {
  const directory = Buffer.alloc(0);
  for (const [at, commit] of line.entries()) {
    yield { text: at === 0 ? commit : `${commit} ${line[at - 1]}`, names: 2, onLine: true, directory };
  }
  const onLine = new Set(line);
  for await (const row of git.lines(['rev-list', '--parents', '--ignore-missing', line.at(-1)!, '--tags'])) {
    const [commit = '', ...parents] = row.split(' ', 2);
    if (!onLine.has(commit)) yield { text: [commit, ...parents].join(' '), names: 2, onLine: false, directory };
  }
  return undefined;
}
