import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { absolute, type Bench, type BenchContext, type Row } from './bench';

const CLI = join(__dirname, 'cli.js');
const TIMES = 7;

interface Started {
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process to its first GraphQL answer. */
  readonly milliseconds: number;
}

async function startServer(data: string): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, CLI, 'serve', '--port', '0', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { url, tokens } = JSON.parse(line) as { url: string; tokens: { analyst: string } };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.analyst}` },
    body: '{"query":"{ assets(first: 1) { nodes { id } } }"}',
  });
  const answer = await response.text();
  if (!answer.startsWith('{"data"')) throw new Error(`the first answer was ${answer}`);
  return { child, milliseconds: performance.now() - begun };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Milliseconds that Node itself takes to start and exit. */
async function emptyStart(): Promise<number> {
  const begun = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - begun;
}

/** Resident memory of a process, in megabytes (10^6 bytes), as Linux counts it. */
function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function coldStart({ directory }: BenchContext): Promise<readonly Row[]> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let time = 0; time <= TIMES; time++) {
    const { child, milliseconds } = await startServer(directory);
    await stop(child);
    const empty = await emptyStart();
    // The first start creates files and keys, which is not typical.
    if (time > 0) ours.push(milliseconds);
    if (time > 0) bare.push(empty);
  }
  const measured = { name: 'cold-start', value: median(ours), unit: 'ms to first answer' };
  return [absolute({ ...measured, probe: 'node -e 0', probeValue: median(bare) }, { below: 1000 })];
}

async function idleMemory({ directory }: BenchContext): Promise<readonly Row[]> {
  const { child } = await startServer(directory);
  try {
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const value = residentMegabytes(child.pid!);
    return [absolute({ name: 'idle-memory', value, unit: 'MB resident' }, { below: 140 })];
  } finally {
    await stop(child);
  }
}

export const benches: readonly Bench[] = [
  { name: 'cold-start', run: coldStart },
  { name: 'idle-memory', run: idleMemory },
];
