import type { ContentStore } from '../../src/store/content/contentstore';
import { derived } from './contract/derived';
import { faults } from './contract/faults';
import { keeping } from './contract/keeping';
import { reading } from './contract/reading';

/** An empty content store under test, and what only its adapter can do to it. */
export interface OpenedContent {
  readonly store: ContentStore;
  /** The same content through another process's store. */
  readonly other: ContentStore;
  /** Changes what is kept behind the store's back. */
  overwrite(digest: string, bytes: Buffer): Promise<void>;
  /** From now on nothing can be reached. */
  cutOff(): Promise<void>;
  /** Names of files and objects that are no content and nothing derived: what was left half-written. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type ContentChapter = Readonly<Record<string, (opened: OpenedContent) => Promise<void>>>;

const CHAPTERS: Readonly<Record<string, ContentChapter>> = { keeping, reading, 'derived objects': derived, faults };

/** The definition of a content store: every adapter runs it with the same bytes. */
export function contentContract(name: string, open: () => Promise<OpenedContent>): void {
  describe(`${name} keeps the promises of a content store`, () => {
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
