import fc from 'fast-check';
import { NumberedKeys } from './numbered';

it('leads from every key to every number it was given, and hardly ever to one of another key', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string(), fc.integer({ min: 1, max: 2 ** 32 - 1 })), { maxLength: 200 }),
      (pairs) => {
        const keys = new NumberedKeys();
        for (const [key, number] of pairs) keys.add(key, number);
        for (const [key] of pairs) {
          const met: number[] = [];
          keys.find(key, (number) => void met.push(number));
          expect(met).toEqual(pairs.filter(([other]) => other === key).map(([, number]) => number));
        }
        let others = 0;
        keys.find('a key nobody has', () => void others++);
        expect(others).toBe(0);
      },
    ),
  );
});

it('keeps what it knows as it grows, and goes on past a number whose row is gone', () => {
  const keys = new NumberedKeys();
  for (let number = 1; number <= 50_000; number++) keys.add(`key ${number % 25_000}`, number);
  for (let number = 25_001; number <= 50_000; number++) {
    expect(keys.find(`key ${number % 25_000}`, (found) => (found > 25_000 ? found : undefined))).toBe(number);
  }
  expect(keys.find('key 25000', (found) => found)).toBeUndefined();
});
