import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import type { Store } from '../../src/store/store';
import { emptyAt } from '../store/eventstoredb';
import { events, newStream } from '../store/given';
import { startFarEnd } from '../support/eventstoredb/server';
import { mutations } from './api';
import { absolute, type Bench, type BenchContext, type Row, relative } from './bench';

const SLICE_MS = 100;
/** Number of slices per side; the two sides alternate, since a server's speed varies over time. */
const SLICES = 50;
const LOG_APPENDS = 500;
const APPEND = 100;
const READS = 3;
const CLIENTS = 8;
const BAR = { atLeast: 0.9 };

interface Side {
  /** Appends this many events to the stream with the given last revision (-1: none). */
  append(stream: string, revision: number, count: number): Promise<void>;
}

interface Sides {
  readonly store: Store;
  readonly client: EventStoreDBClient;
  readonly prefix: string;
  readonly url: string;
}

/** The adapter and the bare client on one server: the one that EVENTSTORE_URL names, otherwise the stand-in. */
async function onBoth(use: (sides: Sides) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const far = process.env.EVENTSTORE_URL ? undefined : await startFarEnd();
  const url = process.env.EVENTSTORE_URL || far!.url;
  const address = emptyAt(url);
  const store = await openEventStoreDb(address);
  const client = EventStoreDBClient.connectionString(url);
  try {
    return await use({ store, client, prefix: address.prefix, url });
  } finally {
    await store.close();
    await client.dispose();
    await far?.stop();
  }
}

const throughAdapter = (store: Store): Side => ({
  append: async (stream, revision, count) => {
    await store.append(stream, revision < 0 ? 'none' : revision, events(count));
  },
});

const bare = (client: EventStoreDBClient): Side => ({
  append: async (stream, revision, count) => {
    const batch = events(count).map(({ id, type, data, metadata }) =>
      jsonEvent({ id, type, data: data as Record<string, unknown>, metadata }),
    );
    const expectedRevision = revision < 0 ? ('no_stream' as const) : BigInt(revision);
    await client.appendToStream(`bare-${stream}`, batch, { expectedRevision });
  },
});

/** Events per second of concurrent writers, each on its own stream and waiting for each answer. */
async function rate(side: Side, writers: number, count: number): Promise<number> {
  const began = performance.now();
  const write = async () => {
    const stream = newStream();
    let done = 0;
    while (performance.now() - began < SLICE_MS) {
      await side.append(stream, done - 1, count);
      done += count;
    }
    return done;
  };
  const all = await Promise.all(Array.from({ length: writers }, write));
  return (all.reduce((sum, done) => sum + done, 0) * 1_000) / (performance.now() - began);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function appends(name: string, writers: number, count: number): Bench {
  const run = () =>
    onBoth(async ({ store, client }) => {
      const [ours, theirs]: [number[], number[]] = [[], []];
      const [adapter, plain] = [throughAdapter(store), bare(client)];
      await rate(adapter, writers, count);
      await rate(plain, writers, count);
      for (let slice = 0; slice < SLICES; slice += 1) {
        const turns = [
          async () => ours.push(await rate(adapter, writers, count)),
          async () => theirs.push(await rate(plain, writers, count)),
        ];
        for (const turn of slice % 2 === 0 ? turns : turns.reverse()) await turn();
      }
      const [value, probeValue] = [median(ours), median(theirs)];
      return [relative({ name, value, unit: 'events/s', probe: 'the bare client', probeValue }, BAR)];
    });
  return { name, run };
}

async function catchUp({ note }: BenchContext): Promise<readonly Row[]> {
  return onBoth(async ({ store, client, prefix }) => {
    const total = LOG_APPENDS * APPEND;
    note(`appending ${total.toLocaleString('en')} events`);
    const fill = async () => {
      for (let done = 0; done < LOG_APPENDS / 10; done += 1) {
        await store.append(`asset-${randomUUID()}`, 'none', events(APPEND));
      }
    };
    await Promise.all(Array.from({ length: 10 }, fill));
    const adapter = async () => {
      let seen = 0;
      for await (const page of store.readAll()) seen += page.length;
      return seen;
    };
    const subscribed = async () => {
      let seen = 0;
      const end = new AbortController();
      for await (const page of store.subscribe({ after: '0'.repeat(20), signal: end.signal })) {
        seen += page.events.length;
        if (page.caughtUp) end.abort();
      }
      return seen;
    };
    const plain = async () => {
      let seen = 0;
      for await (const { event } of client.readAll()) if (event?.streamId.startsWith(prefix)) seen += 1;
      return seen;
    };
    const filter = streamNameFilter({ prefixes: [prefix], maxSearchWindow: 4_096 });
    const plainSubscribed = async () => {
      let seen = 0;
      for await (const _ of client.subscribeToAll({ filter })) {
        seen += 1;
        if (seen === total) break;
      }
      return seen;
    };
    const speeds = async (read: () => Promise<number>) => {
      const began = performance.now();
      const seen = await read();
      if (seen !== total) throw new Error(`${seen} of ${total} events were read`);
      return (total * 1_000) / (performance.now() - began);
    };
    const sides = { read: [adapter, plain], subscribe: [subscribed, plainSubscribed] } as const;
    const rows: Row[] = [];
    for (const [how, [mine, theirs]] of Object.entries(sides)) {
      const measured: [number[], number[]] = [[], []];
      for (let round = 0; round < READS; round += 1) {
        measured[0].push(await speeds(mine));
        measured[1].push(await speeds(theirs));
      }
      const [value, probeValue] = [median(measured[0]), median(measured[1])];
      const name = `eventstoredb-catch-up-${how}`;
      rows.push(relative({ name, value, unit: 'events/s', probe: 'the bare client', probeValue }, BAR));
    }
    return rows;
  });
}

/** The complete path of an act, with its events in EventStoreDB and the read models in SQLite. */
async function acts({ directory, note }: BenchContext): Promise<readonly Row[]> {
  return onBoth(async ({ url, prefix }) => {
    const environment = { PALIMPSEST_EVENTS: url, PALIMPSEST_STREAM_PREFIX: prefix };
    const { rate: value, p99 } = await mutations(directory, CLIENTS, environment);
    note(`p99 ${p99} ms`);
    return [absolute({ name: `eventstoredb-mutations/${CLIENTS}`, value, unit: 'mutations/s' }, { atLeast: 600 })];
  });
}

export const benches: readonly Bench[] = [
  appends('eventstoredb-append-1', 1, 1),
  appends('eventstoredb-append-32', 32, 1),
  appends('eventstoredb-append-of-100', 1, APPEND),
  { name: 'eventstoredb-catch-up', run: catchUp },
  { name: 'eventstoredb-mutations', run: acts },
];
