import fc from 'fast-check';
import { Recent } from './lru';

const step = fc.record({ key: fc.integer({ min: 0, max: 12 }), does: fc.constantFrom('get', 'set', 'delete') });

it('never keeps more than it may, forgets none of the half used last but what was deleted, and gives what was set last', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 9 }),
    fc.array(step, { maxLength: 200 }),
    (capacity, steps) => {
      const recent = new Recent<number, string>(capacity);
      const values = new Map<number, string>();
      // What was used last comes first, and stays there when it is deleted: it has taken the place of another.
      let used: number[] = [];
      for (const [at, { key, does }] of steps.entries()) {
        const value = recent.get(key);
        if (used.slice(0, Math.floor(capacity / 2)).includes(key)) expect(value).toBe(values.get(key));
        else expect([undefined, values.get(key)]).toContain(value);
        used = value === undefined ? used : [key, ...used.filter((other) => other !== key)];
        if (does === 'set') {
          recent.set(key, `value ${at}`);
          values.set(key, `value ${at}`);
          used = [key, ...used.filter((other) => other !== key)];
        }
        if (does === 'delete') {
          recent.delete(key);
          values.delete(key);
        }
        expect(recent.size).toBeLessThanOrEqual(capacity);
      }
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

it('counts entries by their weight, and keeps none that weighs more than half of what fits', () => {
  const property = fc.property(
    fc.integer({ min: 2, max: 60 }),
    fc.array(fc.record({ key: fc.integer({ min: 0, max: 20 }), weight: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 200,
    }),
    (capacity, entries) => {
      const recent = new Recent<number, { readonly weight: number }>(capacity, ({ weight }) => weight);
      for (const entry of entries) {
        recent.set(entry.key, entry);
        expect(recent.get(entry.key)).toBe(entry.weight <= Math.max(1, capacity / 2) ? entry : undefined);
      }
      // Asking for one entry may move another out that was counted already: that is at most the capacity again.
      const kept = Array.from({ length: 21 }, (_, key) => recent.get(key)?.weight ?? 0);
      expect(kept.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(2 * capacity);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
