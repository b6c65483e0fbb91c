import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, type EngineName, tablesAt } from '../support/engines';
import { contentOf, digestOf, type House, openHouse } from './house';

jest.setTimeout(180_000);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-inside-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

async function openOn(engine: EngineName): Promise<House> {
  const tables = await tablesAt(engine, directory, engine);
  return openHouse(
    tables.adapter === 'sqlite' ? {} : { PALIMPSEST_TABLES: tables.url, PALIMPSEST_TABLES_SCHEMA: tables.schema },
  );
}

const UNPLANNED = '00000000-0000-4000-8000-000000000404';
/** In the order of their bytes, which is not that of their UTF-16 units. */
const NAMES = ['a', 'b', 'c', 'ｚ', '𝒜'];

/** An asset that has several of everything, and a campaign in which it runs; positions along the way. */
interface Filled {
  readonly asset: string;
  readonly campaign: string;
  /** When the asset had two of everything. */
  readonly early: string;
  readonly position: string;
}

async function fill(house: House): Promise<Filled> {
  const act = async (
    mutation: string,
    input: Record<string, unknown>,
    as: Parameters<House['act']>[0] = 'author:ana',
  ) => {
    const payload = await house.act(as, mutation, input);
    expect(payload.userErrors).toEqual([]);
    return payload;
  };
  const evidence = { kind: 'releaseTag', source: 'r', reference: 'c t' };
  const { asset } = await act('assetRegister', { kind: 'IMAGE', title: 'Poster', content: contentOf('a') });
  const it = { assetId: asset.id };
  const campaigns: string[] = [];
  const round = async (at: number): Promise<string> => {
    const { campaign } = await act('campaignPlan', { name: `Campaign ${9 - at}` });
    campaigns.push(campaign.id);
    await act('assetChangeMetadata', { ...it, set: [{ name: NAMES.at(-1 - at), value: { text: `${at}` } }] });
    await act('assetObserveAlias', { ...it, path: `p/${9 - at}.svg`, evidence });
    await act(
      'assetAttestDecision',
      { ...it, version: 1, decision: 'APPROVE', role: 'brand', evidence: { ...evidence, reference: `c ${at}` } },
      'approver:bob',
    );
    const where = { campaignId: at === 2 ? UNPLANNED : campaign.id, digest: digestOf('f'), channel: 'web', evidence };
    await act('assetObservePlacement', { ...it, ...where });
    const seen = { campaignId: campaigns[0], digest: digestOf('e'), channel: `channel ${at}`, evidence };
    await act('assetObservePlacement', { ...it, ...seen });
    return (await act('assetAddVersion', { ...it, content: contentOf('bcdef'[at]!) })).position;
  };
  await round(0);
  await act('campaignLaunch', { campaignId: campaigns[0] });
  const early = await round(1);
  let position = early;
  await act('campaignEnd', { campaignId: campaigns[0] });
  for (const at of [2, 3, 4]) position = await round(at);
  return { asset: asset.id, campaign: campaigns[0]!, early, position };
}

/** Every list inside an object: what identifies its rows, and the number of rows early and at the end. */
const LISTS: readonly (readonly [field: string, row: string, early: number, all: number])[] = [
  ['asset.metadata', 'name text', 2, 5],
  ['asset.versions', 'id number', 3, 6],
  ['asset.aliases', 'path', 2, 5],
  ['asset.campaigns', 'id name', 2, 4],
  ['asset.approvals', 'id occurredAt', 2, 5],
  ['asset.placements', 'id channel', 4, 10],
  ['asset.history', 'id sentence', 14, 32],
  ['campaign.placements', 'id channel', 3, 6],
  ['campaign.history', 'id sentence', 2, 3],
];

describe.each(ENGINES)('a list inside an object, with tables in %s,', (engine) => {
  let house: House;
  let filled: Filled;
  beforeAll(async () => {
    house = await openOn(engine);
    filled = await fill(house);
  });
  afterAll(() => house.close());

  const ask = (path: string, row: string, variables: Record<string, unknown>) => {
    const [object, field] = path.split('.') as ['asset' | 'campaign', string];
    const query = `query ($id: ID!, $at: PointInTime, $waitFor: Position, $first: Int, $after: String) {
      ${object}(id: $id, at: $at, waitFor: $waitFor) { list: ${field}(first: $first, after: $after) {
        totalCount computedAt nodes { ${row} } edges { cursor node { ${row} } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    const { position, ...ids } = filled;
    return house.ask('analyst', query, { id: ids[object], waitFor: position, ...variables });
  };
  const page = async (path: string, row: string, variables: Record<string, unknown>) => {
    const { data, errors } = await ask(path, row, variables);
    expect(errors).toBeUndefined();
    return (data.asset ?? data.campaign).list;
  };

  it.each(LISTS)(
    'has pages that together are the whole list, now and at a past moment: %s',
    async (path, row, early, all) => {
      for (const [at, count] of [
        [undefined, all],
        [{ position: filled.early }, early],
      ] as const) {
        const whole = await page(path, row, { first: 100, at });
        expect(whole).toMatchObject({ totalCount: count, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
        expect(whole.edges.map(({ node }: { node: unknown }) => node)).toEqual(whole.nodes);
        if (at !== undefined) expect(whole.computedAt).toBe(at.position);
        for (const first of [1, 2, 3, count]) {
          const rows: unknown[] = [];
          for (let after: string | undefined, more = true; more; ) {
            const { nodes, pageInfo, totalCount, edges } = await page(path, row, { first, at, after });
            expect(pageInfo.hasPreviousPage).toBe(after !== undefined);
            expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0].cursor, edges.at(-1).cursor]);
            expect(totalCount).toBe(count);
            rows.push(...nodes);
            [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
          }
          expect(rows).toEqual(whole.nodes);
          expect(rows).toHaveLength(count);
        }
      }
    },
  );

  it.each(LISTS)('has 20 rows by default, and 1 to 100 on request: %s', async (path, row, _early, all) => {
    expect((await page(path, row, {})).nodes).toHaveLength(Math.min(20, all));
    for (const first of [0, -1, 101]) {
      const { errors } = await ask(path, row, { first });
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: ['first'] });
    }
  });

  it.each(LISTS)('refuses text that is no cursor of this list: %s', async (path, row) => {
    const other = path === 'asset.versions' ? 'asset.metadata' : 'asset.versions';
    const { pageInfo } = await page(other, '__typename', { first: 1 });
    for (const after of ['nonsense', '', pageInfo.endCursor]) {
      const { errors } = await ask(path, row, { after });
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: ['after'] });
    }
  });

  it('is in the order that the schema states', async () => {
    const of = async (path: string, name: string) =>
      (await page(path, name, { first: 100 })).nodes.map((row: Record<string, unknown>) => row[name]);
    expect(await of('asset.metadata', 'name')).toEqual(NAMES);
    expect(await of('asset.versions', 'number')).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await of('asset.aliases', 'path')).toEqual([5, 6, 7, 8, 9].map((n) => `p/${n}.svg`));
    // The third one was reported for a campaign that is not planned here.
    expect(await of('asset.campaigns', 'name')).toEqual([9, 8, 6, 5].map((n) => `Campaign ${n}`));
  });

  it('refuses a campaign as a cursor for a moment at which the asset had not run there', async () => {
    const { pageInfo } = await page('asset.campaigns', 'id', { first: 4 });
    const { errors } = await ask('asset.campaigns', 'id', {
      after: pageInfo.endCursor,
      at: { position: filled.early },
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: ['after'] });
  });

  it('has every version with one content, however many assets share it', async () => {
    const made = [];
    for (let at = 0; at < 3; at += 1) {
      const content = contentOf('9');
      made.push(await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: `Twin ${at}`, content }));
    }
    const { position } = await house.act('author:ana', 'assetRetire', { assetId: made[0].asset.id });
    const query = `query ($digest: Digest, $waitFor: Position, $first: Int, $after: String, $at: PointInTime) {
      archive(filter: { digest: $digest }, waitFor: $waitFor, at: $at) { nodes { content {
        holders(first: $first, after: $after) {
          totalCount nodes { version asset { id } } pageInfo { hasNextPage endCursor } } } } } }`;
    const asked = { digest: digestOf('9'), waitFor: position };
    const holders = async (variables: object) =>
      (await house.ask('analyst', query, { ...asked, ...variables })).data.archive.nodes[0].content.holders;
    const all = made.map(({ asset }) => ({ version: 1, asset: { id: asset.id } }));
    all.sort((one, other) => (one.asset.id < other.asset.id ? -1 : 1));
    const first = await holders({ first: 2 });
    expect(first).toMatchObject({ totalCount: 3, nodes: all.slice(0, 2), pageInfo: { hasNextPage: true } });
    const second = await holders({ first: 2, after: first.pageInfo.endCursor });
    expect(second).toMatchObject({ totalCount: 3, nodes: all.slice(2), pageInfo: { hasNextPage: false } });
    await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Late twin', content: contentOf('9') });
    expect(await holders({ at: { position } })).toMatchObject({ totalCount: 3 });
  });

  it('continues after a row that was removed meanwhile, and before one that was added', async () => {
    const { asset, position } = await house.act('author:ana', 'assetRegister', {
      kind: 'COPY',
      title: 'Claim',
      metadata: ['a', 'c', 'e'].map((name) => ({ name, value: { text: name } })),
    });
    const query = `query ($id: ID!, $waitFor: Position, $after: String) { asset(id: $id, waitFor: $waitFor) {
      metadata(first: 2, after: $after) { nodes { name } pageInfo { endCursor } } } }`;
    const first = (await house.ask('analyst', query, { id: asset.id, waitFor: position })).data.asset.metadata;
    expect(first.nodes.map(({ name }: { name: string }) => name)).toEqual(['a', 'c']);
    const changed = await house.act('author:ana', 'assetChangeMetadata', {
      assetId: asset.id,
      set: ['b', 'd'].map((name) => ({ name, value: { text: name } })),
      unset: ['c'],
    });
    const variables = { id: asset.id, waitFor: changed.position, after: first.pageInfo.endCursor };
    const second = (await house.ask('analyst', query, variables)).data.asset.metadata;
    expect(second.nodes.map(({ name }: { name: string }) => name)).toEqual(['d', 'e']);
  });
});
