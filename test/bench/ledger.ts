import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/event';
import { makePack } from '../../src/ledger/evidence/pack';
import { GrowingTree } from '../../src/ledger/growingtree';
import { leafHash } from '../../src/ledger/hash';
import { readSignedLog } from '../../src/ledger/reading';
import { NOTHING_YET, Sequence } from '../../src/ledger/sequence';
import { Sequencer, type SequencerOptions } from '../../src/ledger/sequencer';
import { absolute, type Bench, type BenchContext, type Row } from './bench';

const LEAVES = 1_000_000;
const EVENTS = 200_000;
const STREAMS = 20_000;
/** Events of the asset that a pack is made about. */
const LONG = 500;

/** Seconds of processor time that a step takes: other processes do not count. */
async function cpuOf(step: () => unknown): Promise<number> {
  const begun = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Appending to the tree alone: entries of the usual size are hashed, and tiles are filled. */
async function leaves(): Promise<readonly Row[]> {
  const tree = new GrowingTree(() => undefined);
  const entry = Buffer.alloc(440, 'a');
  const seconds = await cpuOf(() => {
    for (let n = 0; n < LEAVES; n += 1) {
      entry.writeUInt32BE(n);
      tree.add(leafHash(entry));
    }
    tree.root();
  });
  return [absolute({ name: 'ledger-leaves', value: LEAVES / seconds, unit: 'leaves/s' }, { atLeast: 100_000 })];
}

const uuid = (n: number): string => `0b0b3c1e-0000-5000-8000-${String(n).padStart(12, '0')}`;

/** An event as the store gives it; the first asset has many. */
function event(n: number): RecordedEvent {
  const long = n % (EVENTS / LONG) === 0;
  const id = uuid(n);
  const [stream, revision] = long ? [0, n / (EVENTS / LONG)] : [1 + (n % STREAMS), Math.floor(n / STREAMS)];
  const at = '2026-01-01T00:00:00.000Z';
  const metadata = {
    actorId: 'p-8f3c',
    actorKind: 'person',
    tool: 'graphql',
    occurredAt: at,
    commandId: id,
    workspace: 'default',
  };
  const data = {
    title: `Poster, take ${n}`,
    tags: ['bench', 'summer'],
    set: { claim: { type: 'text', value: 'new', material: true } },
  };
  const position = String(n + 1).padStart(20, '0');
  return {
    id,
    type: 'MetadataChanged',
    stream: `asset-${uuid(stream)}`,
    revision,
    position,
    recordedAt: at,
    data,
    metadata,
  } as unknown as RecordedEvent;
}

/** A whole ledger: what an event costs, a proof under it, and a pack about one long asset. */
async function ledger({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const revisions = new Map<string, number>();
  const events = Array.from({ length: EVENTS }, (_, n) => {
    const made = event(n);
    const revision = revisions.get(made.stream) ?? 0;
    revisions.set(made.stream, revision + 1);
    return { ...made, revision };
  });
  const sequence = new Sequence({ origin: 'bench', saltKey: Buffer.alloc(32, 1) }, NOTHING_YET());
  const hashing = await cpuOf(() => {
    for (const each of events) {
      sequence.add(each);
      if (sequence.waiting > 8_000) sequence.take();
    }
  });
  const store: SequencerOptions['store'] & Parameters<typeof makePack>[0]['store'] = {
    head: async () => events.at(-1)!.position,
    async *readAll({ after = '0' } = {}) {
      for (let from = Number(after); from < events.length; from += 1_000) yield events.slice(from, from + 1_000);
    },
    async *readStream(stream) {
      yield events.filter((each) => each.stream === stream);
    },
  };
  const options = { store, ledger: join(directory, 'ledger'), clock: Date.now };
  const sequencer = await Sequencer.open(options);
  await sequencer.toHead(store);
  await sequencer.close();
  const signed = readSignedLog(options.ledger)!;
  const took: number[] = [];
  for (let time = 0; time < 500; time += 1) {
    const fresh = readSignedLog(options.ledger)!;
    const begun = performance.now();
    fresh.inclusion(Math.floor(Math.random() * fresh.size));
    took.push(performance.now() - begun);
  }
  took.sort((a, b) => a - b);
  note(`cold proof: p50 ${took[250]!.toFixed(2)} ms, p99 ${took[495]!.toFixed(2)} ms`);
  const question = { asset: uuid(0) };
  const pack = await cpuOf(() =>
    makePack({ signed, store, question, tool: 'bench', programs: new Map(), directory: join(directory, 'pack') }),
  );
  return [
    absolute({ name: 'ledger-sequence', value: (hashing / EVENTS) * 1e6, unit: 'µs/event' }, { below: 100 }),
    absolute({ name: 'ledger-proof', value: took[250]!, unit: 'ms' }, { below: 5 }),
    absolute({ name: 'ledger-pack', value: pack, unit: 's' }, { below: 1 }),
  ];
}

export const benches: readonly Bench[] = [
  { name: 'ledger-leaves', run: leaves },
  { name: 'ledger', run: ledger },
];
