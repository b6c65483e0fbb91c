import { EventStoreDBClient } from '@eventstore/db-client';
import type { Chapter } from './given';
import { recorded } from './recorded';

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  'appends that were recorded': recorded,
};

/** What is known of EventStoreDB, said of the server at an address. */
export function behavesLikeEventStoreDB(name: string, address: () => string): void {
  describe(`${name} behaves as EventStoreDB does`, () => {
    describe.each(Object.entries(CHAPTERS))('%s', (_title, chapter) => {
      test.each(Object.entries(chapter))('%s', async (_sentence, proof) => {
        const url = address();
        const client = EventStoreDBClient.connectionString(url);
        try {
          await proof({ url, client });
        } finally {
          await client.dispose();
        }
      });
    });
  });
}
