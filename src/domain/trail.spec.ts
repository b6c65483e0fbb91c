import fc from 'fast-check';
import { entryOf, grown, holds, lengthOf, type Trail } from './trail';

const trailOf = <T>(entries: readonly T[]) =>
  entries.reduce<Trail<T>>((trail, entry) => grown(trail, entry), undefined);

it('answers as a list does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(40), (entries, number) => {
      const trail = trailOf(entries);
      expect(lengthOf(trail)).toBe(entries.length);
      expect(entryOf(trail, number)).toBe(entries[number - 1]);
      expect(holds(trail, number)).toBe(entries.includes(number));
    }),
  );
});

it('leaves every earlier state as it was', () => {
  const one = trailOf(['a']);
  const two = grown(one, 'b');
  expect([lengthOf(one), entryOf(one, 2), entryOf(two, 2)]).toEqual([1, undefined, 'b']);
});
