import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bundle, type Program } from '../support/bundle';
import { dyingAfter } from './dying';
import { BEN, type Doing, History, icon } from './history';

describe('an interrupted import', () => {
  let history: History;
  let program: Program;
  let undisturbed: readonly object[];
  let runs = 0;

  beforeAll(async () => {
    program = await bundle(join(__dirname, 'killed-program.ts'));
    history = new History();
    draw(history);
    await history.import();
    undisturbed = await told(history.dataDir);
  }, 60_000);
  afterAll(() => {
    program.remove();
    history.dispose();
  });

  /** Everything that can occur in an import: versions, renames, returns, links, reviews, a merge, releases. */
  function draw(into: History): void {
    for (let round = 0; round < 6; round += 1) {
      const doings: Doing[] = [0, 1, 2, 3].map((place) => ({
        path: `icons/${place}.svg`,
        content: icon(`${round}${place}`),
      }));
      const message = `Round ${round}\n\nReviewed-by: Cia <cia@studio.example>\n`;
      const drawn = into.commit([...doings, { path: `l${round}.svg`, link: `icons/${round % 4}.svg` }], { message });
      const topic = into.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], {
        author: BEN,
        branch: `t${round}`,
        from: drawn,
      });
      into.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], { merge: topic });
      // A release branch: one file of its own, and one that reaches main in the next round.
      const branched = [
        { path: 'icons/0.svg', content: icon(`fix ${round}`) },
        { path: 'icons/1.svg', content: icon(`${round + 1}1`) },
      ];
      into.tag(`v0.${round}`, into.commit(branched, { branch: `r${round}`, from: drawn }), BEN);
      into.tag(
        `v1.${round}`,
        into.commit(round % 2 === 0 ? [{ rename: 'icons/3.svg', to: 'gone.svg' }] : [{ remove: 'gone.svg' }]),
      );
    }
  }

  async function told(dataDir: string): Promise<readonly object[]> {
    return (await history.events(dataDir)).map(({ recordedAt: _, ...event }) => event);
  }

  function freshDirectory(): string {
    runs += 1;
    const dataDir = join(history.directory, `run-${runs}`);
    mkdirSync(dataDir, { recursive: true });
    return dataDir;
  }

  it('resumes where it was interrupted, wherever that was, and ends with the same log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 3 }), async (stops) => {
        const dataDir = freshDirectory();
        for (const stop of stops) {
          const interruption = new AbortController();
          const stopped = new Error('stopped');
          const wrap = (store: Parameters<typeof dyingAfter>[0]) =>
            dyingAfter(store, stop, () => interruption.abort(stopped));
          // The stop may come after the end; then the run simply completes.
          await history.import({ dataDir, wrap, signal: interruption.signal }).catch((error) => {
            expect(error).toBe(stopped);
          });
        }
        const result = await history.import({ dataDir });
        expect(result.reconciled).toBe(true);
        expect(await told(dataDir)).toEqual(undisturbed);
      }),
      { numRuns: 5 },
    );
  }, 120_000);

  it('ends with the same log after being killed several times', async () => {
    const dataDir = freshDirectory();
    for (const appends of [3, 40, 75, 60]) {
      const child = program.run(history.path, dataDir, String(appends));
      const [, signal] = await once(child, 'close');
      expect(signal).toBe('SIGKILL');
    }
    await history.import({ dataDir });
    expect(await told(dataDir)).toEqual(undisturbed);
  }, 120_000);

  it('needs no state of its own: what is already recorded is found in the log', async () => {
    const dataDir = freshDirectory();
    await history.import({ dataDir });
    rmSync(join(dataDir, 'import'), { recursive: true });
    expect(await history.import({ dataDir })).toMatchObject({ events: 0, reconciled: true });
    expect(await told(dataDir)).toEqual(undisturbed);
  });
});
