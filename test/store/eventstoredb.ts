import { randomBytes } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { openEventStoreDb, openEventStoreDbTarget } from '../../src/store/eventstoredb/adapter';
import { type Address, parseAddress } from '../../src/store/eventstoredb/address';
import { Names } from '../../src/store/eventstoredb/encoding';
import type { Store } from '../../src/store/store';
import { startFarEnd } from '../support/eventstoredb/server';
import type { Opened } from './contract';
import { events } from './given';
import type { OpenedTarget } from './received';

/** A server, and how to stop using it. */
interface Far {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server that EVENTSTORE_URL names, otherwise one in this process that speaks its protocol. */
export async function far(): Promise<Far> {
  const url = process.env.EVENTSTORE_URL;
  return url ? { url, stop: async () => undefined } : startFarEnd();
}

/** The address of a server, with an unused stream prefix: an empty store on a shared server. */
export function emptyAt(url: string): Address {
  return parseAddress(url, { prefix: `test_${randomBytes(8).toString('hex')}` });
}

/** The store on EventStoreDB for the contract. */
export async function onEventStoreDb(): Promise<Opened> {
  const server = await far();
  const address = emptyAt(server.url);
  let store: Store = await openEventStoreDb(address);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openEventStoreDb(address);
      return store;
    },
    async beginAt(stream, revision) {
      await store.append(stream, 'none', events(revision + 1));
      const client = EventStoreDBClient.connectionString(server.url);
      await client.setStreamMetadata(new Names(address.prefix).outside(stream), { truncateBefore: revision });
      await client.dispose();
    },
    async close() {
      await store.close();
      await server.stop();
    },
  };
}

/** The store on EventStoreDB as the target of a copy. */
export async function onEventStoreDbTarget(): Promise<OpenedTarget> {
  const server = await far();
  const address = emptyAt(server.url);
  const target = await openEventStoreDbTarget(address);
  let store: Store | undefined;
  return {
    target,
    async work() {
      await target.close();
      store = await openEventStoreDb(address);
      return store;
    },
    async close() {
      await (store ?? target).close();
      await server.stop();
    },
  };
}
