import { SCALARS } from './scalars';

const { DateTime, Date: Day, BigInt: Big, Digest, Position } = SCALARS;

describe('what the contract’s scalars take', () => {
  it('is an instant with date, time and zone, made canonical', () => {
    expect(DateTime.parseValue('2024-05-01T09:30:00+02:00')).toBe('2024-05-01T07:30:00.000Z');
    expect(DateTime.parseValue('2024-05-01T09:30Z')).toBe('2024-05-01T09:30:00.000Z');
    for (const wrong of ['2024-05-01', '2024-05-01T09:30:00', '2024-02-30T00:00:00Z', 'now', 1714550400000, '']) {
      expect(() => DateTime.parseValue(wrong)).toThrow('DateTime');
    }
  });

  it('is a day there is', () => {
    expect(Day.parseValue('2024-02-29')).toBe('2024-02-29');
    for (const wrong of ['2023-02-29', '2024-2-9', '2024-02-29T00:00:00Z', 20240229]) {
      expect(() => Day.parseValue(wrong)).toThrow('Date');
    }
  });

  it('is a whole number of 64 bits without a lost digit', () => {
    expect(Big.parseValue('9223372036854775807')).toBe('9223372036854775807');
    expect(Big.parseValue(42)).toBe('42');
    for (const wrong of ['9223372036854775808', '1.5', 2 ** 53, '1e3', '']) {
      expect(() => Big.parseValue(wrong)).toThrow('BigInt');
    }
    expect(Big.serialize(7)).toBe('7');
  });

  it('is an exact digest, a position', () => {
    expect(Digest.parseValue('a'.repeat(64))).toBe('a'.repeat(64));
    expect(() => Digest.parseValue('A'.repeat(64))).toThrow('Digest');
    expect(() => Position.parseValue('12')).toThrow('Position');
    expect(() => Position.parseValue('9'.repeat(20))).toThrow('Position');
  });
});
