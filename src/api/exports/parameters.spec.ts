import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { argumentsFrom } from './parameters';

const schema = buildSchema(readFileSync(join(__dirname, '../../../schema.graphql'), 'utf8'));
const read = (list: string, query: string) => {
  const { args } = schema.getQueryType()!.getFields()[list]!;
  return JSON.parse(JSON.stringify(argumentsFrom(schema, list, args, new URLSearchParams(query)))) as object;
};

test.each([
  ['assets', 'filter.statusIn=APPROVED&filter.statusIn=DRAFT', { filter: { statusIn: ['APPROVED', 'DRAFT'] } }],
  ['assets', 'filter.statusIn=["APPROVED"]&filter.statusIn=DRAFT', { filter: { statusIn: ['APPROVED', 'DRAFT'] } }],
  ['assets', 'filter={"tagsAll":["a,b"]}', { filter: { tagsAll: ['a,b'] } }],
  ['assets', 'filter.includeRetired=true', { filter: { includeRetired: true } }],
  ['assets', 'filter.metadata={"name":"path"}', { filter: { metadata: [{ name: 'path' }] } }],
  [
    'assets',
    'filter.registered.from=2025-01-01T00:00:00Z',
    { filter: { registered: { from: '2025-01-01T00:00:00Z' } } },
  ],
  ['assets', 'filter.titleMatches=[x]', { filter: { titleMatches: '[x]' } }],
  ['assets', 'orderBy.by=TITLE', { orderBy: { by: 'TITLE', direction: 'DESC' } }],
  ['approvals', 'filter.version=2&filter.assetId=a', { filter: { assetId: 'a', version: 2 } }],
  ['signals', 'family=CREATION&by=KIND&by=TOOL', { family: 'CREATION', by: ['KIND', 'TOOL'] }],
  ['signals', 'family=CREATION', { family: 'CREATION', by: ['DAY'] }],
])('%s?%s is parsed to its arguments', (list, query, expected) => {
  expect(read(list, query)).toEqual({ first: 20, ...expected });
});

test.each([
  ['assets', 'status=DRAFT', 'assets takes no "status"; it takes columns, filter, orderBy'],
  ['assets', 'filter.statusIs=DRAFT', 'Field "statusIs" is not defined by type "AssetFilter". Did you mean "statusIn"'],
  ['assets', 'filter.statusIn=GOOD', 'Value "GOOD" does not exist in "AssetStatus" enum'],
  ['assets', 'filter.tool.day=1', 'String cannot represent a non string value'],
  ['assets', 'filter.includeRetired=yes', 'Boolean cannot represent a non boolean value: "yes"'],
  ['assets', 'filter={"statusIn":', 'filter must be JSON'],
  ['assets', 'filter=[]', '"AssetFilter" to be an object'],
  ['assets', 'filter.tool=a&filter.tool=b', 'filter.tool is given twice'],
  ['assets', 'filter={"tool":"a"}&filter.market=b', 'filter is given twice'],
  ['assets', 'filter.market=b&filter={"tool":"a"}', 'filter is given twice'],
  ['assets', 'filter.__proto__.tool=a', 'Field "__proto__" is not defined'],
  ['assets', 'at.position=1&at.recordedAt=2025-01-01T00:00:00Z', 'Exactly one key must be specified'],
  ['approvals', 'filter.version=two', 'Int cannot represent non-integer value: "two"'],
  ['signals', '', 'Variable "$family" of required type "SignalFamily!" was not provided'],
])('%s?%s is refused: %s', (list, query, message) => {
  expect(() => read(list, query)).toThrow(message);
});
