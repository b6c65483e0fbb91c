import { type Ending, Supervision } from './supervision';
import { TIMERS } from './timer';

const timers = { ...TIMERS, backOffMs: 100, longestBackOffMs: 1_000 };
const pausesOf = (endings: readonly Ending[], random: () => number): readonly (number | 'gives up')[] => {
  const supervision = new Supervision(timers, random);
  return endings.map((ending) => {
    const next = supervision.after(ending);
    return next.kind === 'again' ? next.afterMs : 'gives up';
  });
};
const times = (count: number, ending: Ending) => Array.from({ length: count }, () => ending);

describe('a subscription that ended', () => {
  test('by a burst resumes at once, and is no failure', () => {
    expect(pausesOf(times(20, { why: 'burst', progressed: true }), () => 1)).toEqual(new Array(20).fill(0));
  });

  test('by a burst without an event waits, so that it cannot loop', () => {
    expect(pausesOf([{ why: 'burst', progressed: false }], () => 1)).toEqual([100]);
  });

  test.each(['clean', 'silent', 'away', 'moved'] as const)('%s waits longer each time, and never gives up', (why) => {
    const pauses = pausesOf(times(40, { why, progressed: false }), () => 1);
    expect(pauses.slice(0, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(pauses.at(-1)).toBe(1_000);
  });

  test('waits for a time that differs between processes', () => {
    expect(pausesOf([{ why: 'away', progressed: false }], () => 0)).toEqual([50]);
    expect(pausesOf([{ why: 'away', progressed: false }], () => 0.5)).toEqual([75]);
  });

  test('starts again with a short pause after an event arrived', () => {
    const endings = [...times(4, { why: 'away', progressed: false }), { why: 'away', progressed: true } as const];
    expect(pausesOf(endings, () => 1).at(-1)).toBe(100);
  });

  test.each(['denied', 'untrusted'] as const)('%s is not retried', (why) => {
    expect(pausesOf([{ why, progressed: false }], () => 1)).toEqual(['gives up']);
  });

  test('for an unknown reason is tolerated a few times', () => {
    const pauses = pausesOf(times(5, { why: 'odd', progressed: false }), () => 1);
    expect(pauses.indexOf('gives up')).toBe(4);
  });

  test('several times in a row makes the connection itself suspect', () => {
    const supervision = new Supervision(timers, () => 1);
    const due = times(6, { why: 'away', progressed: false }).map((ending) => {
      supervision.after(ending);
      return supervision.renewDue;
    });
    expect(due).toEqual([false, false, true, false, false, true]);
  });
});
