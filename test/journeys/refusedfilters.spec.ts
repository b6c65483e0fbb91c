import { type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const metadata = [{ name: 'claim', value: { text: 'Fresh' } }];
  const { position } = await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Claim', metadata });
  await house.ask('analyst', 'query ($waitFor: Position) { head(waitFor: $waitFor) { position } }', {
    waitFor: position,
  });
}, 60_000);
afterAll(() => house.close());

type Filter = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, string>> = {
  assets: 'AssetFilter',
  history: 'HistoryFilter',
  approvals: 'ApprovalFilter',
  placements: 'PlacementFilter',
  archive: 'ArchiveFilter',
  campaigns: 'CampaignFilter',
};

const ask = (filter: Filter | null, list = 'assets') =>
  house.ask('analyst', `query ($filter: ${TYPES[list]}) { ${list}(filter: $filter) { totalCount } }`, { filter });

/** The refusal of a filter: its code, the path of the field, and the message. */
async function refusal(filter: Filter, list = 'assets') {
  const { data, errors } = await ask(filter, list);
  expect(data ?? null).toBeNull();
  return { ...errors?.[0]?.extensions, message: errors?.[0]?.message };
}

const times = <T>(many: number, each: T): readonly T[] => Array.from({ length: many }, () => each);

describe('a filter by alternatives', () => {
  it.each(Object.keys(TYPES))('of %s has 1 to 10 of them', async (list) => {
    for (const many of [0, 11]) {
      expect(await refusal({ anyOf: times(many, {}) }, list)).toEqual({
        code: 'BAD_USER_INPUT',
        argument: ['filter', 'anyOf'],
        message: `filter.anyOf must have 1 to 10 entries, not ${many}.`,
      });
    }
    for (const filter of [{ anyOf: times(10, {}) }, { anyOf: null }, {}, null]) {
      expect((await ask(filter, list)).errors).toBeUndefined();
    }
  });

  it.each(Object.keys(TYPES))('of %s has none within another', async (list) => {
    expect(await refusal({ anyOf: [{}, { anyOf: [{}] }] }, list)).toEqual({
      code: 'BAD_USER_INPUT',
      argument: ['filter', 'anyOf', '1', 'anyOf'],
      message: 'filter.anyOf.1 must not hold anyOf.',
    });
    expect((await ask({ anyOf: [{ anyOf: null }] }, list)).errors).toBeUndefined();
  });

  it.each<[string, string, Filter, string]>([
    ['words without a letter', 'assets', { titleMatches: '!' }, 'titleMatches'],
    ['an id of something else', 'assets', { templateId: 'campaign-1' }, 'templateId'],
    [
      'an id of a past moment',
      'archive',
      { assetId: `asset-${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}@p1` },
      'assetId',
    ],
    ['a name longer than any', 'placements', { channel: 'n'.repeat(1_001) }, 'channel'],
    [
      'more tags than an asset can have',
      'assets',
      { tagsAny: Array.from({ length: 51 }, (_, n) => `t${n}`) },
      'tagsAny',
    ],
    [
      'a window that ends before it begins',
      'placements',
      { ranDuring: { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' } },
      'ranDuring',
    ],
    ['a version of no asset', 'approvals', { version: 1 }, 'version'],
  ])('is refused for %s, with its path', async (_what, list, wrong, field) => {
    expect(await refusal({ anyOf: [{}, wrong] }, list)).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: ['filter', 'anyOf', '1', field],
      message: expect.stringContaining(`filter.anyOf.1.${field}`),
    });
  });

  it('is unknown to signals', async () => {
    const query = '{ signals(family: CREATION, filter: { anyOf: [{}] }) { totalCount } }';
    const { errors } = await house.ask('analyst', query);
    expect(errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });
});

describe('a filter by metadata', () => {
  const claim = { name: 'claim' };

  it('names 1 to 10 fields', async () => {
    for (const many of [0, 11]) {
      expect(await refusal({ metadata: times(many, claim) })).toEqual({
        code: 'BAD_USER_INPUT',
        argument: ['filter', 'metadata'],
        message: `filter.metadata must have 1 to 10 entries, not ${many}.`,
      });
    }
    expect((await ask({ metadata: times(10, claim) })).data.assets.totalCount).toBe(1);
    expect((await ask({ metadata: null })).data.assets.totalCount).toBe(1);
  });

  it('is refused inside an alternative too, with its path', async () => {
    expect(await refusal({ anyOf: [{ metadata: [claim] }, { metadata: [] }] })).toEqual({
      code: 'BAD_USER_INPUT',
      argument: ['filter', 'anyOf', '1', 'metadata'],
      message: 'filter.anyOf.1.metadata must have 1 to 10 entries, not 0.',
    });
  });

  it('is refused for a name longer than any', async () => {
    expect(await refusal({ metadata: [claim, { name: 'n'.repeat(1_001) }] })).toEqual({
      code: 'BAD_USER_INPUT',
      argument: ['filter', 'metadata', '1', 'name'],
      message: 'filter.metadata.1.name must have at most 1000 characters.',
    });
  });

  it.each<[string, Filter]>([
    ['a field without a name', { value: { text: 'Fresh' } }],
    ['a value of no type', { ...claim, value: {} }],
    ['a value of two types', { ...claim, value: { text: 'Fresh', number: 4 } }],
    ['a value that is null', { ...claim, value: { text: null } }],
    ['a day that is none', { ...claim, value: { date: '2026-02-30' } }],
    ['a number that is a text', { ...claim, value: { number: '4' } }],
  ])('is refused for %s, with the variable that contains it', async (_what, field) => {
    expect(await refusal({ metadata: [field] })).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('Variable "$filter" got invalid value'),
    });
  });

  it('matches any value if null, and finds a field only with the right type', async () => {
    const found = async (value: Filter | null) =>
      (await ask({ metadata: [{ ...claim, value }] })).data.assets.totalCount;
    expect(await found(null)).toBe(1);
    expect(await found({ text: 'Fresh' })).toBe(1);
    expect(await found({ listContains: 'Fresh' })).toBe(0);
    expect(await found({ boolean: true })).toBe(0);
  });
});
