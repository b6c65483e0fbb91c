import fc from 'fast-check';
import { library } from '../../../projections/library/fold';
import { assets } from '../../../projections/library/list';
import type { Mark } from '../../../projections/list';
import { Bench, type Happening } from '../../../test/support/shelf';
import type { Projection } from '../projection';
import { beginningToWalk } from './walk';

jest.setTimeout(120_000);

const projections = [library as unknown as Projection];
const WORDS = ['summer', 'sun', 'sunset', 'Süd', 'sundial', 'night', 'e', 'mail', 'poster'];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

const title = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const retitled = fc.tuple(fc.constantFrom(...NAMES), title);
const question = fc.record({
  text: fc.constantFrom(
    'sun',
    'sun poster',
    'SUNS',
    'sud',
    'su',
    'night sun',
    'e-mail',
    'poster e',
    'absent',
    'mail e-m',
  ),
  descending: fc.boolean(),
  tagged: fc.boolean(),
});

async function happen(bench: Bench, titles: readonly string[], changes: readonly (readonly [string, string])[]) {
  for (const [at, name] of NAMES.entries()) {
    await bench.happens(name, { is: 'registered', title: titles[at]!, tags: at % 2 === 0 ? ['even'] : [] });
  }
  for (const [name, changed] of changes) await bench.happens(name, { is: 'changed', title: changed } as Happening);
}

it('finds by words what the embedded engine finds, page by page, live and rebuilt', async () => {
  const property = fc.asyncProperty(
    fc.array(title, { minLength: NAMES.length, maxLength: NAMES.length }),
    fc.array(retitled, { maxLength: 6 }),
    fc.array(question, { minLength: 4, maxLength: 4 }),
    async (titles, changes, questions) => {
      const [here, there] = [new Bench({ engine: 'sqlite' }), new Bench({ engine: 'postgres' })];
      try {
        await happen(here, titles, changes);
        await happen(there, titles, changes);
        const inFile = await here.runtime({ projections });
        const onServer = await there.runtime({ projections, batchSize: 3 });
        await inFile.catchUp();
        await onServer.catchUp();
        for (const engine of ['live', 'rebuilt']) {
          if (engine === 'rebuilt') await onServer.rebuild();
          for (const { tagged, ...rest } of questions) {
            const filter = { titleMatches: rest.text, ...(tagged && { tagsAll: ['even'] }) };
            const order = { by: 'registered', direction: rest.descending ? 'desc' : 'asc' } as const;
            const asked = { filter, order, first: 2 };
            const expected = await pages(inFile.reader('library'), asked);
            expect(await pages(onServer.reader('library'), asked)).toEqual(expected);
            expect(await assets.count(onServer.reader('library'), filter)).toBe(expected.length);
          }
        }
      } finally {
        await here.close();
        await there.close();
      }
    },
  );
  await fc.assert(property, { numRuns: 8 });
});

type Page = Parameters<typeof assets.page>;

async function pages(reader: Page[0], asked: Page[1]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: Mark | undefined; ; ) {
    const { rows, hasNext } = await assets.page(reader, { ...asked, after });
    found.push(...rows.map((row) => `${row.asset} ${row.title}`));
    if (!hasNext) return found;
    after = rows.at(-1);
  }
}

describe('the word whose texts are looked through', () => {
  const common = (beginning: string) => ({ summer: 0.2, poster: 0.1 })[beginning] ?? 0;

  it.each([
    ['the rarest, as far as that is known', 'summer poster', 'poster'],
    ['one nobody counted before those that are common', 'poster sea summer', 'sea'],
    ['the longest of equals', 'sea mountain lake', 'mountain'],
  ])('is %s', (_what, asked, expected) => {
    expect(beginningToWalk(asked, common)).toBe(expected);
  });

  it('is none where all are short, since too many words begin so', () => {
    expect(beginningToWalk('a de', common)).toBeUndefined();
    expect(beginningToWalk(' – ', common)).toBeUndefined();
    expect(beginningToWalk(undefined, common)).toBeUndefined();
  });
});
