import fc from 'fast-check';
import { Numbers } from './history/numberset';
import { LIMITS, limitsOf } from './importlimits';

describe('the limits of an import', () => {
  it('have defaults', () => expect(limitsOf([])).toEqual(LIMITS));

  it('accept numbers, and units of bytes', () => {
    expect(limitsOf(['commits=7', 'file-bytes=3GiB', 'total-bytes=5MiB', 'commit-bytes=2KiB'])).toEqual({
      ...LIMITS,
      commits: 7,
      'file-bytes': 3 * 1024 ** 3,
      'total-bytes': 5 * 1024 ** 2,
      'commit-bytes': 2048,
    });
  });

  it.each([
    '',
    'commits',
    'commits=',
    'commits=-1',
    'commits=many',
    'commits=1TB',
    'files=1',
    '__proto__=1',
    'toString=1',
  ])('are not set by "%s"', (text) =>
    expect(() => limitsOf([text])).toThrow(/--limit takes NAME=NUMBER.*names: references, commits/),
  );

  it('accept no unit of bytes for other numbers', () => {
    expect(() => limitsOf(['commits=1KiB'])).toThrow('--limit commits counts no bytes: give a number without KiB');
  });
});

it('a set of numbers behaves like a Set', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(50), fc.maxSafeNat()), { maxLength: 200 }), (given) => {
      const [ours, known] = [new Numbers(), new Set<number>()];
      for (const number of given) {
        expect(ours.add(number)).toBe(!known.has(number));
        known.add(number);
      }
    }),
  );
  const many = new Numbers();
  for (let number = 0; number < 20_000; number += 1) expect(many.add(number * 4096)).toBe(true);
  for (let number = 0; number < 20_000; number += 1) expect(many.add(number * 4096)).toBe(false);
});
