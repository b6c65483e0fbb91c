import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseYaml, readYaml } from './yamlfile';

const text = ['name: Four eyes', 'stages:', '  - id: one', '    pats: []', '  - id: two', ''].join('\n');

it('says line and column of a word, also of an unknown one', () => {
  const { located } = parseYaml(text, 'flow.yaml');
  expect(located({ steps: ['stages', '0', 'pats'], reason: 'is unknown' })).toBe(
    'flow.yaml:4:5: stages.0.pats: is unknown',
  );
  expect(located({ steps: ['stages', '1', 'id'], reason: 'is taken' })).toBe('flow.yaml:5:5: stages.1.id: is taken');
});

it('says where something missing belongs', () => {
  const { located } = parseYaml(text, 'flow.yaml');
  expect(located({ steps: ['stages', '1', 'paths'], reason: 'is missing' })).toBe(
    'flow.yaml:5:5: stages.1.paths: is missing',
  );
  expect(located({ steps: [], reason: 'must be an object' })).toBe('flow.yaml:1:1: the file: must be an object');
});

it('refuses what is no YAML, with its place, and a file that is not there', () => {
  expect(() => parseYaml('a: [1, 2\nb: 3', 'flow.yaml')).toThrow(/^flow\.yaml:\d+:\d+: /);
  expect(() => readYaml('nowhere.yaml')).toThrow(/nowhere\.yaml cannot be read/);
  const file = join(mkdtempSync(join(tmpdir(), 'palimpsest-yaml-')), 'a.yaml');
  writeFileSync(file, 'a: 1\n');
  expect(readYaml(file).value).toEqual({ a: 1 });
});
