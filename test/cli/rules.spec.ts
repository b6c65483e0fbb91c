import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directories, json, palimpsest } from './palimpsest';

jest.setTimeout(120_000);

interface Told {
  readonly diagram: string;
  readonly difference: readonly string[];
  readonly workflows: readonly object[];
}

const places = directories();
const data = places.fresh();
const file = (name: string, text: string): string => {
  const path = join(places.fresh(), name);
  writeFileSync(path, text);
  return path;
};

afterAll(() => places.remove());

it('prints a workflow that comes with the program as a file, and defines it from there', async () => {
  const { stdout } = await palimpsest(['workflow', 'show', 'brand-legal-market']);
  expect(stdout).toContain('# flowchart LR');
  const own = file('brand.yaml', stdout);
  const defined = await json<Told>(['workflow', 'apply', own, '--actor', 'maria', '--data', data]);
  expect(defined).toMatchObject({ outcome: 'defined', version: 1, changed: true, running: [] });
  expect(defined.diagram).toContain('subgraph stage3["3. Market, within 2 working days, then over"]');
  expect(await json<Told>(['workflow', 'apply', own, '--actor', 'maria', '--data', data])).toMatchObject({
    outcome: 'unchanged',
    changed: false,
  });
  const changed = file('changed.yaml', stdout.replace('quorum: 2', 'quorum: 1'));
  const tried = await json<Told>(['workflow', 'try', changed, '--data', data]);
  expect(tried).toMatchObject({ outcome: 'tried', version: 2, changed: true });
  expect(tried.difference.filter((line: string) => /^[+-]/.test(line))).toEqual([
    '-         quorum: 2',
    '+         quorum: 1',
  ]);
  expect((await json<Told>(['workflow', 'show', '--data', data])).workflows).toMatchObject([
    { version: 1, running: 0 },
  ]);
});

it('refuses a file with an unknown word, and names its line and column', async () => {
  const wrong = file('wrong.yaml', 'name: Mine\nstages:\n  - id: one\n    pats: []\n    paths: []\n');
  const { code, stderr } = await palimpsest(['workflow', 'apply', wrong, '--actor', 'maria', '--data', data]);
  expect(code).toBe(2);
  expect(stderr).toContain('wrong.yaml:4:5: stages.0.pats: is an unknown word');
});

it('lays down a rulebook that calls workflows by their names, and refuses one that leaves a choice', async () => {
  const entries = '  - scope: { kind: image }\n    workflow: Brand, legal, market\n';
  const tied = file(
    'tied.yaml',
    `entries:\n${entries}  - scope: { brand: Alma }\n    workflow: Brand, legal, market\n`,
  );
  const refused = await palimpsest(['rulebook', 'try', tied, '--data', data]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('tied.yaml:4:5: entries.1.scope: ')]);
  const unknown = file('unknown.yaml', 'entries:\n  - scope: {}\n    workflow: Nowhere\n');
  const missing = await palimpsest(['rulebook', 'apply', unknown, '--actor', 'maria', '--data', data]);
  expect(missing.stderr).toContain('unknown.yaml:3:5: entries.0.workflow: there is no workflow "Nowhere"');
  const good = file('good.yaml', `entries:\n${entries}editors: [maria]\n`);
  const laid = await json<Told>(['rulebook', 'apply', good, '--actor', 'maria', '--data', data]);
  expect(laid).toMatchObject({ outcome: 'laid down', changed: true, affected: [] });
  expect(await json<Told>(['rulebook', 'show', '--data', data])).toMatchObject({ number: 1, editors: ['maria'] });
  const barred = await palimpsest(['workflow', 'apply', 'four-eyes', '--actor', 'ben', '--data', data]);
  expect([barred.code, barred.stderr]).toEqual([2, expect.stringContaining('Only the editors')]);
});
