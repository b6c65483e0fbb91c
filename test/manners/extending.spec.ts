import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const RECIPES = readFileSync(join(ROOT, 'docs', 'extending.md'), 'utf8');

/** Files and folders of the samples, which a reader creates. */
const MADE = /shoot|folder|sample|noting|AssetNoted|ShootPlanned|<Type>/i;

const named = [...new Set([...RECIPES.matchAll(/`((?:src|projections|test|docs)\/[^`]+|[\w-]+\.(?:md|graphql))`/g)])]
  .map(([, path]) => path!)
  .filter((path) => !MADE.test(path));

test('the recipes name existing files', () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('each recipe edits as many files as its row of the table says, and no more than its limit', () => {
  const rows = [...RECIPES.matchAll(/^\| [A-Z][^|]+ \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1).map(Number));
  const lists = RECIPES.split(/^Existing files[^\n]*:\n\n/m).slice(1);
  const edited = lists.map((list) => list.split(/\n\n(?!\d)/)[0]!.match(/^\d+\. /gm)!.length);
  expect(edited).toEqual(rows.map(([count]) => count));
  for (const [count, limit] of rows) expect(count).toBeLessThanOrEqual(limit!);
});
