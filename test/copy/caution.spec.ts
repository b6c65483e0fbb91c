import { explain } from '../../src/cli/explain';
import type { RecordedEvent } from '../../src/domain/event';
import type { Target } from '../../src/store/moving';
import { openSqliteStore, openSqliteTarget } from '../../src/store/sqlite/adapter';
import type { Store } from '../../src/store/store';
import { events, newStream, whole } from '../store/given';
import { inHouse, lying, move, SYNCHRONOUS } from './houses';

describe('a copy', () => {
  it('does not touch a target with other events, and says where they differ', async () => {
    await inHouse(async (house) => {
      const [mine, theirs] = [newStream(), newStream()];
      await house.store.append(mine, 'none', events(2));
      const { file, target } = house.empty();
      await target.close();
      const other = openSqliteStore(file, SYNCHRONOUS);
      await other.append(theirs, 'none', events(1));
      await other.close();
      const again = openSqliteTarget(file, SYNCHRONOUS);
      const refused = move(house.store, again);
      expect(await refused.catch(explain)).toMatchObject({ exitCode: 2 });
      await expect(refused).rejects.toThrow(`event 1 (${mine}, revision 0): stream`);
      await expect(refused).rejects.toThrow('A copy needs an empty store');
      expect(await whole(again.readAll())).toHaveLength(1);
      await again.close();
    });
  });

  it('does not touch a target in which work has continued since the move', async () => {
    await inHouse(async (house) => {
      await house.store.append(newStream(), 'none', events(2));
      const { file, target } = house.empty();
      await move(house.store, target);
      await target.close();
      const moved = openSqliteStore(file, SYNCHRONOUS);
      await moved.append(newStream(), 'none', events(1));
      await moved.close();
      const again = openSqliteTarget(file, SYNCHRONOUS);
      const refused = move(house.store, again);
      expect(await refused.catch(explain)).toMatchObject({ exitCode: 2 });
      await expect(refused).rejects.toThrow('copy from it instead');
      await again.close();
    });
  });

  it('detects another program that writes to the target at the same time', async () => {
    await inHouse(async (house) => {
      const stream = newStream();
      await house.store.append(stream, 'none', events(2));
      const { target } = house.empty();
      const meddled: Target = {
        ...target,
        async receive(group) {
          const foreign = { ...group[0]!, events: events(1).map((each, n) => ({ ...group[0]!.events[n]!, ...each })) };
          await target.receive([foreign]);
          return target.receive(group);
        },
      };
      const refused = move(house.store, meddled);
      expect(await refused.catch(explain)).toMatchObject({ exitCode: 1 });
      await expect(refused).rejects.toThrow(`another program wrote to the target`);
      await target.close();
    });
  });

  it('does not trust the target: it reads everything back and compares', async () => {
    const changed = (change: Partial<RecordedEvent>) => (page: readonly RecordedEvent[]) =>
      page.map((event) => (event.revision === 2 ? { ...event, ...change } : event));
    const lies: readonly [string, Parameters<typeof lying>[1]][] = [
      ['data', changed({ data: { version: 99 } })],
      ['recordedAt', changed({ recordedAt: '2020-01-01T00:00:00.000Z' })],
      ['original position', changed({ originalPosition: '9'.repeat(20) })],
      ['metadata', (page) => page.map((event) => ({ ...event, metadata: { ...event.metadata, tool: 'other' } }))],
      ['only in the source', (page) => page.slice(0, -1)],
      ['only in the target', (page) => [...page, { ...page[0]!, revision: 5 }]],
    ];
    for (const [what, lie] of lies) {
      await inHouse(async (house) => {
        await house.store.append(newStream(), 'none', events(5));
        const { target } = house.empty();
        const result = await move(house.store, lying(target, lie));
        expect(result).toMatchObject({ same: false, differences: [{ what }] });
        expect(result.target.sha256).not.toBe(result.source.sha256);
        await target.close();
      });
    }
  });

  it('of a source in use copies what it held at the start, and reports how much was added since', async () => {
    await inHouse(async (house) => {
      await house.store.append(newStream(), 'none', events(4));
      const { target } = house.empty();
      const busy: Target = {
        ...target,
        async receive(group) {
          await house.store.append(newStream(), 'none', events(3));
          return target.receive(group);
        },
      };
      expect(await move(house.store, busy)).toMatchObject({ same: true, copied: 4, since: 3 });
      expect(await move(house.store, target)).toMatchObject({ same: true, copied: 3, since: 0 });
      await target.close();
    });
  });

  it('does not copy a stream without its beginning', async () => {
    await inHouse(async (house) => {
      await house.store.append(newStream(), 'none', events(3));
      const cut = {
        head: () => house.store.head(),
        async *readAll(range: Parameters<Store['readAll']>[0]) {
          for await (const page of house.store.readAll(range)) yield page.filter(({ revision }) => revision > 0);
        },
      };
      const { target } = house.empty();
      const refused = move(cut, target);
      expect(await refused.catch(explain)).toMatchObject({ exitCode: 1 });
      await expect(refused).rejects.toThrow('lacks the beginning of this stream');
      await expect(target.receive([])).resolves.toBeUndefined();
      await target.close();
    });
  });

  it('stops on its signal, and resumes later', async () => {
    await inHouse(async (house) => {
      await house.store.append(newStream(), 'none', events(4));
      const { target } = house.empty();
      const told = new AbortController();
      told.abort(new Error('stopped'));
      await expect(move(house.store, target, { signal: told.signal })).rejects.toThrow('stopped');
      expect(await move(house.store, target)).toMatchObject({ same: true, copied: 4 });
      await target.close();
    });
  });

  it('of an empty log is an empty log', async () => {
    await inHouse(async (house) => {
      const { target } = house.empty();
      const nothing = { events: 0, streams: 0 };
      expect(await move(house.store, target)).toMatchObject({ same: true, source: nothing, target: nothing });
      await target.close();
    });
  });
});
