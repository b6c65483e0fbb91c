import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { absolute, type Bench, type BenchContext, type Row } from './bench';

const CLI = join(__dirname, 'cli.js');
const ASSETS = 20_000;
const COMMITS = 2_000;
const FILES_A_COMMIT = 8;

/** Runs a program and returns its output; throws with its messages if it failed. */
function run(program: string, args: readonly string[], input?: Buffer): Buffer {
  const ended = spawnSync(program, args, { input, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'pipe'] });
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

function palimpsest<T>(...args: readonly string[]): T {
  return JSON.parse(run(process.execPath, [...process.execArgv, CLI, ...args, '--json']).toString()) as T;
}

/** Total bytes of the files in a directory with matching names. */
function bytesOf(directory: string, name: RegExp): number {
  return readdirSync(directory)
    .filter((file) => name.test(file))
    .reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
}

/** Bytes per event on disk, alone and with every projection, for a year of a marketing organisation. */
async function storageAll({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const { events } = palimpsest<{ events: number }>(
    ...['simulate', '--assets', String(ASSETS), '--seed', '1', '--data', directory],
  );
  note(`${events} events; folding them`);
  palimpsest('tables', 'hash', '--data', directory);
  const log = bytesOf(directory, /^events\.sqlite/) / events;
  const all = log + bytesOf(directory, /^tables\.sqlite/) / events;
  return [
    absolute({ name: 'storage-all/events', value: log, unit: 'bytes/event' }, { below: 450 }),
    absolute({ name: 'storage-all', value: all, unit: 'bytes/event' }, { below: 900 }),
  ];
}

/** A design repository: every commit redraws some icons; four people, and an occasional release. */
function drawRepository(path: string): void {
  run('git', ['init', '-q', '--bare', '-b', 'main', path]);
  const lines: string[] = [];
  for (let commit = 1; commit <= COMMITS; commit++) {
    const who = `Designer ${commit % 4} <designer${commit % 4}@example.org> ${1_500_000_000 + commit * 3600} +0000`;
    const message = `Draw ${commit}\n\nReviewed-by: Designer ${(commit + 1) % 4} <designer${(commit + 1) % 4}@example.org>\n`;
    lines.push('commit refs/heads/main', `mark :${commit}`, `author ${who}`, `committer ${who}`, dataOf(message));
    for (let file = 0; file < FILES_A_COMMIT; file++) {
      const place = (commit * FILES_A_COMMIT + file * 7) % 4_000;
      const icon = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><path d="${'M1 2h3z'.repeat(200)}${commit}"/></svg>`;
      lines.push(`M 100644 inline icons/set${place % 40}/icon${place}.svg`, dataOf(icon));
    }
    if (commit % 250 === 0) lines.push(`reset refs/tags/v${commit / 250}.0.0`, `from :${commit}`, '');
  }
  run('git', ['-C', path, 'fast-import', '--quiet'], Buffer.from(`${lines.join('\n')}\n`));
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/**
 * Events per second of a whole import, including hashing and content; the probe is git reading the same and SHA-256.
 */
async function importRate({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const repository = join(directory, 'icons.git');
  drawRepository(repository);
  note(`${COMMITS} commits drawn; importing`);
  const begun = performance.now();
  const { events } = palimpsest<{ events: number }>('import', 'git', repository, '--data', join(directory, 'data'));
  const seconds = (performance.now() - begun) / 1000;
  const probeBegun = performance.now();
  run('git', ['-C', repository, 'log', '--first-parent', '-m', '--raw', '-z', '-M50%', '--format=%H', 'main']);
  const bytes = run('git', ['-C', repository, 'cat-file', '--batch-all-objects', '--batch']);
  createHash('sha256').update(bytes).digest();
  const probeSeconds = (performance.now() - probeBegun) / 1000;
  note(`${events} events in ${seconds.toFixed(1)} s; git reads it in ${probeSeconds.toFixed(1)} s`);
  const measured = { name: 'import-rate', value: events / seconds, unit: 'events/s' };
  return [
    absolute(
      { ...measured, probe: 'git log, cat-file and SHA-256', probeValue: events / probeSeconds },
      { atLeast: 2000 },
    ),
  ];
}

export const benches: readonly Bench[] = [
  { name: 'storage-all', run: storageAll },
  { name: 'import-rate', run: importRate },
];
