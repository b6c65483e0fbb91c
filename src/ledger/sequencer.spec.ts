import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { spaced } from '../../test/copy/houses';
import { Log } from '../../test/ledger/logs';
import type { RecordedEvent } from '../domain/event';
import { GrowingTree } from './growingtree';
import { EMPTY_ROOT, leafHash } from './hash';
import { keyOfStream, verifyHead } from './headsmap';
import { LedgerKeys } from './keys';
import { verifyConsistency, verifyInclusion } from './merkle';
import { readSignedLog } from './reading';
import { encodeRecord, headsRecord, recordOf } from './record';
import { NOTHING_YET, Sequence } from './sequence';
import { placesIn, Sequencer, type SequencerOptions } from './sequencer';

let log: Log;
beforeEach(() => {
  log = new Log();
});
afterEach(() => log.close());

const options = (): SequencerOptions => ({ store: log.store, ledger: log.ledger, clock: log.clock });
const signed = () => readSignedLog(log.ledger)!;

async function signAll(more: Partial<SequencerOptions> = {}): Promise<void> {
  const given = { ...options(), ...more };
  const sequencer = await Sequencer.open(given);
  try {
    await sequencer.toHead(given.store);
  } finally {
    await sequencer.close();
  }
}

async function events(): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const page of log.store.readAll()) all.push(...page);
  return all;
}

test('an empty log is signed as the empty tree, and nothing is signed twice', async () => {
  await signAll();
  expect(signed().checkpoint).toMatchObject({ size: 0, root: EMPTY_ROOT });
  const text = signed().text;
  await signAll();
  expect(signed().text).toBe(text);
});

test('the tree contains the records of the events, with the heads of streams after every 256th', async () => {
  await log.grow(600);
  await signAll();
  const keys = LedgerKeys.read(placesIn(log.ledger).keys)!;
  const tree = new GrowingTree(() => undefined);
  const last = new Map<string, Buffer>();
  const heads = NOTHING_YET().heads;
  for (const [ordinal, event] of (await events()).entries()) {
    const leaf = leafHash(encodeRecord(recordOf(event, keys, last.get(event.stream)?.toString('hex'))));
    last.set(event.stream, leaf);
    heads.set({ key: keyOfStream(event.stream), revision: event.revision, leaf });
    tree.add(leaf);
    if (ordinal % 256 === 255) tree.add(leafHash(encodeRecord(headsRecord(keys.origin, ordinal + 1, heads.root()))));
  }
  expect(signed().size).toBe(602);
  expect(signed().checkpoint.root).toEqual(tree.root());
});

test('every event is proved under the checkpoint, and every earlier checkpoint is a prefix of it', async () => {
  const earlier: { size: number; root: Buffer }[] = [];
  for (const count of [1, 2, 253, 1, 300, 1]) {
    await log.grow(count);
    await signAll();
    earlier.push(signed().checkpoint);
  }
  const now = signed();
  const { size, root } = now.checkpoint;
  for (const before of earlier) {
    expect(verifyConsistency(before.size, size, before.root, root, now.consistency(before.size, size))).toBe(true);
  }
  const entries = now.entries();
  for (const event of await events()) {
    const index = now.indexOf(event.position)!;
    expect(entries.record(index)).toMatchObject({ eventId: event.id, revision: event.revision });
    expect(verifyInclusion(index, size, entries.leaf(index), now.inclusion(index), root)).toBe(true);
  }
  expect(now.indexOf('00000000000000009999')).toBeUndefined();
});

test('the heads of streams after any number of events are those that were committed to', async () => {
  await log.grow(600);
  await signAll();
  const committed = JSON.parse(signed().entries().at(513).toString()) as { root: string; events: string };
  expect(committed.events).toBe('512');
  const heads = signed().heads(512);
  expect(heads.root().toString('hex')).toBe(committed.root);
  const [first] = await events();
  const key = keyOfStream(first!.stream);
  expect(verifyHead(key, heads.prove(key), Buffer.from(committed.root, 'hex'))).toBe('end');
});

/** Signs a log in steps of these sizes, reopening the ledger for each. */
async function signInSteps(steps: readonly number[], ledger: string): Promise<void> {
  const all = await events();
  let from = 0;
  for (const step of [...steps, all.length]) {
    const sequencer = await Sequencer.open({ ...options(), ledger });
    for (const event of all.slice(from, from + step)) sequencer.add(event);
    from += step;
    await sequencer.commit();
    await sequencer.close();
  }
}

test('the tree and all of its files are the same, however often they are built', async () => {
  await log.grow(1_200);
  await signAll();
  const whole = signed();
  const names = (readdirSync(join(log.ledger, 'log'), { recursive: true }) as string[]).sort();
  const files = names.filter((name) => statSync(join(log.ledger, 'log', name)).isFile());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 6 }), async (steps) => {
      const ledger = join(log.directory, 'another');
      rmSync(ledger, { recursive: true, force: true });
      await cp(placesIn(log.ledger).keys, placesIn(ledger).keys);
      await signInSteps(steps, ledger);
      const other = readSignedLog(ledger)!;
      expect(other.text).toBe(whole.text);
      for (const file of files) {
        const bytes = readFileSync(join(ledger, 'log', file));
        expect(bytes.equals(readFileSync(join(log.ledger, 'log', file)))).toBe(true);
      }
    }),
    { numRuns: 8 },
  );
});

test('a log that was copied to another store has the same tree, and continues it', async () => {
  await log.grow(300);
  await signAll();
  const before = signed().text;
  const wider = spaced(log.store, 1_000) as SequencerOptions['store'];
  const moved: SequencerOptions['store'] = {
    head: wider.head,
    async *readAll(range) {
      const narrow = (position: string) => String(Math.floor(Number(position) / 1_000)).padStart(20, '0');
      for await (const page of wider.readAll(range)) {
        yield page.map((event): RecordedEvent => ({ ...event, originalPosition: narrow(event.position) }));
      }
    },
  };
  const ledger = join(log.directory, 'copied');
  await cp(placesIn(log.ledger).keys, placesIn(ledger).keys);
  await signAll({ store: moved, ledger });
  expect(readSignedLog(ledger)!.text).toBe(before);
  // The ledger itself moves along, too: its positions are determined again.
  await signAll({ store: moved });
  expect(signed().text).toBe(before);
  const [event] = (await events()).slice(-1);
  expect(signed().indexOf(`${event!.position.slice(3)}000`)).toBe(300);
  await log.grow(10);
  await signAll({ store: moved });
  expect(signed().size).toBe(311);
});

test('an older backup of the log is refused with advice, and nothing is signed', async () => {
  await log.grow(300);
  await signAll();
  const text = signed().text;
  const until = (await events())[200]!.position;
  const older = { head: async () => until, readAll: (range = {}) => log.store.readAll({ ...range, until }) };
  await expect(signAll({ store: older })).rejects.toThrow(/holds 201 events, and 300 were signed.*backup/);
  expect(signed().text).toBe(text);
});

test('another log is refused, with the first different entry', async () => {
  await log.grow(300);
  await signAll();
  const other = new Log();
  await other.grow(100, 3);
  await expect(signAll({ store: other.store })).rejects.toThrow(/entry \d+ of the ledger is of event/);
  await other.close();
});

test('an event that was removed before it was signed is missed by the next one in its stream', async () => {
  await log.grow(20);
  const holed: SequencerOptions['store'] = {
    head: () => log.store.head(),
    async *readAll(range) {
      for await (const page of log.store.readAll(range)) yield page.filter(({ position }) => !position.endsWith('02'));
    },
  };
  await expect(signAll({ store: holed })).rejects.toThrow(/goes from revision 0 to 2/);
  expect(readSignedLog(log.ledger)).toBeUndefined();
});

test('only one process writes a ledger at a time', async () => {
  const first = await Sequencer.open(options());
  await expect(Sequencer.open(options())).rejects.toThrow('another process writes this ledger');
  await first.close();
  await signAll();
});

test('a checkpoint written by another process meanwhile is never overwritten', async () => {
  await log.grow(5);
  await signAll();
  await log.grow(5);
  const sequencer = await Sequencer.open(options());
  const file = join(log.ledger, 'log', 'checkpoint');
  const foreign = readFileSync(file, 'utf8').replace('\n5\n', '\n6\n');
  writeFileSync(file, foreign);
  await expect(sequencer.toHead(log.store)).rejects.toThrow('changed by somebody else');
  await sequencer.close();
  expect(readFileSync(file, 'utf8')).toBe(foreign);
});

test.each([
  ['a tile', 'log/tile/0/001.p/46', /do not give the root/],
  ['a tile of the second level', 'log/tile/1/000.p/1', /do not give the root/],
  ['the checkpoint', 'log/checkpoint', /signature|note|checkpoint/],
])('%s, once changed, is detected before anything is signed', async (_what, name, message) => {
  await log.grow(301);
  await signAll();
  const file = join(log.ledger, name);
  const bytes = readFileSync(file);
  bytes[3] = bytes[3]! ^ 1;
  writeFileSync(file, bytes);
  await expect(signAll()).rejects.toThrow(message);
});

test('the key is readable by its owner only, and a ledger without its key is not continued', async () => {
  await log.grow(3);
  await signAll();
  const { keys } = placesIn(log.ledger);
  expect(statSync(keys).mode & 0o777).toBe(0o600);
  rmSync(keys);
  await expect(signAll()).rejects.toThrow('restore it from a backup');
});

test('a new key signs beside the old one until that is retired', async () => {
  await log.grow(3);
  await signAll();
  const { keys } = placesIn(log.ledger);
  const old = signed().keys.signers();
  LedgerKeys.read(keys)!.rotate('2026-04-01T00:00:00.000Z');
  await signAll();
  expect(signed().checkpoint.signed).toHaveLength(2);
  expect(signed().size).toBe(3);
  LedgerKeys.read(keys)!.retire('2026-05-01T00:00:00.000Z');
  await log.grow(1);
  await signAll();
  expect(signed().checkpoint.signed.map(({ verifier }) => verifier.id)).not.toContainEqual(old[0]!.id);
  expect(signed().checkpoint.signed).toHaveLength(1);
  expect(signed().keys.known()[0]).toMatchObject({ retired: '2026-05-01T00:00:00.000Z' });
});

test('partial tiles are deleted once the full ones exist, and no incomplete file stays', async () => {
  for (const count of [100, 100, 100]) {
    await log.grow(count);
    await signAll();
  }
  writeFileSync(join(log.ledger, 'log', 'tile', '0', '001.p', '44.incoming'), 'x');
  await log.grow(1);
  await signAll();
  const names = readdirSync(join(log.ledger, 'log'), { recursive: true }) as string[];
  expect(names.filter((name) => name.includes('000.p/') && name.includes('tile/0'))).toEqual([]);
  expect(names.filter((name) => name.endsWith('.incoming'))).toEqual([]);
  expect(existsSync(join(log.ledger, 'log', 'tile', '0', '000'))).toBe(true);
});

test('its output is a function of the events alone', async () => {
  await log.grow(40);
  const keys = { origin: 'example.org/log', saltKey: Buffer.alloc(32, 7) };
  const roots = [1, 2].map(async () => {
    const sequence = new Sequence(keys, NOTHING_YET());
    for (const event of await events()) sequence.add(event);
    return sequence.root().toString('hex');
  });
  expect((await roots[0]!) === (await roots[1]!)).toBe(true);
});
