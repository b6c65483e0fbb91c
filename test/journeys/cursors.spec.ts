import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { unseenIn } from '../../src/domain/characters';
import { sortKey } from '../../src/domain/collation';
import { ENGINES, type EngineName, tablesAt } from '../support/engines';
import { contentOf, type House, openHouse } from './house';

jest.setTimeout(180_000);

const HAN = Array.from({ length: 500 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('');
/** Titles of the maximum length, and those whose cursors are longest. */
const LONGEST = [
  HAN,
  HAN.slice(0, 499),
  '🎨'.repeat(250),
  '𠀀'.repeat(250),
  '"'.repeat(500),
  '\\'.repeat(500),
  'A'.repeat(500),
  'Ä'.repeat(500),
  '\ufdfa'.repeat(500),
  'ㄱ'.repeat(500),
  '9'.repeat(500),
];
const ORDINARY = ['icon10', 'icon2', 'Icon2', 'Ärger', 'arm', 'Zebra', 'Öl', ' - ', '促销'];
const random = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 120 })
  .filter((title) => unseenIn(title, 'line') === undefined && title.trim() !== '' && !title.includes('\ufffd'));
const TITLES = [...LONGEST, ...ORDINARY, ...fc.sample(random, { numRuns: 12, seed: 11 })];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-cursors-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function openOn(engine: EngineName): Promise<House> {
  const tables = await tablesAt(engine, directory, engine);
  return openHouse(
    tables.adapter === 'sqlite' ? {} : { PALIMPSEST_TABLES: tables.url, PALIMPSEST_TABLES_SCHEMA: tables.schema },
  );
}

/** An asset and a campaign per title, each with something in every list; returns the last position. */
async function fill(house: House): Promise<string> {
  let last = '';
  const act = async (mutation: string, input: Record<string, unknown>) => {
    const payload = await house.act('author:ana', mutation, input);
    expect(payload.userErrors).toEqual([]);
    last = payload.position;
    return payload;
  };
  const evidence = { kind: 'releaseTag', source: 'r', reference: 'c t' };
  for (const [at, title] of TITLES.entries()) {
    const { campaign } = await act('campaignPlan', { name: title });
    const content = contentOf('abcdef'[at % 6]!);
    const { asset } = await act('assetRegister', { kind: 'IMAGE', title, content });
    const input = { assetId: asset.id };
    await act('assetObservePlacement', { ...input, campaignId: campaign.id, version: 1, channel: 'web', evidence });
    await act('assetAttestDecision', { ...input, version: 1, decision: 'APPROVE', role: 'brand', evidence });
    await act('assetRetire', input);
  }
  return last;
}

/** Every list in every order: its field, and what identifies its rows. */
const LISTS: readonly (readonly [name: string, field: string, row: string])[] = [
  ...['REGISTERED', 'CHANGED', 'TITLE'].flatMap((by) =>
    ['ASC', 'DESC'].map(
      (direction) =>
        [
          `assets by ${by} ${direction}`,
          `assets(filter: { includeRetired: true }, orderBy: { by: ${by}, direction: ${direction} }`,
          'id title',
        ] as const,
    ),
  ),
  ['campaigns', 'campaigns(', 'id name'],
  ...['RECORDED', 'OCCURRED'].flatMap((by) =>
    ['ASC', 'DESC'].map(
      (direction) =>
        [`history by ${by} ${direction}`, `history(orderBy: { by: ${by}, direction: ${direction} }`, 'id'] as const,
    ),
  ),
  ['approvals', 'approvals(', 'id'],
  ['placements', 'placements(', 'id'],
  ['archive', 'archive(', 'position since'],
  ['signals', 'signals(family: CREATION, by: [DAY, KIND, ACTOR]', 'day kind count'],
];

describe.each(ENGINES)('every cursor from the server, with tables in %s,', (engine) => {
  let house: House;
  let position: string;
  beforeAll(async () => {
    house = await openOn(engine);
    position = await fill(house);
  });
  afterAll(() => house.close());

  const page = async (field: string, row: string, first: number, after?: string) => {
    const query = `query ($waitFor: Position, $after: String) { list: ${field} first: ${first}, waitFor: $waitFor, after: $after) {
      nodes { ${row} } pageInfo { hasNextPage endCursor } totalCount } }`;
    const { data, errors } = await house.ask('analyst', query, { waitFor: position, after });
    expect(errors).toBeUndefined();
    return data.list as { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number };
  };

  it.each(LISTS)(
    'is accepted, leads to the next row, and comes with the total count: %s',
    async (_name, field, row) => {
      const whole = await page(field, row, 100);
      expect(whole.totalCount).toBeGreaterThan(0);
      const rows: object[] = [];
      for (let after: string | undefined; ; ) {
        const { nodes, pageInfo } = await page(field, row, 1, after);
        rows.push(...nodes);
        after = pageInfo.endCursor;
        if (!pageInfo.hasNextPage || rows.length === 100) break;
      }
      expect(rows).toEqual(whole.nodes);
      if (!whole.pageInfo.hasNextPage) expect(whole.totalCount).toBe(rows.length);
      expect(whole.totalCount).toBeGreaterThanOrEqual(rows.length);
    },
  );

  it('follows the title order that the schema states', async () => {
    const { nodes } = await page(
      'assets(filter: { includeRetired: true }, orderBy: { by: TITLE, direction: ASC }',
      'id title',
      100,
    );
    const keys = (nodes as { title: string }[]).map(({ title }) => Buffer.from(sortKey(title)));
    expect(keys).toEqual([...keys].sort(Buffer.compare));
    const ordinary = (nodes as { title: string }[])
      .map(({ title }) => title)
      .filter((title) => ORDINARY.includes(title));
    expect(ordinary).toEqual([' - ', 'Ärger', 'arm', 'icon2', 'Icon2', 'icon10', 'Öl', 'Zebra', '促销']);
  });
});
