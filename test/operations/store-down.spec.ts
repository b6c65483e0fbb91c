import { createLog } from '../../src/telemetry/log';
import { type House, openHouse, type Reply } from '../journeys/house';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';

jest.setTimeout(60_000);

interface Ready {
  readonly status: number;
  readonly ready: boolean;
  readonly reads: boolean;
  readonly position?: string;
  readonly reasons: readonly string[];
}

let farEnd: FarEnd;
let house: House;
const lines: string[] = [];
const log = createLog({ json: true, write: (line) => lines.push(line) });

beforeEach(async () => {
  farEnd = await startFarEnd();
});
afterEach(async () => {
  await house.close();
  await farEnd.stop();
});

const open = async (): Promise<House> => {
  house = await openHouse({ PALIMPSEST_EVENTS: farEnd.url }, log);
  return house;
};

async function readiness(path = '/health/ready'): Promise<Ready> {
  const response = await fetch(new URL(path, house.started.url));
  return { status: response.status, ...((await response.json()) as Omit<Ready, 'status'>) };
}

/** Polls until the house is ready again; otherwise the test's own limit ends it. */
async function untilReady(): Promise<Ready> {
  for (;;) {
    const now = await readiness();
    if (now.ready) return now;
  }
}

const REGISTER = `mutation ($input: AssetRegisterInput!) {
  assetRegister(input: $input) { position repeated asset { title } userErrors { code } }
}`;
const register = (title: string): Promise<Reply> =>
  house.ask('author:ana', REGISTER, { input: { act: { idempotencyKey: title }, kind: 'IMAGE', title } });

const titles = async (): Promise<readonly string[]> => {
  const { data } = await house.ask('analyst', '{ assets { nodes { title } computedAt } }');
  return data.assets.nodes.map(({ title }: { title: string }) => title).sort();
};

describe('a house whose event store becomes unreachable', () => {
  it('refuses acts with advice, continues to answer reads, and recovers by itself', async () => {
    await open();
    const before = await register('Before');
    expect(before.data.assetRegister).toMatchObject({ repeated: false, asset: { title: 'Before' } });

    await farEnd.stop();
    const refused = await register('Meanwhile');
    expect(refused.data).toBeNull();
    expect(refused.errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE', retryAfterMs: 2000 } }]);
    const reads = await house.ask('analyst', '{ assets { nodes { title } computedAt } }');
    expect(reads.errors).toBeUndefined();
    expect(reads.data.assets).toMatchObject({
      nodes: [{ title: 'Before' }],
      computedAt: before.data.assetRegister.position,
    });
    expect(await readiness()).toMatchObject({
      status: 503,
      ready: false,
      reads: true,
      position: before.data.assetRegister.position,
      reasons: [expect.stringContaining('the store does not answer')],
    });
    expect((await readiness('/health/ready?for=reads')).status).toBe(200);
    expect((await fetch(new URL('/health/live', house.started.url))).status).toBe(200);

    await farEnd.start();
    await untilReady();
    const again = await register('Meanwhile');
    expect(again.data.assetRegister).toMatchObject({ repeated: false, asset: { title: 'Meanwhile' }, userErrors: [] });
    expect(await titles()).toEqual(['Before', 'Meanwhile']);

    // Its log of all this is for a collector, and names nobody and nothing.
    const said = lines.map((line) => JSON.parse(line) as { level: string });
    expect(said.some(({ level }) => level === 'error')).toBe(true);
    expect(lines.join('\n')).not.toMatch(/ana|Before|Meanwhile/);
  });

  it('reports throughout that it answers reads, whether the store dies, stalls or returns', async () => {
    await open();
    const { position } = (await register('Before')).data.assetRegister;
    const well = { status: 200, ready: true, reads: true, position, reasons: [] };
    // Some health requests are always in flight when something happens.
    let over = false;
    const seen: Ready[] = [];
    const asking = Array.from({ length: 4 }, async () => {
      while (!over) seen.push(await readiness('/health/ready?for=reads'));
    });
    await farEnd.stop();
    expect((await readiness()).status).toBe(503);
    await farEnd.start();
    await untilReady();
    farEnd.faults.stall('read', 'append', 'subscribe', 'features');
    expect(await readiness()).toMatchObject({
      status: 503,
      ready: false,
      reads: true,
      position,
      reasons: ['the store does not answer: no answer within 2 s'],
    });
    farEnd.faults.heal();
    await untilReady();
    over = true;
    await Promise.all(asking);
    expect(seen.length).toBeGreaterThan(0);
    for (const each of seen) expect(each).toEqual(well);
  });

  it('tells a program when to retry, in a header too', async () => {
    await open();
    await farEnd.stop();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await house.token('author')}` };
    const variables = { input: { kind: 'IMAGE', title: 'T', act: { idempotencyKey: 'k' } } };
    const body = JSON.stringify({ query: REGISTER, variables });
    // The second time the operation is known and bypasses the framework.
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(house.started.url, { method: 'POST', headers, body });
      expect(response.headers.get('retry-after')).toBe('2');
    }
  });

  it('reports an unknown outcome of an act, and repeating the act finds out', async () => {
    await open();
    await register('Before');
    farEnd.faults.loseAcknowledgements(5, 'reset');
    const lost = await register('Lost');
    expect(lost.data).toBeNull();
    expect(lost.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryAfterMs: 1000 } }]);
    farEnd.faults.heal();
    const again = await register('Lost');
    expect(again.data.assetRegister).toMatchObject({ repeated: true, asset: { title: 'Lost' }, userErrors: [] });
    expect(await titles()).toEqual(['Before', 'Lost']);
  });
});

describe('a house that is opened before its event store', () => {
  it('is live, says why it is not ready, and works as soon as the store is available', async () => {
    await farEnd.stop();
    await open();
    expect((await fetch(new URL('/health/live', house.started.url))).status).toBe(200);
    expect(await readiness()).toMatchObject({ status: 503, ready: false });
    expect((await register('Early')).errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
    await farEnd.start();
    await untilReady();
    expect((await register('Late')).data.assetRegister).toMatchObject({ asset: { title: 'Late' } });
  });
});
