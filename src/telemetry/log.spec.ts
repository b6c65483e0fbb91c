import { Unavailable } from '../store/store';
import { createLog } from './log';

const START = Date.parse('2026-06-01T12:00:00.000Z');

function written(json: boolean) {
  const lines: string[] = [];
  let now = START;
  const log = createLog({ json, write: (line) => lines.push(line), clock: () => now });
  const later = (milliseconds: number) => {
    now += milliseconds;
  };
  return { log, lines, later };
}

describe('the log', () => {
  test('is one JSON object per line for a collector', () => {
    const { log, lines } = written(true);
    log.info('serving', { url: 'http://127.0.0.1:4000/graphql' });
    log.fault(new Unavailable('the disk is full\nreally'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time: '2026-06-01T12:00:00.000Z', level: 'info', message: 'serving', url: 'http://127.0.0.1:4000/graphql' },
      { time: '2026-06-01T12:00:00.000Z', level: 'error', message: 'the disk is full\nreally', fault: 'Unavailable' },
    ]);
    for (const line of lines) expect(line).not.toContain('\n');
  });

  test('is a sentence for a person', () => {
    const { log, lines } = written(false);
    log.info('catching up', { done: 3, total: 7 });
    log.warn('the clock was set back');
    log.fault(new Unavailable('the disk is full'));
    expect(lines).toEqual(['catching up (done 3, total 7)', 'warn: the clock was set back', 'error: the disk is full']);
  });

  test.each([true, false])(
    'lets no logged text pass for a line of its own or reach a terminal unescaped (JSON %s)',
    (json) => {
      const { log, lines } = written(json);
      const evil = 'x\nerror: all is well\r\u001b]0;owned\u0007\u009b2J\u202e';
      log.info(evil, { url: evil });
      log.fault(new Unavailable(evil));
      log.fault(new TypeError(evil));
      for (const line of lines) {
        expect(line).not.toMatch(/(?![\n])[\p{Cc}\u202e]/u);
        const [, ...more] = line.split('\n');
        for (const each of more) expect(each).toMatch(/^\s+at /);
      }
      if (json) expect(JSON.parse(lines[0]!)).toMatchObject({ message: evil, url: evil });
    },
  );

  test('shows where an unexpected fault occurred', () => {
    const { log, lines } = written(true);
    log.fault(new TypeError('x is not a function'));
    expect(JSON.parse(lines[0]!)).toMatchObject({ fault: 'TypeError', stack: expect.stringContaining('log.spec') });
  });

  test('repeats a lasting fault occasionally, with the number of occurrences', () => {
    const { log, lines, later } = written(false);
    for (let second = 0; second < 65; second += 1) {
      log.fault(new Unavailable('nobody answers'));
      later(1000);
    }
    expect(lines).toEqual([
      'error: nobody answers',
      'error: nobody answers (repeated 29)',
      'error: nobody answers (repeated 29)',
    ]);
  });
});
