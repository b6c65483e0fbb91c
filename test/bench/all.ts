import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benches as api } from './api';
import type { Bench, Row } from './bench';
import { benches as bytes } from './bytes';
import { benches as data } from './data';
import { benches as eventstoredb } from './eventstoredb';
import { benches as lag } from './lag';
import { benches as ledger } from './ledger';
import { benches as postgres } from './postgres';
import { benches as replay } from './replay';
import { benches as start } from './start';
import { benches as store } from './store';

const BENCHES: readonly Bench[] = [
  ...store,
  ...replay,
  ...lag,
  ...ledger,
  ...eventstoredb,
  ...api,
  ...data,
  ...start,
  ...bytes,
  ...postgres,
];

/** Runs the benches one after the other, since concurrent ones would disturb each other. */
async function measure(benches: readonly Bench[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const bench of benches) {
    note(`${bench.name} …`);
    const directory = mkdtempSync(join(tmpdir(), `palimpsest-bench-`));
    try {
      rows.push(...(await bench.run({ directory, note })));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return rows;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The benches whose name, or its prefix, was given; all by default. */
function chosen(names: readonly string[]): readonly Bench[] {
  const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name.startsWith(name)));
  if (unknown.length > 0) {
    note(`no bench ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return names.length === 0 ? BENCHES : BENCHES.filter((bench) => names.some((name) => bench.name.startsWith(name)));
}

function table(rows: readonly Row[]): string {
  const digits = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
  const cells = rows.map((row) => [
    row.ok ? 'ok' : 'BELOW',
    row.name,
    `${digits(row.value)} ${row.unit}`,
    row.bar,
    row.probeValue === null ? '' : `${row.probe}: ${digits(row.probeValue)}`,
    row.ratio === null ? '' : `× ${row.ratio.toFixed(2)}`,
  ]);
  const widths = cells.reduce(
    (most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)),
    [] as number[],
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const rows = await measure(chosen(words.filter((word) => word !== '--json')));
  const text = words.includes('--json') ? rows.map((row) => JSON.stringify(row)).join('\n') : table(rows);
  process.stdout.write(`${text}\n`, () => process.exit(rows.every(({ ok }) => ok) ? 0 : 1));
}

void main();
