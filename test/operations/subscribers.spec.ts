import type { Client } from 'graphql-ws';
import { type House, openHouse } from '../journeys/house';
import { type FarEnd, startFarEnd } from '../support/eventstoredb/server';

jest.setTimeout(120_000);

const SUBSCRIBERS = 150;
/** More at once than a server subscription buffers before it drops the reader. */
const BURST = 130;

const CHANGES = 'subscription { changes { caughtUp position entry { type } } }';

interface Item {
  readonly caughtUp: boolean;
  readonly position: string;
}

describe.each([
  ['a file', undefined],
  ['a server', startFarEnd],
] as const)('150 subscribers of one process whose events are in %s', (_where, startServer) => {
  let farEnd: FarEnd | undefined;
  let house: House;
  const clients: Client[] = [];

  beforeAll(async () => {
    farEnd = await startServer?.();
    house = await openHouse(farEnd === undefined ? {} : { PALIMPSEST_EVENTS: farEnd.url });
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await house?.close();
    await farEnd?.stop();
  });

  const register = (number: number) =>
    house.act('author:ana', 'assetRegister', {
      kind: 'IMAGE',
      title: `Poster ${number}`,
      idempotencyKey: `k${number}`,
    });

  test('are all sent everything, each once and in order, also in a burst', async () => {
    const token = await house.token('analyst');
    const seen: string[][] = [];
    const watch = async (client: Client, mine: string[], last: (position: string) => boolean, began: () => void) => {
      for await (const { data, errors } of client.iterate<{ changes: Item }>({ query: CHANGES })) {
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        const { caughtUp, position } = data!.changes;
        if (caughtUp) began();
        else mine.push(position);
        if (last(position)) return;
      }
    };
    let goal = '~';
    let began = 0;
    const watching: Promise<void>[] = [];
    await new Promise<void>((everybody, failed) => {
      for (let number = 0; number < SUBSCRIBERS; number += 1) {
        const mine: string[] = [];
        seen.push(mine);
        const started = () => {
          began += 1;
          if (began === SUBSCRIBERS) everybody();
        };
        const one = house.socket(token).then((client) => {
          clients.push(client);
          return watch(client, mine, (position) => position >= goal, started);
        });
        one.catch(failed);
        watching.push(one);
      }
    });
    const acts = await Promise.all(Array.from({ length: BURST }, (_, number) => register(number)));
    const positions = acts.map(({ position }) => position as string).sort();
    // The last act releases those that have seen the whole burst.
    goal = positions.at(-1)!;
    const end = await register(BURST);
    await Promise.all(watching);
    for (const mine of seen) {
      expect(mine.slice(0, BURST)).toEqual(positions);
      expect(mine.length).toBeLessThanOrEqual(BURST + 1);
      if (mine.length > BURST) expect(mine.at(-1)).toBe(end.position);
    }
  });
});
