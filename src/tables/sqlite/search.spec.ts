import { Bench, item } from '../../../test/support/shelf';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const PLACES = Array.from({ length: 90 }, (_, n) => `Place${String.fromCharCode(97 + (n % 26))}${n} fair`);

/** Titles found, in the order in which their assets came into being. */
async function found(search: string, titles: readonly string[]): Promise<readonly (string | null)[]> {
  const runtime = await bench.runtime();
  for (const [n, title] of titles.entries()) await bench.happens(`asset ${n}`, { is: 'registered', title, tags: [] });
  await runtime.catchUp();
  const rows = await runtime.reader('shelf').select(item, { limit: 100, order: [{ by: 'placed' }], search });
  return rows.map(({ title }) => title);
}

it('finds a beginning that more words share than are listed one by one', async () => {
  expect(await found('pla fai', PLACES)).toEqual(PLACES);
});

it('finds a beginning that few words share', async () => {
  expect(await found('placea', PLACES)).toEqual(PLACES.filter((title) => title.startsWith('Placea')));
});

it('finds nothing for a beginning of no word', async () => {
  const titles = ['Summer fair', 'Winter fair'];
  expect(await found('winters', titles)).toEqual([]);
});

it('takes signs of a query language for the blanks between words', async () => {
  expect(await found('"fair"* NOT-summer', ['Summer fair', 'Not a summer fair'])).toEqual(['Not a summer fair']);
});
