import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLInterfaceType, type GraphQLObjectType, getNamedType, isInterfaceType } from 'graphql';
import { ENGINES } from '../support/engines';
import { asRow, selectionFor } from './asked';
import { govern } from './governed';
import { type House, openFilled, type Row } from './house';

jest.setTimeout(300_000);

const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const fields = schema.getQueryType()!.getFields();

/** Each list, and the parts of its GraphQL objects that an export leaves out. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  actors: [],
  approvals: ['subject', 'source'],
  archive: ['subject', 'source'],
  assetHistory: ['subject', 'source'],
  assets: [
    ...['computedAt', 'versions', 'version', 'approvals', 'placements', 'history'],
    ...['components', 'licences', 'usedIn', 'waivers'],
  ],
  campaigns: ['computedAt', 'history', 'placements', 'contents'],
  changesBetween: [],
  durations: [],
  findings: [],
  history: ['subject', 'source'],
  licences: ['assets', 'computedAt', 'history'],
  lineage: [],
  obligations: [],
  placements: ['source', 'endSource', 'authorisation'],
  recalls: ['computedAt', 'history', 'placements'],
  reviews: ['computedAt'],
  signals: [],
  waivers: [],
  workflows: ['computedAt', 'history'],
};

/** Parameters of an export, and the same as arguments of GraphQL. */
const QUESTIONS: readonly (readonly [list: string, parameters: string, given: string])[] = [
  ['actors', '', ''],
  ['actors', 'nameMatches=a', 'nameMatches: "a"'],
  ['approvals', '', ''],
  ['approvals', 'filter.kindIn=DECISION&filter.live=true', 'filter: { kindIn: [DECISION], live: true }'],
  ['archive', '', ''],
  ['archive', 'filter={"kindIn":["VERSION","ASSET"]}', 'filter: { kindIn: [VERSION, ASSET] }'],
  ['assetHistory', 'assetId=$asset', 'assetId: "$asset"'],
  ['assets', '', ''],
  [
    'assets',
    'filter.includeRetired=true&orderBy.by=TITLE&orderBy.direction=ASC',
    'filter: { includeRetired: true }, orderBy: { by: TITLE, direction: ASC }',
  ],
  [
    'assets',
    'filter.statusIn=APPROVED&filter.statusIn=DRAFT&filter.registered.from=2025-03-01T00:00:00Z',
    'filter: { statusIn: [APPROVED, DRAFT], registered: { from: "2025-03-01T00:00:00Z" } }',
  ],
  [
    'changesBetween',
    'from.occurredAt=2025-03-01T00:00:00Z&to.occurredAt=2025-06-01T00:00:00Z',
    'from: { occurredAt: "2025-03-01T00:00:00Z" }, to: { occurredAt: "2025-06-01T00:00:00Z" }',
  ],
  ['campaigns', '', ''],
  ['durations', 'step=VERSION_TO_APPROVAL&by=MONTH&by=KIND', 'step: VERSION_TO_APPROVAL, by: [MONTH, KIND]'],
  [
    'durations',
    'step=REQUEST_TO_DECISION&by=ROLE&filter.began.from=2025-03-01&orderBy.by=P90',
    'step: REQUEST_TO_DECISION, by: [ROLE], filter: { began: { from: "2025-03-01" } }, orderBy: { by: P90 }',
  ],
  ['findings', '', ''],
  ['history', '', ''],
  [
    'history',
    'filter.typeIn=["VersionAdded"]&orderBy={"by":"RECORDED"}',
    'filter: { typeIn: [VersionAdded] }, orderBy: { by: RECORDED }',
  ],
  ['licences', '', ''],
  ['lineage', '', ''],
  ['obligations', '', ''],
  ['placements', '', ''],
  ['placements', 'filter.running=false', 'filter: { running: false }'],
  ['recalls', '', ''],
  ['reviews', '', ''],
  ['signals', 'family=CREATION&by=KIND&by=TOOL', 'family: CREATION, by: [KIND, TOOL]'],
  ['signals', 'family=APPROVAL', 'family: APPROVAL'],
  [
    'signals',
    'family=CAMPAIGN_USE&by=MONTH&by=CHANNEL&by=CAMPAIGN&by=BRAND&orderBy.by=COUNT&having.minCount=1',
    'family: CAMPAIGN_USE, by: [MONTH, CHANNEL, CAMPAIGN, BRAND], orderBy: { by: COUNT }, having: { minCount: 1 }',
  ],
  ['waivers', '', ''],
  ['workflows', '', ''],
];

const MOMENTS = [
  ['now', '', ''],
  ['as of an instant of recording', 'at.recordedAt=2025-06-01T00:00:00Z', 'at: { recordedAt: "2025-06-01T00:00:00Z" }'],
  ['as of when it was so', 'at={"occurredAt":"2025-06-01T00:00:00Z"}', 'at: { occurredAt: "2025-06-01T00:00:00Z" }'],
] as const;

/** All pages of a list as GraphQL answers it. */
async function paged(house: House, list: string, given: string, selected: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null; ; ) {
    const args = ['first: 5', 'after: $after', given].filter((each) => each !== '').join(', ');
    const query = `query ($after: String) { ${list}(${args}) { nodes { ${selected} } pageInfo { endCursor hasNextPage } } }`;
    const { data, errors } = await house.ask(query, { after });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const page = data[list] as unknown as { nodes: Row[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    rows.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return rows;
    after = page.pageInfo.endCursor;
  }
}

const nodesOf = (list: string): GraphQLObjectType | GraphQLInterfaceType => {
  const connection = getNamedType(fields[list]!.type) as GraphQLObjectType;
  return getNamedType(connection.getFields().nodes!.type) as GraphQLObjectType | GraphQLInterfaceType;
};

/** Objects of the past have ids of their own in GraphQL; rows have the plain ones. */
const plain = (rows: readonly Row[]): unknown =>
  JSON.parse(JSON.stringify(rows).replaceAll(/(-[0-9a-f]{12}(\.\d+)?|-\d{20})@[ro]\d{4}-[^"]+/g, '$1'));

test('every list of GraphQL is exported', () => {
  const lists = Object.values(fields).filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
  expect(lists.map(({ name }) => name).sort()).toEqual(Object.keys(LEFT_OUT));
  expect([...new Set(QUESTIONS.map(([list]) => list))].sort()).toEqual(Object.keys(LEFT_OUT));
});

describe.each(ENGINES)('an export from %s', (engine) => {
  let house: House;
  let asset: string;
  beforeAll(async () => {
    house = await openFilled(engine);
    await govern(house);
    const { rows } = await house.rows('history.ndjson?filter.typeIn=ApprovalLapsed');
    asset = rows[0]!.subjectId as string;
  });
  afterAll(() => house.close());

  describe.each(MOMENTS)('%s', (_name, parameters, moment) => {
    // Names have no past, so that nothing can be matched with them as of a moment.
    const possible = QUESTIONS.filter(([, asked]) => parameters === '' || !asked.includes('nameMatches'));
    test.each(possible)('equals the pages of the list %s(%s) in GraphQL', async (list, asked, given) => {
      const isPresent = !fields[list]!.args.some(({ name }) => name === 'at');
      const all = [asked.replace('$asset', asset), isPresent ? '' : parameters].filter((each) => each !== '');
      const { rows, end } = await house.rows(`${list}.ndjson?${all.join('&')}`);
      const columns = rows.length === 0 ? [] : Object.keys(rows[0]!);
      const selected = selectionFor(schema, nodesOf(list), columns, rows);
      const args = [given.replace('$asset', asset), isPresent ? '' : moment].filter((each) => each !== '').join(', ');
      const nodes = await paged(house, list, args, selected);
      expect(plain(rows)).toEqual(plain(nodes.map((node) => asRow(columns, node))));
      expect(end).toEqual({ position: await house.app.store.head(), rows: nodes.length, cursor: end.cursor });
    });
  });

  test.each(Object.entries(LEFT_OUT))('of %s leaves out nothing but %j', async (list, leftOut) => {
    const { rows } = await house.rows(`${list}.ndjson?${questionOf(list).replace('$asset', asset)}`);
    const type = nodesOf(list);
    const names = new Set(Object.keys(type.getFields()));
    // The other data of a history entry are in the export of events.
    if (isInterfaceType(type) && type.name !== 'HistoryEntry') {
      for (const each of schema.getPossibleTypes(type)) for (const name in each.getFields()) names.add(name);
    }
    const missing = [...names].filter((name) => !(name in rows[0]!));
    expect(missing.sort()).toEqual([...leftOut].sort());
  });

  test('of the events is the log, lifted to the current schema versions', async () => {
    const { rows, end } = await house.rows('events.ndjson');
    const log: unknown[] = [];
    for await (const page of house.app.store.readAll()) log.push(...page);
    expect(rows).toEqual(JSON.parse(JSON.stringify(log)));
    expect(end.rows).toBe(log.length);
  });

  test('of some events has those of the history', async () => {
    const question = `filter.assetId=${asset}&at.recordedAt=2025-12-01T00:00:00Z`;
    const { rows } = await house.rows(`events.ndjson?${question}`);
    const told = await house.rows(`history.ndjson?${question}&orderBy.by=RECORDED`);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(({ position }) => position)).toEqual(told.rows.map(({ position }) => position));
  });
});

const questionOf = (list: string): string => QUESTIONS.find(([named]) => named === list)![1];
