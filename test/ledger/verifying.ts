import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { filesIn } from './packs';

/** The verdict of one verifier: the codes of the checks that failed, or 2 and why it would not begin. */
export interface Verdict {
  readonly code: number;
  readonly failed: readonly number[];
  readonly details: { readonly [code: number]: string };
}

interface Line {
  readonly code: number;
  readonly ok: boolean;
  readonly detail: string;
}

function verdict(code: number, lines: readonly Line[]): Verdict {
  const failed = lines.filter(({ ok }) => !ok).map((line) => line.code);
  return { code, failed, details: Object.fromEntries(lines.map((line) => [line.code, line.detail])) };
}

function run(program: string, args: readonly string[]): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      if (code === 2) return resolve({ code, failed: [], details: { 2: stderr } });
      try {
        resolve(verdict(code, (JSON.parse(stdout) as { lines: Line[] }).lines));
      } catch {
        reject(new Error(`${program} ended with ${code}: ${stdout}${stderr}`));
      }
    });
  });
}

/** The program inside a pack; `program` is the one of another. */
export const withNode = (pack: string, args: readonly string[], program = join(pack, 'verify.mjs')): Promise<Verdict> =>
  run(process.execPath, [program, pack, '--json', ...args]);

export const withPython = (
  pack: string,
  args: readonly string[],
  program = join(pack, 'verify.py'),
): Promise<Verdict> => run('python3', [program, pack, '--json', ...args]);

/** The script of `verify.html`, in a context that has what a browser has and nothing of Node. */
export function withPage(pack: string, trust: object, page: string): Verdict {
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(readFileSync(page, 'utf8'))!;
  const files = new Map(filesIn(pack).map((name) => [name, new Uint8Array(readFileSync(join(pack, name)))]));
  const context = { TextEncoder, TextDecoder, atob, btoa, Uint8Array, files, trust, lines: '' };
  runInNewContext(`${script}; lines = JSON.stringify(Palimpsest.verifyFiles(files, trust))`, context);
  const lines = JSON.parse(context.lines) as Line[];
  return verdict(lines.find(({ ok }) => !ok)?.code ?? 0, lines);
}

/** What the verifier in Python lacks on this machine; undefined where it can run. */
export function missingForPython(): string | undefined {
  for (const [program, flag] of [
    ['python3', '--version'],
    ['openssl', 'version'],
  ] as const) {
    try {
      execFileSync(program, [flag], { stdio: 'ignore' });
    } catch {
      return program;
    }
  }
  return undefined;
}
