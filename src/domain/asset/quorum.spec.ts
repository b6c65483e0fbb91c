import fc from 'fast-check';
import { type Demand, fill, type Seat } from './quorum';

const demands = (...quorums: [string, number][]): Demand[] => quorums.map(([path, quorum]) => ({ path, quorum }));
const seats = (who: { readonly [person: string]: readonly string[] }): Seat[] =>
  Object.entries(who).map(([person, paths]) => ({ person, paths }));

it('lets nobody fill two paths', () => {
  expect(fill(demands(['brand', 1], ['law', 1]), seats({ ben: ['brand', 'law'] })).lacking).toEqual(['law']);
});

it('moves somebody who counts for several paths to the one that nobody else can fill', () => {
  const both = { ben: ['brand', 'law'], cat: ['brand'] };
  for (const order of [
    ['ben', 'cat'],
    ['cat', 'ben'],
  ] as const) {
    const filled = fill(
      demands(['brand', 1], ['law', 1]),
      seats(Object.fromEntries(order.map((id) => [id, both[id]]))),
    );
    expect(filled.lacking).toEqual([]);
    expect(filled.people).toEqual(
      new Map([
        ['brand', ['cat']],
        ['law', ['ben']],
      ]),
    );
  }
});

it('needs as many different people as a quorum says', () => {
  expect(fill(demands(['law', 2]), seats({ dan: ['law'] })).lacking).toEqual(['law']);
  expect(fill(demands(['law', 2]), seats({ dan: ['law'], eve: ['law'] })).lacking).toEqual([]);
});

const paths = ['a', 'b', 'c'];
const someSeats = fc
  .array(fc.subarray(paths), { maxLength: 7 })
  .map((all) => all.map((each, index): Seat => ({ person: `p${index}`, paths: each })));
const someDemands = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3) }).map((by) => demands(...Object.entries(by)));

/** Tries every way of giving people to paths. */
function possible(wanted: readonly Demand[], all: readonly Seat[]): boolean {
  const [open, ...rest] = wanted.filter(({ quorum }) => quorum > 0);
  if (open === undefined) return true;
  const left = [{ ...open, quorum: open.quorum - 1 }, ...rest];
  return all.some(
    (seat) =>
      seat.paths.includes(open.path) &&
      possible(
        left,
        all.filter((each) => each !== seat),
      ),
  );
}

it('fills all paths exactly when there is a way to', () => {
  fc.assert(
    fc.property(someDemands, someSeats, (wanted, all) => {
      expect(fill(wanted, all).lacking.length === 0).toBe(possible(wanted, all));
    }),
    { numRuns: 300 },
  );
});

it('says the same whoever decided first', () => {
  const shuffled = someSeats.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(someDemands, shuffled, (wanted, [one, other]) => {
      expect(fill(wanted, other).lacking).toEqual(fill(wanted, one).lacking);
    }),
    { numRuns: 300 },
  );
});
