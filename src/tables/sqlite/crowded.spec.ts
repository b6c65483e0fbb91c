import { join } from 'node:path';
import { Bench, tally } from '../../../test/support/shelf';
import { openDatabase } from '../../store/sqlite/driver';
import type { At } from '../reader';

jest.setTimeout(240_000);

const DAY = '2026-01-05';
const EVENTS = 320;
/** A step that visits every second of the hour once, in a mixed order. */
const STEP = 7 * 271;
const instant = (n: number) => new Date(Date.parse(`${DAY}T09:00:00.000Z`) + n * 1_000).toISOString();
const moments = Array.from({ length: EVENTS }, (_, n) => instant((n * STEP) % 3_600));

/** Registers assets on one day, mostly after later ones are known: all are counted in one row. */
async function crowd(bench: Bench): Promise<void> {
  for (const [n, occurredAt] of moments.entries()) {
    await bench.happens(`asset ${n}`, { is: 'registered', title: 'Poster', tags: [] }, occurredAt);
  }
}

describe('a row that many streams change out of order', () => {
  it('tells at every moment how many counted then, live and rebuilt', async () => {
    const bench = new Bench({ engine: 'sqlite' });
    try {
      await crowd(bench);
      const runtime = await bench.runtime({ batchSize: 100 });
      await runtime.catchUp();
      const live = await runtime.hash();
      await runtime.rebuild();
      expect(await runtime.hash()).toEqual(live);
      const count = async (at?: At) =>
        (await runtime.reader('shelf').get(tally, { word: 'image', day: DAY }, at))?.count ?? 0;
      expect(await count()).toBe(EVENTS);
      for (let known = 0; known < EVENTS; known += 53) {
        const position = String(known + 1).padStart(20, '0');
        for (const occurredAt of [0, 400, 1_800, 3_000, 3_600].map(instant)) {
          const counted = moments.slice(0, known + 1).filter((each) => each <= occurredAt).length;
          expect(await count({ position, occurredAt })).toBe(counted);
        }
      }
    } finally {
      await bench.close();
    }
  });

  it('gets an index of what lasts, and a row that few streams change gets none', async () => {
    const bench = new Bench({ engine: 'sqlite' });
    try {
      await crowd(bench);
      const runtime = await bench.runtime({ tables: 'tables.sqlite' });
      await runtime.catchUp();
      const db = openDatabase(join(bench.directory, 'tables.sqlite'), { readOnly: true });
      const names = db.prepareArrays(`SELECT name FROM sqlite_schema WHERE name LIKE '%lasting%'`).all();
      db.close();
      expect(names).toEqual([[expect.stringMatching(/^shelf_tally_past__\d+_lasting$/)]]);
    } finally {
      await bench.close();
    }
  });
});
