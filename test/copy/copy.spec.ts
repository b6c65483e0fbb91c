import fc from 'fast-check';
import type { Target } from '../../src/store/moving';
import { openSqliteStore, openSqliteTarget } from '../../src/store/sqlite/adapter';
import { UnknownOutcome } from '../../src/store/store';
import { steps } from '../laws/model';
import { events, newStream, whole } from '../store/given';
import { answers, breaking, inHouse, move, SYNCHRONOUS, spaced, told } from './houses';

const ticks = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 });

describe('a copied log', () => {
  it('is the same log, and answers every question about the past as before', async () => {
    const property = fc.asyncProperty(steps(), steps(8), ticks, async (history, later, clock) => {
      await inHouse(async (house) => {
        await house.lives(history);
        const { file, target } = house.empty();
        const result = await move(spaced(house.store, 1_000), target);
        expect(result).toMatchObject({ same: true, copied: history.length, differences: [], since: 0 });
        expect(result.target).toEqual(result.source);
        await target.close();
        const store = openSqliteStore(file, SYNCHRONOUS);
        const there = (await whole(store.readAll())).map(told);
        const here = await whole(spaced(house.store, 1_000).readAll());
        expect(there).toEqual(here.map(told));
        expect(await answers(house, store, 'there')).toEqual(await answers(house, house.store, 'here'));
        // Moved again, with the events added since: nothing is lost on the way.
        await house.lives(later);
        await store.close();
        const again = openSqliteTarget(file, SYNCHRONOUS);
        expect(await move(spaced(house.store, 1_000), again)).toMatchObject({ same: true, copied: later.length });
        const third = house.empty();
        expect(await move(again as never, third.target)).toMatchObject({
          same: true,
          source: (await move(spaced(house.store, 1_000), again)).source,
        });
        await again.close();
        await third.target.close();
      }, clock);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('is the same, wherever and however often the copy was interrupted', async () => {
    const stops = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(steps(60), stops, async (history, cuts) => {
      await inHouse(async (house) => {
        await house.lives(history);
        const { target } = house.empty();
        for (const appends of cuts) {
          const killed = new Error('killed');
          // The stop may come after the end; then the run simply completes.
          await move(house.store, breaking(target, appends, killed)).catch((error) => expect(error).toBe(killed));
        }
        const { copied, ...result } = await move(house.store, target);
        expect(copied).toBeLessThanOrEqual(history.length);
        expect(result).toMatchObject({ same: true, target: { events: history.length } });
        expect((await whole(target.readAll())).map(told)).toEqual((await whole(house.store.readAll())).map(told));
        await target.close();
      });
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it('holds every event once if the target wrote but could not answer', async () => {
    await inHouse(async (house) => {
      const stream = newStream();
      await house.store.append(stream, 'none', events(30));
      const { target } = house.empty();
      let unanswered = 2;
      const mute: Target = {
        ...target,
        async receive(group) {
          await target.receive(group);
          unanswered -= 1;
          if (unanswered >= 0) throw new UnknownOutcome('nobody answered');
        },
      };
      expect(await move(house.store, mute)).toMatchObject({ same: true, copied: 30 });
      await target.close();
    });
  });

  it('holds every event once if an append of a killed copy arrives late', async () => {
    await inHouse(async (house) => {
      const stream = newStream();
      await house.store.append(stream, 'none', events(5));
      await house.store.append(newStream(), 'none', events(3));
      const { target } = house.empty();
      let late = true;
      const slow: Target = {
        ...target,
        async receive(group) {
          if (late) await target.receive([{ ...group[0]!, events: group[0]!.events.slice(0, 2) }]);
          late = false;
          return target.receive(group);
        },
      };
      expect(await move(house.store, slow)).toMatchObject({ same: true, target: { events: 8 } });
      await target.close();
    });
  });

  it('keeps long streams and large events whole, and the events of one command together', async () => {
    await inHouse(async (house) => {
      const [long, large] = [newStream(), newStream()];
      for (let times = 0; times < 3; times += 1) {
        const [{ metadata }] = events(1) as [ReturnType<typeof events>[number]];
        const command = events(400).map((each) => ({ ...each, metadata }));
        await house.store.append(long, times === 0 ? 'none' : times * 400 - 1, command);
      }
      const text = Array.from({ length: 15 }, () => 'x'.repeat(16_000));
      for (let times = 0; times < 5; times += 1) {
        const [one] = events(1);
        await house.store.append(large, times === 0 ? 'none' : times - 1, [{ ...one!, data: text }]);
      }
      const { target } = house.empty();
      const sizes: number[] = [];
      const watched: Target = {
        ...target,
        receive: (group) => {
          sizes.push(...group.map((append) => append.events.length));
          return target.receive(group);
        },
      };
      expect(await move(house.store, watched)).toMatchObject({ same: true, copied: 1_205 });
      expect(sizes).toEqual([400, 400, 400, 2, 2, 1]);
      await target.close();
    });
  });
});
