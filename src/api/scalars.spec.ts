import { SCALARS } from './scalars';

const { DateTime, Date: Day, BigInt: Big, Digest, Position } = SCALARS;

describe('the schema’s scalars', () => {
  it('accept an instant with date, time and zone, and normalise it', () => {
    expect(DateTime.parseValue('2024-05-01T09:30:00+02:00')).toBe('2024-05-01T07:30:00.000Z');
    expect(DateTime.parseValue('2024-05-01T09:30Z')).toBe('2024-05-01T09:30:00.000Z');
    for (const wrong of ['2024-05-01', '2024-05-01T09:30:00', '2024-02-30T00:00:00Z', 'now', 1714550400000, '']) {
      expect(() => DateTime.parseValue(wrong)).toThrow('DateTime');
    }
  });

  it('accept an existing calendar day', () => {
    expect(Day.parseValue('2024-02-29')).toBe('2024-02-29');
    for (const wrong of ['2023-02-29', '2024-2-9', '2024-02-29T00:00:00Z', 20240229]) {
      expect(() => Day.parseValue(wrong)).toThrow('Date');
    }
  });

  it('accept a 64-bit integer without loss of digits', () => {
    expect(Big.parseValue('9223372036854775807')).toBe('9223372036854775807');
    expect(Big.parseValue(42)).toBe('42');
    for (const wrong of ['9223372036854775808', '1.5', 2 ** 53, '1e3', '']) {
      expect(() => Big.parseValue(wrong)).toThrow('BigInt');
    }
    expect(Big.serialize(7)).toBe('7');
  });

  it('accept an exact digest and a position', () => {
    expect(Digest.parseValue('a'.repeat(64))).toBe('a'.repeat(64));
    expect(() => Digest.parseValue('A'.repeat(64))).toThrow('Digest');
    expect(() => Position.parseValue('12')).toThrow('Position');
    expect(() => Position.parseValue('9'.repeat(20))).toThrow('Position');
  });
});
