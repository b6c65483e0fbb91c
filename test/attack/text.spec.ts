import { type House, openHouse } from '../journeys/house';

jest.setTimeout(120_000);

/*
 * Text that is not what it seems to be, sent through the door to everything that has a name, a title, a tag or a note.
 */

const UNSEEN = [
  ['an escape of terminals', '\x1b[2J', 'U+001B'],
  ['a line break', 'a\nb', 'U+000A'],
  ['a control of the second row', '\u009b', 'U+009B'],
  ['a right-to-left override', 'annual_\u202egpj.exe', 'U+202E'],
  ['an isolate', '\u2067', 'U+2067'],
  ['a paragraph separator', 'a\u2029b', 'U+2029'],
  ['invisible tags', 'hi\u{e0068}\u{e0069}', 'U+E0068'],
] as const;

let house: House;
let asset: string;
let campaign: string;
beforeAll(async () => {
  house = await openHouse();
  const content = { digest: 'a'.repeat(64), bytes: '1', mediaType: 'image/png', madeWith: { tool: 'figma' } };
  asset = (await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'x', content })).asset.id;
  campaign = (await house.act('author:ana', 'campaignPlan', { name: 'x' })).campaign.id;
});
afterAll(() => house.close());

const evidence = { kind: 'releaseTag', source: 'r', reference: 'c t' };
const content = { digest: 'b'.repeat(64), bytes: '1', mediaType: 'image/png', madeWith: { tool: 'figma' } };

/**
 * Every single-line text that a mutation takes: the mutation, the path of the refusal, and the input that contains it.
 */
const LINES: readonly (readonly [string, string, (text: string) => object])[] = [
  ['assetRegister', 'title', (title) => ({ kind: 'IMAGE', title })],
  ['assetRegister', 'tags.0', (tag) => ({ kind: 'IMAGE', title: 'x', tags: [tag] })],
  ['assetRegister', 'metadata', (name) => ({ kind: 'IMAGE', title: 'x', metadata: [{ name, value: { number: 1 } }] })],
  [
    'assetRegister',
    'content.madeWith.tool',
    (tool) => ({ kind: 'IMAGE', title: 'x', content: { ...content, madeWith: { tool } } }),
  ],
  [
    'assetRegister',
    'content.mediaType',
    (text) => ({ kind: 'IMAGE', title: 'x', content: { ...content, mediaType: `image/png;${text}` } }),
  ],
  [
    'assetAddVersion',
    'content.madeWith.system',
    (system) => ({ assetId: 'A', content: { ...content, madeWith: { tool: 'figma', system } } }),
  ],
  [
    'assetAddVersion',
    'content.contributors.0',
    (id) => ({ assetId: 'A', content: { ...content, contributors: [id] } }),
  ],
  ['assetChangeMetadata', 'title', (title) => ({ assetId: 'A', title })],
  ['assetChangeMetadata', 'tags.0', (tag) => ({ assetId: 'A', tags: [tag] })],
  ['assetChangeMetadata', 'set', (name) => ({ assetId: 'A', set: [{ name, value: { boolean: true } }] })],
  ['assetAttestDecision', 'role', (role) => ({ assetId: 'A', version: 1, decision: 'APPROVE', role, evidence })],
  [
    'assetAttestDecision',
    'evidence.reference',
    (reference) => ({ assetId: 'A', version: 1, decision: 'APPROVE', role: 'r', evidence: { ...evidence, reference } }),
  ],
  ['assetObservePlacement', 'channel', (channel) => ({ assetId: 'A', campaignId: 'C', version: 1, channel, evidence })],
  [
    'assetObservePlacement',
    'market',
    (market) => ({ assetId: 'A', campaignId: 'C', version: 1, channel: 'web', market, evidence }),
  ],
  ['assetObserveAlias', 'path', (path) => ({ assetId: 'A', path })],
  ['campaignPlan', 'name', (name) => ({ name })],
  ['campaignPlan', 'brand', (brand) => ({ name: 'x', brand })],
  ['campaignPlan', 'markets.0', (market) => ({ name: 'x', markets: [market] })],
];

/** Texts that may have several lines. */
const PROSE: readonly (readonly [string, string, (text: string) => object])[] = [
  ['assetAddVersion', 'content.note', (note) => ({ assetId: 'A', content: { ...content, note } })],
  ['assetChangeMetadata', 'set.0.value.text', (text) => ({ assetId: 'A', set: [{ name: 'f', value: { text } }] })],
  [
    'assetChangeMetadata',
    'set.0.value.list.0',
    (text) => ({ assetId: 'A', set: [{ name: 'f', value: { list: [text] } }] }),
  ],
  ['assetRetire', 'reason', (reason) => ({ assetId: 'A', reason })],
  ['campaignLaunch', 'note', (note) => ({ campaignId: 'C', note })],
];

function input(given: object): Record<string, unknown> {
  const { assetId: a, campaignId: c, ...rest } = given as Record<string, unknown>;
  return { ...rest, ...(a !== undefined && { assetId: asset }), ...(c !== undefined && { campaignId: campaign }) };
}

const refused = async (mutation: string, given: object) => {
  const { userErrors } = await house.act('author:ana', mutation, input(given));
  return userErrors as { code: string; path: string[]; message: string }[];
};

describe.each(LINES)('%s refuses in %s', (mutation, path, given) => {
  it.each(UNSEEN)('%s, naming field and character', async (_what, text, point) => {
    const [error] = await refused(mutation, given(text));
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    expect(error!.path.join('.')).toMatch(new RegExp(`^input\\.${path.replaceAll('.', '\\.')}`));
    // A media type states the required form.
    if (!path.endsWith('mediaType')) expect(error!.message).toContain(point);
  });
});

describe.each(PROSE)('%s refuses in %s', (mutation, path, given) => {
  it.each(UNSEEN.filter(([, , point]) => point !== 'U+000A'))('%s', async (_what, text, point) => {
    const [error] = await refused(mutation, given(`one\n\ttwo ${text}`));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', path: ['input', ...path.split('.')] });
    expect(error!.message).toContain(point);
  });
});

it.each([['\u200b'], ['\u3164 '], ['\u2800'], ['\u00ad\u200d'], ['\ufe0f'], [' \u2003'], ['\ufeff']])(
  'refuses an invisible text: %j',
  async (text) => {
    for (const [mutation, , given] of [...LINES, ...PROSE].filter(([, path]) => !path.endsWith('mediaType'))) {
      expect([mutation, await refused(mutation, given(text))]).toMatchObject([mutation, [{ code: 'INVALID_INPUT' }]]);
    }
  },
);

it('accepts what people write: several lines, direction marks, joiners, flags', async () => {
  const title =
    'می\u200cخواهم \u200f(A)\u200e 👩\u200d🎨 \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';
  expect(await refused('assetChangeMetadata', { assetId: asset, title })).toEqual([]);
  expect(await refused('campaignLaunch', { campaignId: campaign, note: 'one\r\n\ttwo' })).toEqual([]);
});

describe('one label in two spellings', () => {
  const NFC = 'Café';
  const NFD = 'Cafe\u0301';
  const found = async (query: string, variables: object): Promise<string[]> => {
    const { data, errors } = await house.ask('analyst', query, variables as Record<string, unknown>);
    expect(errors).toBeUndefined();
    return (Object.values(data)[0] as { nodes: { id: string }[] }).nodes.map(({ id }) => id);
  };

  it('is one tag, one tool, one brand, one channel and one market, found by either', async () => {
    const made = { ...content, digest: 'c'.repeat(64), madeWith: { tool: NFD } };
    const { asset: tagged } = await house.act('author:ana', 'assetRegister', {
      ...{ kind: 'IMAGE', title: NFD, tags: [NFC, NFD], content: made },
    });
    const { campaign: branded } = await house.act('author:ana', 'campaignPlan', {
      name: NFD,
      brand: NFD,
      markets: [NFD, NFC],
    });
    const { position, userErrors } = await house.act('author:ana', 'assetObservePlacement', {
      ...{ assetId: tagged.id, campaignId: branded.id, version: 1, channel: NFD, market: NFD, evidence },
    });
    expect(userErrors).toEqual([]);
    const { data } = await house.ask(
      'analyst',
      'query ($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) { title tags currentVersion { madeWith { tool } } } }',
      { id: tagged.id, waitFor: position },
    );
    expect(data.asset).toEqual({ title: NFC, tags: [NFC], currentVersion: { madeWith: { tool: NFC } } });
    for (const text of [NFC, NFD]) {
      const assets = 'query ($filter: AssetFilter) { assets(filter: $filter) { nodes { id } } }';
      expect(await found(assets, { filter: { tagsAll: [text] } })).toEqual([tagged.id]);
      expect(await found(assets, { filter: { tagsAll: [NFC, text] } })).toEqual([tagged.id]);
      expect(await found(assets, { filter: { tool: text } })).toEqual([tagged.id]);
      const campaigns = 'query ($filter: CampaignFilter) { campaigns(filter: $filter) { nodes { id } } }';
      expect(await found(campaigns, { filter: { brand: text } })).toEqual([branded.id]);
      const placements = 'query ($filter: PlacementFilter) { placements(filter: $filter) { nodes { id } } }';
      expect(await found(placements, { filter: { channel: text } })).toHaveLength(1);
      expect(await found(placements, { filter: { market: text } })).toHaveLength(1);
    }
  });

  it('is one metadata field, and two with the same name are refused', async () => {
    const field = (name: string) => ({ name, value: { text: 'x' } });
    const [error] = await refused('assetChangeMetadata', { assetId: asset, set: [field(NFC), field(NFD)] });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'set', '1', 'name'] });
    expect(await refused('assetChangeMetadata', { assetId: asset, set: [field(NFD)] })).toEqual([]);
    const again = await refused('assetChangeMetadata', { assetId: asset, set: [field(NFC)] });
    expect(again).toMatchObject([{ code: 'METADATA_UNCHANGED' }]);
  });
});

describe('a search without a word', () => {
  it.each([['\u037a'], ['\u00ad\u200b'], ['🎉'], [' - '], ['']])(
    'is refused, and the argument is named: %j',
    async (text) => {
      for (const [list, filter] of [
        ['assets', 'titleMatches'],
        ['campaigns', 'nameMatches'],
      ]) {
        const query = `query ($t: String) { ${list}(filter: { ${filter}: $t }) { nodes { id } } }`;
        const { errors } = await house.ask('analyst', query, { t: text });
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: ['filter', filter] } }]);
      }
    },
  );
});

it.each([
  ['夏季促销海报', '促销'],
  ['โปสเตอร์ฤดูร้อน', 'ฤดูร้อน'],
  ['مُحَمَّد', 'محمد'],
  ['Gesamt\u00adkonzept', 'gesamtkonzept'],
])('finds %s by %s', async (title, text) => {
  const { asset: made, position } = await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title });
  const { data } = await house.ask(
    'analyst',
    'query ($text: String, $waitFor: Position) { assets(filter: { titleMatches: $text }, waitFor: $waitFor) { nodes { id } totalCount } }',
    { text, waitFor: position },
  );
  expect(data.assets).toEqual({ nodes: [{ id: made.id }], totalCount: 1 });
});
