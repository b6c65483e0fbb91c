import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from './errors';
import * as limits from './limits';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const [, table = ''] = README.split('The limits of one request');
const rows = table
  .split('\n\n')[1]!
  .split('\n')
  .slice(2)
  .map((row) => row.split('|').map((cell) => cell.trim()));

/** The first number of a cell: `1,048,576 bytes` is 1048576. */
const numberIn = (cell: string | undefined): number => Number((cell ?? '').split(' ')[0]?.replaceAll(',', ''));

it('the README states the actual limits, each with an existing error code', () => {
  const {
    BODY_LIMIT,
    MAX_TOKENS,
    MAX_BRACKETS,
    MAX_SELECTIONS,
    MAX_PAIRS,
    MAX_GIVEN,
    MAX_DEPTH,
    MAX_COST,
    MAX_ROWS,
    MAX_ANSWER,
  } = limits;
  expect(rows.map(([, , most]) => numberIn(most))).toEqual([
    BODY_LIMIT,
    MAX_TOKENS,
    MAX_BRACKETS,
    MAX_SELECTIONS,
    MAX_PAIRS,
    MAX_GIVEN,
    MAX_DEPTH,
    MAX_COST,
    MAX_ROWS,
    MAX_ANSWER,
  ]);
  for (const [, , , refused = ''] of rows) expect(Object.keys(ERRORS)).toContain(/`(\w+)`/.exec(refused)?.[1]);
});
