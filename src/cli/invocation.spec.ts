import { typed } from './invocation';

const CHECKOUT = '/srv/palimpsest/run.cjs';
const INSTALLED = '/usr/local/bin/palimpsest';

it.each([
  ['Run `palimpsest doctor`.', 'Run `npm run -s palimpsest -- doctor`.'],
  ['  $ palimpsest import git ../icons', '  $ npm run -s palimpsest -- import git ../icons'],
  ['"Bearer $(palimpsest token --role analyst)"', '"Bearer $(npm run -s palimpsest -- token --role analyst)"'],
  ['HOST=0.0.0.0 palimpsest serve', 'HOST=0.0.0.0 npm run -s palimpsest -- serve'],
  ['Usage: palimpsest [options] [command]', 'Usage: npm run -s palimpsest -- [options] [command]'],
])('prints %s in a checkout as it is typed there', (text, expected) => {
  expect(typed(text, CHECKOUT)).toBe(expected);
  expect(typed(text, INSTALLED)).toBe(text);
});

it.each(['/var/lib/palimpsest data', 'postgres://palimpsest@db palimpsest-tables', 'the schema palimpsest'])(
  'leaves text that is not a command unchanged: %s',
  (text) => {
    expect(typed(text, CHECKOUT)).toBe(text);
  },
);
