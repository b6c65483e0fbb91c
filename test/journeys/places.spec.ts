import { openEventStoreDb } from '../../src/store/eventstoredb/adapter';
import { parseAddress } from '../../src/store/eventstoredb/address';
import { event, newStream } from '../store/given';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';
import { contentOf, type House, openHouse } from './house';

/** A position next to one that was issued, without an event. */
const beside = (position: string, by: bigint): string => (BigInt(position) + by).toString().padStart(20, '0');

const TITLES =
  'query ($at: PointInTime, $waitFor: Position) { assets(at: $at, waitFor: $waitFor) { nodes { title } } }';

describe('a house on a shared event store whose positions have gaps', () => {
  let far: FarEnd;
  let house: House;
  const positions: string[] = [];

  beforeAll(async () => {
    far = await startFarEnd();
    const neighbour = await openEventStoreDb(parseAddress(far.url, { prefix: 'neighbour' }));
    house = await openHouse({ PALIMPSEST_EVENTS: far.url });
    for (const [index, title] of ['One', 'Two', 'Three'].entries()) {
      const { asset } = await house.act('author:ana', 'assetRegister', { title, kind: 'IMAGE' });
      const content = contentOf('abc'[index]!);
      positions.push((await house.act('author:ana', 'assetAddVersion', { assetId: asset.id, content })).position);
      await neighbour.append(newStream(), 'none', [event(), event()]);
    }
    await neighbour.close();
  });
  afterAll(async () => {
    await house.close();
    await far.stop();
  });

  const titles = async (variables: object): Promise<readonly string[]> => {
    const { data, errors } = await house.ask('analyst', TITLES, { ...variables });
    expect(errors).toBeUndefined();
    return data.assets.nodes.map(({ title }: { title: string }) => title).sort();
  };

  it('answers as of any position, whether or not it has an event', async () => {
    const [one, two] = positions as [string, string];
    expect(await titles({ at: { position: one } })).toEqual(['One']);
    expect(await titles({ at: { position: beside(one, 1n) } })).toEqual(['One']);
    expect(await titles({ at: { position: two } })).toEqual(['One', 'Two']);
    expect(await titles({ waitFor: positions[2] })).toEqual(['One', 'Three', 'Two']);
  });

  it('sends a subscriber what came after any position', async () => {
    const client = await house.socket();
    for (const [after, count] of [
      [beside(positions[0]!, -1n), 5],
      [positions[0], 4],
      [beside(positions[0]!, 1n), 4],
      [positions[2], 0],
    ] as const) {
      const seen: unknown[] = [];
      const query = 'subscription ($after: Position) { changes(afterPosition: $after) { caughtUp entry { type } } }';
      for await (const { data } of client.iterate<{ changes: { caughtUp: boolean } }>({
        query,
        variables: { after },
      })) {
        if (data!.changes.caughtUp) break;
        seen.push(data);
      }
      expect(seen).toHaveLength(count);
    }
    await client.dispose();
  });

  it('reaches the end of our events, though others keep writing, and rebuilds to the same tables', async () => {
    const { store, runtime } = house.started.app;
    expect(await store.head()).toBe(positions[2]);
    expect(await runtime.waitFor(await store.head())).toBe(true);
    const before = await runtime.hash();
    await runtime.rebuild();
    expect(await runtime.hash()).toEqual(before);
    const progress = await runtime.progress();
    expect(new Set(progress.map(({ status }) => status))).toEqual(new Set(['live']));
  });
});
