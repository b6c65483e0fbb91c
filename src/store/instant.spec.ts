import fc from 'fast-check';
import { isoOf, msOf, positionOf } from './instant';

const instants = fc.date({ noInvalidDate: true }).map((date) => date.getTime());

test('an instant is formatted as Date does, also before 1970 and after 9999', () => {
  fc.assert(fc.property(instants, (ms) => expect(isoOf(ms)).toBe(new Date(ms).toISOString())));
});

test('a formatted instant is parsed back', () => {
  fc.assert(fc.property(instants, (ms) => expect(msOf(isoOf(ms))).toBe(ms)));
});

test.each(['2026-03-01', '2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000+01:00', 'yesterday', ''])(
  'text in another form is not an instant: %s',
  (text) => expect(msOf(text)).toBeUndefined(),
);

test('positions have twenty digits and sort as text', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (one, other) => {
      expect(positionOf(one)).toBe(String(one).padStart(20, '0'));
      expect(positionOf(one) < positionOf(other)).toBe(one < other);
    }),
  );
});
