import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { derived } from './derived';

const schema = readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8');

it('has what follows from the domain as `npm run schema` writes it', () => {
  expect(derived(schema)).toBe(schema);
});

it('gets the values and words of the domain back, and keeps descriptions that only the schema has', () => {
  const worn = schema
    .replace('"An asset came into being, still without content."\n  AssetRegistered', 'AssetRegistered')
    .replace(/ {2}"[^"]*"\n {2}ASSET_EXISTS\n/, '')
    .replace(/^"[^"\n]*"\ntype AssetRetired /m, '"It is gone."\ntype AssetRetired ')
    .replace('enum AssetKind {', 'enum AssetKind {\n  "No kind at all."\n  NOTHING');
  expect(worn).not.toBe(schema);
  expect(derived(worn)).toBe(schema);
});

it('says which place of the schema is missing', () => {
  expect(() => derived(schema.replace('enum RefusalCode', 'enum Refusal'))).toThrow('no place for enum RefusalCode');
});
