import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RecordedEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { START } from '../../src/store/store';
import { bundle, type Program } from '../support/bundle';
import { place } from './embedded';
import { event, events, follow, newStream, whole } from './given';

/** An append that was acknowledged to a process. */
interface Acknowledged {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly ids: readonly string[];
}

/** Reads what a process acknowledges until it ends; `onLine` may end it. */
async function acknowledgedBy(child: ChildProcess, onLine?: (count: number) => void): Promise<Acknowledged[]> {
  const lines: Acknowledged[] = [];
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout! })) {
    const [stream = '', revision, position = '', ...ids] = line.split(' ');
    // The last line of a killed process may be torn.
    if (ids.at(-1)?.length !== 36) continue;
    lines.push({ stream, revision: Number(revision), position, ids });
    onLine?.(lines.length);
  }
  await ended;
  return lines;
}

/** Every acknowledged event is where the answer says, and positions and revisions have no gap. */
function expectWhole(log: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): void {
  expect(log.map(({ position }) => Number(position))).toEqual(log.map((_, index) => index + 1));
  const next = new Map<string, number>();
  const byId = new Map(log.map((read) => [read.id, read]));
  for (const { stream, revision } of log) {
    expect(revision).toBe(next.get(stream) ?? 0);
    next.set(stream, revision + 1);
  }
  for (const { stream, revision, position, ids } of acknowledged) {
    const last = byId.get(ids.at(-1)!);
    expect(last).toMatchObject({ stream, revision, position });
    for (const [index, id] of ids.entries()) {
      expect(byId.get(id)?.revision).toBe(revision - ids.length + 1 + index);
    }
  }
}

describe('an event file and the processes that share it', () => {
  let program: Program;
  let home: ReturnType<typeof place>;
  beforeAll(async () => {
    program = await bundle(join(__dirname, 'writer-program.ts'));
  });
  afterAll(() => program.remove());
  beforeEach(() => {
    home = place();
  });
  afterEach(() => home.remove());

  test('holds every acknowledged event after its writer was killed, repeatedly', async () => {
    const acknowledged: Acknowledged[] = [];
    for (const lines of [1, 40, 150, 333, 700]) {
      const child = program.run(home.file, '16', '0');
      acknowledged.push(...(await acknowledgedBy(child, (count) => count === lines && child.kill('SIGKILL'))));
      const store = openSqliteStore(home.file);
      expectWhole(await whole(store.readAll()), acknowledged);
      await store.append(newStream(), 'none', events(1));
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(1_200);
  });

  test('keeps every promise while three processes append concurrently, on their own streams and on a shared one', async () => {
    const shared = newStream();
    const store = openSqliteStore(home.file);
    const last = event({ type: 'StormOver' });
    const seen = follow(store, START, (soFar) => soFar.at(-1)?.id === last.id);
    const children = [1, 2].map(() => program.run(home.file, '4', '60', shared));
    const own = newStream();
    let expected: number | 'none' = 'none';
    const mine = async () => {
      for (let done = 0; done < 100; done += 1) expected = (await store.append(own, expected, events(2))).revision;
    };
    const [first, second] = await Promise.all([...children.map((child) => acknowledgedBy(child)), mine()]);
    await store.append(newStream(), 'none', [last]);
    const log = await whole(store.readAll());
    const acknowledged = [...(first ?? []), ...(second ?? [])];
    expect(acknowledged).toHaveLength(2 * 4 * 60);
    expectWhole(log, acknowledged);
    expect(log).toHaveLength(acknowledged.flatMap(({ ids }) => ids).length + 200 + 1);
    expect((await seen).map(({ position }) => position)).toEqual(log.map(({ position }) => position));
    await store.close();
  });

  test('shows a reader what another process appends, without a new request', async () => {
    const store = openSqliteStore(home.file);
    const seen = follow(store, START, (soFar) => soFar.length >= 6);
    const acknowledged = await acknowledgedBy(program.run(home.file, '1', '3'));
    expect((await seen).map(({ id }) => id)).toEqual(acknowledged.flatMap(({ ids }) => ids));
    await store.close();
  });
});
