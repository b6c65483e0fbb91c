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

/** Commits and trees asked of git before their answers are read. */
const AHEAD = 200;
const SLASH = Buffer.from('/');
const TREE = '040000';
const NOTHING = '000000';

/** Two commits or two trees to compare. */
interface Asked {
  readonly text: string;
  /** Names of commits in the answer: its own, where it is a commit, and the one that ends it. */
  readonly names: 1 | 2;
  readonly onLine: boolean;
  /** Of a tree: where it lies, with a slash at the end. */
  readonly directory: Buffer;
}

/**
 * Every file that a commit in the history of the line or of a tag adds or changes. Trees are compared one at a time,
 * because a few objects can expand to a huge number of files, and git would collect all of them before its first line
 * of output. A caller that has seen enough ends the loop.
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
  /** Trees that are not asked yet. The last one is asked first, so that few wait. */
  const found: Asked[] = [];
  try {
    for (;;) {
      while (asked.length < AHEAD) {
        const question: Asked | undefined = found.pop() ?? (await commits.next()).value;
        if (question === undefined) break;
        asked.push(question);
        // A commit compared with itself shows its name alone: so ends the answer before it.
        comparing.input.write(`${question.text}\n${end} ${end}\n`);
      }
      const answered = asked.shift();
      if (answered === undefined) return;
      let names = answered.names;
      while (names > 0) {
        const piece = (await next()).toString('latin1');
        // Two trees are named in a line of their own.
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

/** Each commit with its first parent, as `git diff-tree` takes them: the line, and then all that was merged or tagged. */
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
