import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Chapter, event, newStream } from './given';

const AT_ONCE = 10;

/** Starts appends in one turn of the event loop; returns their numbers in log order. */
async function orderOf(client: EventStoreDBClient): Promise<readonly number[]> {
  const started = Array.from({ length: AT_ONCE }, () => client.appendToStream(newStream(), event()));
  const positions = (await Promise.all(started)).map(({ position }) => position!.commit);
  return [...positions.keys()].sort((a, b) => (positions[a]! < positions[b]! ? -1 : 1));
}

const IN_ORDER = Array.from({ length: AT_ONCE }, (_, index) => index);

/** Concurrent appends, which all use one batch stream. */
export const ordering: Chapter = {
  'writes the first one last on a fresh batch stream': async ({ connect }) => {
    expect(await orderOf(connect())).toEqual([...IN_ORDER.slice(1), 0]);
  },

  'keeps the order after one append was sent alone': async ({ connect }) => {
    const client = connect();
    await client.appendToStream(newStream(), event());
    for (let round = 0; round < 5; round += 1) expect(await orderOf(client)).toEqual(IN_ORDER);
  },
};
