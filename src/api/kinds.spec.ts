import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLInterfaceType, type OperationDefinitionNode, parse } from 'graphql';
import { EVENT_TYPES } from '../domain/catalogue';
import { MOST_COMPILED } from './compiled';
import { Kinds } from './kinds';

const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const entry = schema.getType('HistoryEntry') as GraphQLInterfaceType;
const node = schema.getType('Node') as GraphQLInterfaceType;

function kindsOf(query: string) {
  const document = parse(query);
  const kinds = new Kinds(schema, document);
  const size = kinds.size(document.definitions[0] as OperationDefinitionNode, MOST_COMPILED);
  return { kinds, size, entries: kinds.schema.getPossibleTypes(entry).map(({ name }) => name) };
}

describe('the types of an interface, as a document distinguishes them', () => {
  it('are one kind if the document treats all alike', () => {
    const { kinds, entries, size } = kindsOf('{ history { nodes { id sentence subject { id } } } }');
    expect(entries).toHaveLength(1);
    for (const type of EVENT_TYPES) expect(kinds.standIn(entry, type)).toBe(entries[0]);
    expect(size).toBe(6);
  });

  it('are one kind each if the document names them, and one kind for the rest', () => {
    const query =
      '{ history { nodes { id ... on VersionAdded { digest } ...f } } } fragment f on AssetRetired { reason }';
    const { kinds, entries, size } = kindsOf(query);
    expect(entries).toHaveLength(3);
    expect([kinds.standIn(entry, 'VersionAdded'), kinds.standIn(entry, 'AssetRetired')]).toEqual([
      'VersionAdded',
      'AssetRetired',
    ]);
    expect(kinds.standIn(entry, 'CampaignEnded')).toBe(entries.find((name) => !/VersionAdded|AssetRetired/.test(name)));
    expect(size).toBe(2 + 3 + 2);
  });

  it('are kept apart by an interface that only some of them implement', () => {
    const { kinds } = kindsOf('{ node(id: "x") { id ... on HistoryEntry { sentence } } }');
    expect(kinds.standIn(node, 'AssetRetired')).toBe(kinds.standIn(node, 'CampaignEnded'));
    expect(kinds.standIn(node, 'Asset')).toBe(kinds.standIn(node, 'Campaign'));
    expect(kinds.standIn(node, 'Asset')).not.toBe(kinds.standIn(node, 'AssetRetired'));
  });

  it('are kept apart if they have different resolvers', () => {
    const other = buildSchema(
      'interface I { a: Int } type X implements I { a: Int } type Y implements I { a: Int } type Query { i: I }',
    );
    const of = other.getType('I') as GraphQLInterfaceType;
    const document = parse('{ i { a } }');
    expect(new Kinds(other, document).schema.getPossibleTypes(of)).toHaveLength(1);
    other.getPossibleTypes(of)[0]!.getFields().a!.resolve = () => 1;
    expect(new Kinds(other, document).schema.getPossibleTypes(of)).toHaveLength(2);
  });
});

it('counts the expanded selections of a document, and stops beyond the limit', () => {
  const all = EVENT_TYPES.map((type) => `... on ${type} { id position sentence }`).join(' ');
  const nested = (depth: number): string =>
    `history(first: 1) { nodes { ${all} ${depth === 0 ? '' : `subject { ... on Asset { ${nested(depth - 1)} } }`} } }`;
  const query = `{ asset(id: "x") { ${nested(3)} } }`;
  const began = process.cpuUsage();
  expect(kindsOf(query).size).toBeGreaterThan(MOST_COMPILED);
  expect(process.cpuUsage(began).user).toBeLessThan(500_000);
});
