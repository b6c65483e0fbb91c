import { TablesUnavailable } from '../../src/tables/engine';
import type { RuntimeOptions } from '../../src/tables/runtime';
import { again } from '../store/again';
import { type Network, openNetwork } from '../support/network';
import { item } from '../support/shelf';
import { eachInTrouble, TAKEN_OVER_MS, Trouble } from '../support/trouble';

jest.setTimeout(60_000);

let trouble: Trouble;
let network: Network;
let tables: RuntimeOptions['tables'];

eachInTrouble(async (begun) => {
  trouble = begun;
  const near = await trouble.bench.tablesAt();
  if (near.adapter !== 'postgres') throw new Error('there is no server');
  const url = new URL(near.url);
  network = await openNetwork(Number(url.port));
  url.port = String(network.port);
  tables = { ...near, url: url.href };
});

afterEach(() => network.close());

describe('a PostgreSQL that stops answering', () => {
  it('does not prevent stopping', async () => {
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    await runtime.reader('shelf').select(item, { limit: 3 });
    network.freeze();
    await runtime.stop();
    await expect(runtime.reader('shelf').select(item, { limit: 3 })).rejects.toThrow('closed');
  });

  it('keeps no caller waiting', async () => {
    const runtime = await trouble.open(tables);
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    const ask = () => runtime.reader('shelf').select(item, { limit: 3 });
    const before = await ask();
    network.freeze();
    await expect(Promise.all([ask(), ask()])).rejects.toBeInstanceOf(TablesUnavailable);
    network.thaw();
    expect(await again(ask)).toEqual(before);
  });

  it('loses its projector, and is used again once it answers', async () => {
    const faults: string[] = [];
    const runtime = await trouble.open(tables, { onFault: (fault) => faults.push(String(fault)) });
    await runtime.start();
    await runtime.waitFor(await trouble.much(0, 20));
    network.freeze();
    const last = await trouble.much(20, 40);
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(false);
    expect(faults.join()).toContain('TablesUnavailable');
    network.thaw();
    expect(await runtime.waitFor(last, { timeoutMs: TAKEN_OVER_MS })).toBe(true);
    expect((await runtime.hash()).projections).toEqual(await trouble.undisturbed());
  });
});
