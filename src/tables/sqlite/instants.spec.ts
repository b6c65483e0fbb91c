import fc from 'fast-check';
import { millisecondsOf } from './instants';

describe('reading an instant', () => {
  it('gives back the millisecond of whatever was written as one', () => {
    const instants = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(instants, (date) => expect(millisecondsOf(date.toISOString())).toBe(date.getTime())));
  });

  it('agrees with the language about what is no instant', () => {
    const digit = fc.constantFrom(...'0123456789:TZ-. x');
    fc.assert(
      fc.property(fc.array(digit, { minLength: 13, maxLength: 13 }), (end) => {
        const text = `2026-02-28${end.join('')}Z`;
        const milliseconds = Date.parse(text);
        expect(millisecondsOf(text)).toBe(Number.isNaN(milliseconds) ? undefined : milliseconds);
      }),
    );
  });
});
