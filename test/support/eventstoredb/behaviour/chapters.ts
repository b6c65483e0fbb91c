import { appending } from './appending';
import { deleting } from './deleting';
import { type Chapter, given } from './given';
import { limits } from './limits';
import { ordering } from './ordering';
import { reading } from './reading';
import { recorded } from './recorded';
import { subscribing } from './subscribing';

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  appending,
  'appends that were recorded': recorded,
  'several appends at once': ordering,
  limits,
  deleting,
  reading,
  subscribing,
};

/** The known behaviour of EventStoreDB, tested on the server at an address. */
export function behavesLikeEventStoreDB(name: string, url: () => string): void {
  describe(`${name} behaves as EventStoreDB does`, () => {
    describe.each(Object.entries(CHAPTERS))('%s', (_title, chapter) => {
      test.each(Object.entries(chapter))('%s', async (_sentence, proof) => given(url(), proof));
    });
  });
}
