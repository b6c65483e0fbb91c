import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { place } from '../../../test/store/embedded';
import { event, events, metadata, newStream, pages, whole } from '../../../test/store/given';
import { bundle } from '../../../test/support/bundle';
import type { NewEvent } from '../../domain/event';
import { positionOf } from '../instant';
import type { Store } from '../store';
import { openSqliteStore } from './adapter';
import { Aheads, readPages, startOf } from './ahead';
import { openDatabase } from './driver';

const AHEAD = { aheadFrom: 0 } as const;
const NEVER = { aheadFrom: Number.POSITIVE_INFINITY } as const;
const COUNT = 3_300;

/** Every kind of row there is, in an order of no pattern a page could share. */
function ofAllKinds(count: number): NewEvent[] {
  return events(count).map((usual, index) => {
    if (index % 7 === 3) return event({ data: { text: `„quoted" \\ ${'é漢😀'.repeat(index % 5)}\n`, zero: -0 } });
    if (index % 11 === 5) return event({ metadata: metadata({ traceparent: `"],[${index}` }) });
    if (index % 13 === 6) return event({ metadata: { tool: 'of "another" program' } as never });
    return usual;
  });
}

describe('a reading that is read ahead', () => {
  let home: ReturnType<typeof place>;
  beforeEach(async () => {
    home = place();
    const store = openSqliteStore(home.file, { synchronous: 'OFF' });
    let rest = ofAllKinds(COUNT);
    for (let size = 1; rest.length > 0; size = (size * 7) % 997) {
      await store.append(newStream(size % 2 ? 'asset' : 'campaign'), 'none', rest.slice(0, size));
      rest = rest.slice(size);
    }
    await store.close();
  });
  afterEach(() => home.remove());

  /** Opens the file both ways and closes it whatever comes of it. */
  async function both(proof: (ahead: Store, direct: Store) => Promise<void>): Promise<void> {
    const [ahead, direct] = [openSqliteStore(home.file, AHEAD), openSqliteStore(home.file, NEVER)];
    try {
      await proof(ahead, direct);
    } finally {
      await ahead.close();
      await direct.close();
    }
  }

  /** Changes what never changes, as a damaged disk does. */
  function spoil(sql: string): void {
    const database = openDatabase(home.file, { busyTimeoutMs: 1_000 });
    database.exec('DROP TRIGGER event_never_update');
    database.exec(sql);
    database.close();
  }

  const failureOf = (reading: Promise<unknown>): Promise<unknown> => reading.then(() => 'none', String);

  it('gives the same pages as one that is read directly, whatever its range', async () => {
    const place = fc.integer({ min: 0, max: COUNT + 10 });
    const ranges = fc.record(
      { after: place.map(positionOf), until: place.map(positionOf), limit: fc.integer({ min: 1, max: COUNT }) },
      { requiredKeys: [] },
    );
    await both((ahead, direct) =>
      fc.assert(
        fc.asyncProperty(ranges, async (range) => {
          expect(await pages(ahead.readAll(range))).toEqual(await pages(direct.readAll(range)));
        }),
        { numRuns: 40, examples: [[{}]] },
      ),
    );
  });

  it('takes its pages from the thread, one after the other', async () => {
    const aheads = new Aheads(home.file);
    const ahead = aheads.start();
    for (const [after, rows] of [
      [0, 1_000],
      [1_000, 1_000],
      [2_000, 1_000],
      [3_000, 300],
    ] as const) {
      const page = await ahead?.next(after, COUNT, true);
      expect([page?.length, page?.[0]?.[0]]).toEqual([rows, after + 1]);
    }
    await aheads.close();
    expect(aheads.start()).toBeUndefined();
  });

  it.each([1, 4, 5])('keeps its process waiting for %i pages, and no longer', async (count) => {
    const program = await bundle(join(__dirname, '../../../test/store/reader-program.ts'));
    const child = program.run(home.file, String(count));
    const [[output], [code]] = await Promise.all([once(child.stdout!, 'data'), once(child, 'close')]);
    expect([String(output), code]).toEqual([`${Math.min(count * 1_000, COUNT)}\n`, 0]);
    program.remove();
  });

  it('begins directly and goes on in a thread without a seam', async () => {
    const store = openSqliteStore(home.file, { aheadFrom: 1_000 });
    const read = (await whole(store.readAll())).map(({ position }) => Number(position));
    expect(read).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
    await store.close();
  });

  it('may be left in the middle, or end with what its reader throws', async () => {
    await both(async (store) => {
      for await (const _ of store.readAll()) break;
      const thrown = async () => {
        for await (const _ of store.readAll()) throw new RangeError('enough');
      };
      await expect(thrown()).rejects.toThrow(RangeError);
      expect(await whole(store.readAll())).toHaveLength(COUNT);
    });
  });

  it('says that the store is closed when that happens meanwhile, and keeps nothing open', async () => {
    const store = openSqliteStore(home.file, AHEAD);
    const [left, waiting, forgotten] = [0, 1, 2].map(() => store.readAll()[Symbol.asyncIterator]());
    await left!.next();
    await forgotten!.next();
    const page = failureOf(waiting!.next());
    await store.close();
    const closed = `Unavailable: ${home.file} is closed`;
    expect([closed, 'none']).toContain(await page);
    expect(await failureOf(left!.next())).toBe(closed);
    expect((process.report.getReport() as { workers: unknown[] }).workers).toEqual([]);
  });

  it('is bounded: no page is sent beyond those that may wait until they are taken', async () => {
    const sent = async (...told: readonly unknown[]): Promise<unknown[]> => {
      const { port1, port2 } = new MessageChannel();
      const heard: unknown[] = [];
      port2.on('message', (page: { rows?: number }) => heard.push(page.rows ?? page));
      readPages(port1, { ...startOf(home.file), waiting: 1 }, require);
      for (const each of [...told, 'end']) port2.postMessage(each);
      await once(port2, 'close');
      return heard;
    };
    const range = { after: 0, until: COUNT };
    expect(await sent(range)).toEqual(['ready', 1_000]);
    expect(await sent(range, { taken: Number.MAX_SAFE_INTEGER })).toEqual(['ready', 1_000, 1_000, 1_000, 300]);
  });

  it.each([
    ['is cut off', `'{"a":'`],
    ['would make two rows of one', `'{},{}'`],
    ['would begin another column', `'{}],[{}'`],
  ])('fails as a direct one does where data %s', async (_case, data) => {
    spoil(`UPDATE event SET data = ${data} WHERE position = 2500`);
    await both(async (ahead, direct) => {
      const failure = await failureOf(whole(direct.readAll()));
      expect(failure).toMatch(/^Unavailable: .* is damaged .* is no JSON/);
      expect(await failureOf(whole(ahead.readAll()))).toBe(failure);
      expect(await whole(ahead.readAll({ limit: 2_000 }))).toHaveLength(2_000);
    });
  });

  it('goes on directly where its file was taken away or exchanged, as one does that has it open', async () => {
    await both(async (ahead, direct) => {
      const log = await whole(direct.readAll());
      const parts = ['', '-wal', '-shm'].map((end) => home.file + end).filter((part) => existsSync(part));
      for (const part of parts) renameSync(part, `${part}.away`);
      expect(await whole(ahead.readAll())).toEqual(log);
      const other = openSqliteStore(home.file);
      await other.append(newStream(), 'none', events(20));
      expect(await whole(ahead.readAll())).toEqual(log);
      await other.close();
      for (const part of parts) renameSync(`${part}.away`, part);
    });
  });
});
