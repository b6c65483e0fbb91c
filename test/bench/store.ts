import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { openDatabase } from '../../src/store/sqlite/driver';
import { events, newStream } from '../store/given';
import { absolute, type Bench, type BenchContext, type Row, relative } from './bench';
import { appendLives } from './lives';

const MEASURED_MS = 3_000;
const WARMING_MS = 1_000;
const SLICE_MS = 250;
/** Number of events created before they are appended: few, so that they are still in the CPU cache, as in practice. */
const MADE = 50;
const WRITERS = 32;
const LOG_EVENTS = 300_000;

/** Repeats a step that returns an amount until the time is over; returns the total and the seconds taken. */
async function during(ms: number, step: () => Promise<number> | number): Promise<{ done: number; seconds: number }> {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < ms) done += await step();
  return { done, seconds: (performance.now() - began) / 1_000 };
}

/** Appends alternate with raw flushes, because the speed of a disk varies from second to second. */
async function appendSingle({ directory }: BenchContext): Promise<readonly Row[]> {
  const store = openSqliteStore(join(directory, 'events.sqlite'));
  const descriptor = openSync(join(directory, 'raw'), 'w');
  const bytes = Buffer.alloc(300, 'x');
  const stream = newStream();
  let revision = -1;
  let ours = { done: 0, seconds: 0 };
  const raw = { done: 0, seconds: 0 };
  const add = (sum: typeof ours, more: typeof ours) => {
    sum.done += more.done;
    sum.seconds += more.seconds;
  };
  // Creating the events is not measured.
  const append = async () => {
    const made = Array.from({ length: MADE }, () => events(1));
    const began = performance.now();
    for (const each of made) revision = (await store.append(stream, revision < 0 ? 'none' : revision, each)).revision;
    add(ours, { done: MADE, seconds: (performance.now() - began) / 1_000 });
    return MADE;
  };
  const flush = () => {
    writeSync(descriptor, bytes);
    fdatasyncSync(descriptor);
    return 1;
  };
  // Warm-up, as for reading below: code that runs for the first time is compiled.
  await during(WARMING_MS, append);
  ours = { done: 0, seconds: 0 };
  for (let slice = 0; slice < MEASURED_MS / SLICE_MS; slice += 1) {
    await during(SLICE_MS, append);
    add(raw, await during(SLICE_MS, flush));
  }
  closeSync(descriptor);
  await store.close();
  const [value, probeValue] = [ours.done / ours.seconds, raw.done / raw.seconds];
  return [
    relative({ name: 'append-single', value, unit: 'appends/s', probe: 'raw fdatasync', probeValue }, { atLeast: 0.8 }),
  ];
}

async function append32({ directory }: BenchContext): Promise<readonly Row[]> {
  const store = openSqliteStore(join(directory, 'events.sqlite'));
  const writers = Array.from({ length: WRITERS }, async () => {
    const stream = newStream();
    let revision = -1;
    return during(MEASURED_MS, async () => {
      revision = (await store.append(stream, revision < 0 ? 'none' : revision, events(1))).revision;
      return 1;
    });
  });
  const measured = await Promise.all(writers);
  await store.close();
  const value = measured.reduce((sum, { done, seconds }) => sum + done / seconds, 0);
  const probeValue = await rawInserts(join(directory, 'raw.sqlite'));
  const probe = 'raw SQLite inserts, 32 a transaction';
  return [absolute({ name: 'append-32', value, unit: 'events/s', probe, probeValue }, { atLeast: 15_000 })];
}

async function rawInserts(file: string): Promise<number> {
  const database = openDatabase(file);
  database.exec('CREATE TABLE raw (id INTEGER PRIMARY KEY, data TEXT)');
  const insert = database.prepare('INSERT INTO raw (data) VALUES (?)');
  const { done, seconds } = await during(MEASURED_MS / 2, () => {
    database.exec('BEGIN IMMEDIATE');
    for (let row = 0; row < WRITERS; row += 1) insert.run(JSON.stringify({ id: randomUUID(), text: 'x'.repeat(200) }));
    database.exec('COMMIT');
    return WRITERS;
  });
  database.close();
  return done / seconds;
}

async function readAndStorage({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const file = join(directory, 'events.sqlite');
  const filling = openSqliteStore(file, { synchronous: 'OFF' });
  note(`appending ${LOG_EVENTS.toLocaleString('en')} events`);
  const count = await appendLives(filling, LOG_EVENTS);
  await filling.close();
  const storage = { name: 'storage-events', value: statSync(file).size / count, unit: 'bytes/event' };

  const store = openSqliteStore(file);
  const texts: string[] = [];
  const read = async () => {
    let seen = 0;
    for await (const page of store.readAll()) {
      seen += page.length;
      if (texts.length < 50_000) texts.push(...page.map(({ data }) => JSON.stringify(data)));
    }
    return seen;
  };
  await read();
  const { done, seconds } = await during(MEASURED_MS, read);
  await store.close();
  const parse = await during(1_000, () => texts.map((text) => JSON.parse(text)).length);
  const probeValue = parse.done / parse.seconds;
  const value = done / seconds;
  return [
    absolute(
      { name: 'store-read', value, unit: 'events/s', probe: 'raw JSON.parse', probeValue },
      { atLeast: 350_000 },
    ),
    absolute(storage, { below: 450 }),
  ];
}

export const benches: readonly Bench[] = [
  { name: 'append-single', run: appendSingle },
  { name: 'append-32', run: append32 },
  { name: 'store', run: readAndStorage },
];
