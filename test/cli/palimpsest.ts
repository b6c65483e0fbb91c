import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LAUNCHER = join(__dirname, '..', '..', 'run.cjs');

/** How a command ended. */
export interface Ended {
  /** Null if a signal killed it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a command like a user, in an environment without the settings of the person who runs the tests. */
export function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const own = Object.entries(process.env).filter(([name]) => !/^(PALIMPSEST|OIDC)_|^(PORT|HOST|NODE_ENV)$/.test(name));
  const env = { ...Object.fromEntries(own), ...environment };
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

/** Runs a command to its end. */
export function palimpsest(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended> {
  return start(args, environment).ended;
}

/** The object that a command prints with `--json`; throws with its messages if it failed. */
export async function json<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await palimpsest([...args, '--json']);
  if (code !== 0) throw new Error(`palimpsest ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

export interface Server extends Running {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** Asks as a persona; gives the whole answer. */
  ask<T>(
    persona: string,
    query: string,
    variables?: object,
  ): Promise<{ readonly data?: T; readonly errors?: readonly unknown[] }>;
}

/** Starts a server on a free port and waits until it listens. */
export async function serve(
  data: string,
  environment?: Readonly<Record<string, string>>,
  command: 'serve' | 'demo' = 'serve',
): Promise<Server> {
  const running = start([command, '--port', '0', '--json', '--data', data], environment);
  const lines = createInterface({ input: running.child.stdout! });
  const first = await Promise.race([once(lines, 'line').then(([line]) => line as string), running.ended]);
  if (typeof first !== 'string') throw new Error(`the server ended with ${first.code}: ${first.stderr}`);
  const { url, tokens } = JSON.parse(first) as { url: string; tokens: Record<string, string> };
  return {
    ...running,
    url,
    tokens,
    ask: async (persona, query, variables = {}) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
      return (await response.json()) as never;
    },
  };
}

/** A directory of its own for every use, and one call that removes them all. */
export function directories(): { fresh(): string; remove(): void } {
  const made: string[] = [];
  return {
    fresh: () => {
      const directory = mkdtempSync(join(tmpdir(), 'palimpsest-cli-'));
      made.push(directory);
      return directory;
    },
    remove: () => {
      for (const directory of made) rmSync(directory, { recursive: true, force: true });
    },
  };
}
