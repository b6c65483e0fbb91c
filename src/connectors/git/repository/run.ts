import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { NeedUnavailable, SourceDamaged } from '../../recording/failure';
import { linesOf, piecesOf } from './pieces';

/** git ran and failed. `stderr` is its output. */
export class GitFailed extends SourceDamaged {
  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args.join(' ')} failed: ${stderr.trim().split('\n').at(-1) || `exit ${exitCode}`}`);
  }
}

/**
 * The fixed environment of every git process: no settings of the user or the system, no lazy fetch, no password prompt,
 * no transport.
 */
const FIXED = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
};

/** Command-line settings override a repository's own. They matter only where git reads those. */
const PINNED = [
  'protocol.allow=never',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.commitGraph=false',
  'core.quotePath=false',
].flatMap((setting) => ['-c', setting]);

/** The inherited environment variables that git needs to be found and to run. */
const INHERITED = /^(PATH|HOME|LD_LIBRARY_PATH|DYLD_\w+|TMPDIR|TMP|TEMP|SYSTEMROOT|COMSPEC|PATHEXT)$/i;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A running git: its output, its input, and how it ended. */
export interface RunningGit {
  readonly output: Readable;
  readonly input: Writable;
  /** Settles when git has ended; rejects with GitFailed, or with NeedUnavailable if git is not installed. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** The git command line on one repository. */
export interface Git {
  readonly path: string;
  run(args: readonly string[], signal?: AbortSignal): RunningGit;
  /** Output lines as they arrive; `input` goes to standard input. A caller that has seen enough ends the loop. */
  lines(args: readonly string[], input?: string): AsyncGenerator<string>;
  /** The same for NUL-separated pieces. */
  pieces(args: readonly string[], input?: string): AsyncGenerator<Buffer>;
  /** The whole output as bytes. */
  bytes(args: readonly string[], input?: string): Promise<Buffer>;
  /** The whole output as text without the last line end. */
  text(args: readonly string[], input?: string): Promise<string>;
  /** The command line, for a person to repeat. */
  shown(args: readonly string[]): string;
}

/** The repository that git works on. */
export interface GitPlace {
  /** As the user named it. */
  readonly path: string;
  /** The absolute directory in which git runs. */
  readonly cwd: string;
  /** `GIT_DIR` and other variables that name the repository, so that git never searches for one. */
  readonly variables: Environment;
  /** Stops every running command. */
  readonly signal?: AbortSignal;
}

export function gitOf({ path, cwd, variables, signal: always }: GitPlace, inherited: Environment): Git {
  const own = Object.entries(inherited).filter(([name]) => INHERITED.test(name));
  const env = { ...Object.fromEntries(own), ...FIXED, ...variables };

  const run: Git['run'] = (args, signal = always) => {
    const child = spawn('git', [...PINNED, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], signal });
    // If git ends early its input is closed; its exit status gives the reason, so the broken pipe is ignored.
    child.stdin.on('error', () => {});
    const stop = () => {
      child.kill();
      // Unread output would keep the process from ending.
      child.stdout.destroy();
    };
    return { output: child.stdout, input: child.stdin, ended: endOf(child, args), stop };
  };

  async function* read<T>(
    args: readonly string[],
    input: string | undefined,
    cut: (output: Readable) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const { input: standardInput, output, ended, stop } = run(args);
    standardInput.end(input ?? '');
    ended.catch(() => {});
    try {
      yield* cut(output);
      await ended;
    } finally {
      stop();
    }
  }

  const bytes: Git['bytes'] = async (args, input) => {
    const chunks: Buffer[] = [];
    for await (const chunk of read<Buffer>(args, input, (output) => output)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  return {
    path,
    run,
    lines: (args, input) => read(args, input, linesOf),
    pieces: (args, input) => read(args, input, piecesOf),
    bytes,
    text: async (args, input) => (await bytes(args, input)).toString('utf8').replace(/\n$/, ''),
    shown: (args) => `git -C ${path} ${args.map(quoted).join(' ')}`,
  };
}

function endOf(child: ChildProcess, args: readonly string[]): Promise<void> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderr.length < 10_000) stderr += chunk.toString('utf8');
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? gitMissing() : error));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new GitFailed(args, code, stderr))));
  });
}

function gitMissing(): NeedUnavailable {
  return new NeedUnavailable('the git command line was not found; install git and put it on the PATH');
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
