import { v5 as uuidv5 } from 'uuid';
import { SeenKeys } from './seen';

const SPACE = '4c5c2a3e-1a0b-4b68-8f5f-5d7a6f0f5b11';
const keys = (name: string, count: number) => Array.from({ length: count }, (_, n) => uuidv5(`${name} ${n}`, SPACE));

it('never forgets a key it has met, however many come after', () => {
  const seen = new SeenKeys();
  const met = keys('met', 40_000);
  for (const key of met) seen.meet(key);
  expect(met.every((key) => seen.meet(key))).toBe(true);
});

it('takes few new keys for known ones, so that few are looked for in vain', () => {
  const seen = new SeenKeys();
  for (const key of keys('met', 40_000)) seen.meet(key);
  const mistaken = keys('new', 10_000).filter((key) => seen.meet(key));
  expect(mistaken.length).toBeLessThan(50);
});
