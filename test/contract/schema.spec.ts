import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derived } from './derived';

const schema = readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8');

it('contains the parts derived from the domain as `npm run schema` writes them', () => {
  expect(derived(schema)).toBe(schema);
});

it('restores the values and descriptions of the domain, and keeps descriptions that only the schema has', () => {
  const worn = schema
    .replace('"An asset came into being, still without content."\n  AssetRegistered', 'AssetRegistered')
    .replace(/ {2}"[^"]*"\n {2}ASSET_EXISTS\n/, '')
    .replace(/^"[^"\n]*"\ntype AssetRetired /m, '"It is gone."\ntype AssetRetired ')
    .replace('enum AssetKind {', 'enum AssetKind {\n  "No kind at all."\n  NOTHING');
  expect(worn).not.toBe(schema);
  expect(derived(worn)).toBe(schema);
});

it('names the missing place in the schema', () => {
  expect(() => derived(schema.replace('enum RefusalCode', 'enum Refusal'))).toThrow('no place for enum RefusalCode');
});
