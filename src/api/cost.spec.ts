import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getIntrospectionQuery,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
} from 'graphql';
import { PROJECTIONS } from '../../projections/all';
import { MAX_FIELDS, MAX_PARENTS, MAX_TAGS } from '../domain/asset/parts';
import { MAX_MARKETS } from '../domain/campaign/commands';
import { MOST_DECIDERS } from '../domain/workflow/parts';
import { costliest, measure, type Variables } from './cost';
import { MAX_COST } from './limits';
import { LONGEST_LISTS, PARTS } from './lists';

const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

function measured(query: string) {
  const document = parse(query);
  return measure(schema, document, document.definitions[0] as OperationDefinitionNode);
}

const costOf = (query: string, variables: Variables = {}): number => measured(query).cost(variables);

/** `Type.field` of every list in the schema, with the names of its arguments. */
const lists = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) return [];
  return Object.values(type.getFields())
    .filter((field) => isListType(getNullableType(field.type)))
    .map((field) => ({ of: type.name, name: field.name, args: field.args.map(({ name }) => name) }));
});

describe('the cost of a list', () => {
  it('is bounded for every list: it takes `first`, or has a maximum length', () => {
    const isPage = (of: string, name: string) => of.endsWith('Connection') && ['nodes', 'edges'].includes(name);
    const bounded = lists.filter(({ of, name, args }) => !args.includes('first') && !isPage(of, name));
    // The payloads of all acts have the list of their interface.
    const known = bounded.filter(({ of, name }) => name !== 'userErrors' || of === 'ActPayload');
    expect(known.map(({ of, name }) => `${of}.${name}`).sort()).toEqual(Object.keys(LONGEST_LISTS).sort());
  });

  it('is counted in full if it takes no `first`', () => {
    const asset = 'asset(id: "00000000-0000-4000-8000-000000000000")';
    const of = (field: string) => costOf(`{ ${asset} { ${field} } }`) - costOf(`{ ${asset} { title } }`);
    expect(of('title tags')).toBeCloseTo(MAX_TAGS * 0.1);
    expect(of('title derivedFrom { version }')).toBeCloseTo(MAX_PARENTS * 1.1);
    expect(of('title approval { decidedBy { id } }')).toBeCloseTo(1 + (MOST_DECIDERS + 1) * 0.2);
    expect(of('title metadata(first: 100) { nodes { name list(first: 100) } }')).toBeCloseTo(
      1 + 100 * (0.2 + 100 * 0.1),
    );
    const campaign = 'campaign(id: "00000000-0000-4000-8000-000000000000")';
    expect(costOf(`{ ${campaign} { markets } }`) - costOf(`{ ${campaign} { name } }`)).toBeCloseTo(
      MAX_MARKETS * 0.1 - 0.1,
    );
    expect(LONGEST_LISTS['Head.projections']).toBeGreaterThanOrEqual(PROJECTIONS.length);
    expect(MAX_FIELDS).toBe(200);
  });

  it('is multiplied by the list above it, and by the value of a variable', () => {
    const query = 'query ($n: Int = 5) { assets(first: $n) { nodes { versions(first: 10) { nodes { number } } } } }';
    const one = costOf(query, { n: 1 });
    // The root and the page itself are counted once.
    expect(costOf(query, { n: 100 }) - one).toBeCloseTo(99 * (one - 51));
  });

  it('counts the fields of a page once, and only its rows by its `first`', () => {
    const asked = (first: number, of: string) => costOf(`{ assets(first: ${first}) { ${of} } }`);
    expect(asked(100, 'totalCount computedAt')).toBeCloseTo(50 + 1 + 50 + 0.2);
    expect(asked(100, 'pageInfo { endCursor }')).toBeCloseTo(50 + 1 + 0.2);
    expect(asked(100, 'nodes { id }')).toBeCloseTo(50 + 1 + 100 * 1.1);
    expect(asked(100, 'edges { cursor node { id } }')).toBeCloseTo(50 + 1 + 100 * 2.2);
    expect(asked(10, '...f } } fragment f on AssetConnection { nodes { id ')).toBeCloseTo(50 + 1 + 10 * 1.1);
    const both = 'a: assets(first: 2) { ...f } b: assets(first: 30) { ...f }';
    expect(costOf(`{ ${both} } fragment f on AssetConnection { nodes { id } }`)).toBeCloseTo(2 * 51 + 32 * 1.1);
  });
});

it('counts only parts of other objects as less than an object', () => {
  for (const name of PARTS) {
    const type = schema.getType(name);
    // An actor has an id of its own, but its name is in memory, and each kind is read once for a whole answer.
    const interfaces = name === 'Actor' ? ['Node'] : [];
    expect([name, isObjectType(type) && type.getInterfaces().map(String)]).toEqual([name, interfaces]);
  }
});

it('counts a fragment wherever it is spread', () => {
  const spread = (many: number) =>
    costOf(`{ head { ${Array.from({ length: many }, () => '...f').join(' ')} } } fragment f on Head { position }`);
  expect(spread(9) - spread(4)).toBeCloseTo(0.5);
});

describe('the cost of introspection', () => {
  it('leaves room for tools that read the whole schema', () => {
    const usual = costOf(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true }));
    expect(usual).toBeLessThan(MAX_COST / 2);
    expect(usual).toBeGreaterThan(1_000);
  });

  it('equals the size of the answer', () => {
    const types = Object.keys(schema.getTypeMap()).length;
    const query = (times: number) =>
      `{ ${Array.from({ length: times }, (_, index) => `a${index}: __schema { types { name } }`).join(' ')} }`;
    expect(costOf(query(1))).toBeCloseTo(50 + 0.1 + types * 0.2);
    expect(costOf(query(3))).toBeCloseTo(3 * costOf(query(1)));
    const fields = Object.keys((schema.getType('Asset') as { getFields(): object }).getFields()).length;
    expect(costOf('{ __type(name: "Asset") { fields { name } } }')).toBeCloseTo(50 + 0.1 + fields * 0.2);
    expect(costOf('query ($n: String!) { __type(name: $n) { fields { name } } }', { n: 'Asset' })).toBeCloseTo(
      50 + 0.1 + fields * 0.2,
    );
    expect(costOf('{ __type(name: "Nothing") { fields { name } } }')).toBeCloseTo(50.1);
  });

  it('is counted up to the limit, under however many aliases', () => {
    const many = Array.from({ length: 500 }, (_, index) => `a${index}: __schema { ...f }`).join(' ');
    const fragment = 'fragment f on __Schema { types { fields { name args { name type { name } } type { name } } } }';
    const looked = jest.spyOn(SchemaMetaFieldDef, 'resolve');
    const query = `query ($v: Position) { head(waitFor: $v) { position } ${many} } ${fragment}`;
    expect(costOf(query, { v: '00000000000000000001' })).toBeGreaterThan(MAX_COST);
    expect(looked.mock.calls.length).toBeLessThan(100);
    looked.mockRestore();
  });
});

describe('the cost of an act’s input', () => {
  const acts = (many: number, field: string) =>
    `mutation ($v: ${field === 'tags' ? '[String!]' : '[CampaignFileInput!]!'} = []) { ${Array.from(
      { length: many },
      (_, at) =>
        field === 'tags'
          ? `a${at}: assetChangeMetadata(input: { act: { idempotencyKey: "${at}" }, assetId: "a", tags: $v }) { position }`
          : `a${at}: campaignObserveContents(input: { act: { idempotencyKey: "${at}" }, campaignId: "c", put: $v }) { position }`,
    ).join(' ')} }`;
  const file = (at: number) => ({ path: `icons/${at}.svg`, digest: 'a'.repeat(64) });
  const files = Array.from({ length: 1_000 }, (_, at) => file(at));

  it('counts a variable once for each act that uses it', () => {
    const v = ['x'.repeat(256 * 10)];
    const more = (many: number) => costOf(acts(many, 'tags'), { v }) - costOf(acts(many, 'tags'), { v: [] });
    expect(more(1)).toBeCloseTo(11, 1);
    expect(more(7)).toBeCloseTo(7 * more(1));
    expect(more(150)).toBeGreaterThan(1_400);
  });

  it('leaves room for one report with the maximum number of files, in a body of maximum length', () => {
    const put = files.map((entry) => ({ ...entry, path: entry.path.padStart(850, 'p') }));
    const gone = files.map(({ path }) => path);
    const query = `mutation ($input: CampaignObserveContentsInput!) { campaignObserveContents(input: $input) {
      position revision repeated userErrors { code message path } campaign { id name status } } }`;
    const input = { act: { idempotencyKey: 'k' }, campaignId: 'c', put, gone };
    expect(JSON.stringify(input).length).toBeGreaterThan(950_000);
    expect(costOf(query, { input })).toBeLessThan(MAX_COST);
  });

  it('counts people wherever they occur', () => {
    const content = (contributors: readonly string[]) => ({ input: { content: { contributors } } });
    const query = 'mutation ($input: AssetRegisterInput!) { assetRegister(input: $input) { position } }';
    const people = Array.from({ length: 1_000 }, (_, at) => `p${at}`);
    expect(costOf(query, content(people)) - costOf(query, content([]))).toBeGreaterThan(1_000);
  });

  it('leaves no room for many reports of many files', () => {
    expect(costOf(acts(2, 'put'), { v: files })).toBeLessThan(MAX_COST);
    expect(costOf(acts(3, 'put'), { v: files })).toBeGreaterThan(MAX_COST);
    expect(costOf(acts(12, 'put'), { v: [file(1)] })).toBeGreaterThan(MAX_COST);
  });
});

describe('the most expensive field', () => {
  const named = (query: string) => costliest(measured(query), {}).path.join('.');

  it('is named by its path in the answer, through fragments', () => {
    expect(
      named(
        '{ head { position } all: assets(first: 100) { ...a } } fragment a on AssetConnection { nodes { id history(first: 100) { nodes { sentence id } } } }',
      ),
    ).toBe('all.nodes.history.nodes');
  });

  it('is undefined if no field accounts for most of the cost', () => {
    expect(named('{ a: assets { nodes { id } } b: assets { nodes { id } } c: assets { nodes { id } } }')).toBe('');
  });
});
