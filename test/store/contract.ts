import type { Store } from '../../src/store/store';
import { appends } from './contract/appends';
import { fidelity } from './contract/fidelity';
import { limits } from './contract/limits';
import { order } from './contract/order';
import { reading } from './contract/reading';
import { recorded } from './contract/recorded';
import { subscribing } from './contract/subscribing';
import { writers } from './contract/writers';

/** An empty store under test, with operations specific to its adapter. */
export interface Opened {
  readonly store: Store;
  /** Closes the store and reopens the same events, as after a restart. */
  reopen(): Promise<Store>;
  /** Makes a stream whose first readable event has this revision, as if older ones were moved away. */
  beginAt(stream: string, revision: number): Promise<void>;
  close(): Promise<void>;
}

/** Sentences and the proof of each; each gets an empty store. */
export type Chapter = Readonly<Record<string, (opened: Opened) => Promise<void>>>;

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  appending: appends,
  'appends that were recorded': recorded,
  'many writers at once': writers,
  'many appends at once': order,
  reading,
  subscribing,
  fidelity,
  limits,
};

/** The definition of a store: every adapter runs it with the same data. */
export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the promises of a store`, () => {
    describe.each(Object.entries(CHAPTERS))('%s', (_title, chapter) => {
      test.each(Object.entries(chapter))('%s', async (_sentence, proof) => {
        const opened = await open();
        try {
          await proof(opened);
        } finally {
          await opened.close();
        }
      });
    });
  });
}
