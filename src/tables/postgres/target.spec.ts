import { join } from 'node:path';
import { Bench, idOf, item, shelf } from '../../../test/support/shelf';
import type { Projection } from '../projection';
import { createRuntime } from '../runtime';

jest.setTimeout(60_000);

/** More than is folded row by row into tables that are missing. */
const EVENTS = 2_400;
const FIRST = Date.parse('2026-01-01T00:00:00.000Z');

it('knows of a long log that is built in bulk what was known when, having read it once', async () => {
  let now = FIRST;
  const bench = new Bench({ engine: 'postgres', clock: () => now });
  try {
    for (let n = 0; n < EVENTS; n++) {
      // Now and then the clock of the store stands still, or steps back.
      now += n % 7 === 0 ? 0 : n % 50 === 0 ? -40 : 10;
      await bench.happens(
        `asset ${n % 40}`,
        n < 40 ? { is: 'registered', title: 'T', tags: [] } : { is: 'changed', title: `T${n}` },
      );
    }
    const read = jest.spyOn(bench.store, 'readAll');
    const onServer = await bench.runtime({ rebuildBatchSize: 500 });
    await onServer.catchUp();
    const whole = read.mock.calls.filter(
      ([options]) => Number(options?.after ?? 0) === 0 && options?.limit === undefined,
    );
    expect(whole).toHaveLength(1);
    read.mockRestore();
    const tables = { adapter: 'sqlite', file: join(bench.directory, 'beside.sqlite') } as const;
    const inFile = await createRuntime({ store: bench.store, projections: [shelf() as unknown as Projection], tables });
    await inFile.catchUp();
    expect(await onServer.hash()).toEqual(await inFile.hash());
    for (let at = FIRST - 20; at < now + 20; at += 337) {
      const moment = { recordedAt: new Date(at).toISOString() };
      for (const name of ['asset 3', 'asset 39']) {
        const expected = await inFile.reader('shelf').get(item, { asset: idOf(name) }, moment);
        expect(await onServer.reader('shelf').get(item, { asset: idOf(name) }, moment)).toEqual(expected);
      }
    }
    await inFile.stop();
  } finally {
    await bench.close();
  }
});
