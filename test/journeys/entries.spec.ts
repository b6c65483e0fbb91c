import type { Client } from 'graphql-ws';
import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
let client: Client;

beforeAll(async () => {
  house = await openHouse();
  client = await house.socket();
});
afterAll(async () => {
  await client.dispose();
  await house.close();
});

const VALUE = '{ name type material text number list }';

/** Every type of entry with all of its own data. */
const DATA = `
  __typename position type sentence subjectId subject { id } actor { id } onBehalfOf { id } tool
  ... on AssetRegistered { kind title tags metadata ${VALUE} derivedFrom { version asset { id } } componentOf { id } }
  ... on VersionAdded { version digest bytes mediaType note madeWith { tool ai } contributors { id } content { id } }
  ... on MetadataChanged { changes { what name before ${VALUE} after ${VALUE} } }
  ... on ReviewRequested { review version digest materialHash required note content { number } }
  ... on DecisionRecorded { review version digest decision role note automated }
  ... on ApprovalGranted { review approval { id live } decidedBy { id } version digest }
  ... on ApprovalLapsed { approval { id } version digest lapseReason }
  ... on PlacementStarted { placement { id } campaign { name } placedVersion digest channel market approval { id } }
  ... on PlacementEnded { placement { id } campaign { name } placedVersion reason }
  ... on AssetRetired { reason }
  ... on AssetRestored { reason }
  ... on DecisionAttested { version digest decision role evidence { url } wouldRefuse suspectedSamePerson { id } }
  ... on PlacementObserved { placement { id } placedVersion digest path channel evidence { url } wouldRefuse }
  ... on PlacementEndObserved { placement { id } placedVersion evidence { url } }
  ... on AliasObserved { alias evidence { url } }
  ... on AliasEndObserved { alias }
  ... on CampaignPlanned { name brand markets startsOn endsOn }
  ... on CampaignLaunched { note afterLastDay }
  ... on CampaignEnded { reason }
  ... on CampaignContentsObserved { base { id } filesPut filesGone more }`;

type Entry = Readonly<Record<string, unknown>>;

const act = async (who: 'author:ana' | 'approver:bob', mutation: string, input: object) => {
  const payload = await house.act(who, mutation, { ...input });
  expect(payload.userErrors).toEqual([]);
  return payload;
};

/** One asset and one campaign with every possible event. */
async function wholeLife(): Promise<{ asset: string; campaign: string; position: string }> {
  const { campaign } = await act('author:ana', 'campaignPlan', {
    name: 'Summer',
    markets: ['DE'],
    endsOn: '2040-01-01',
  });
  await act('author:ana', 'campaignLaunch', { campaignId: campaign.id, note: 'off we go' });
  const { asset } = await act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: 'Sun',
    tags: ['hot'],
    metadata: [{ name: 'claim', value: { text: 'Warm' }, material: true }],
    content: { ...contentOf('a'), contributors: ['cat'] },
  });
  const it = { assetId: asset.id };
  const set = [
    { name: 'claim', value: { text: 'Warmer' }, material: true },
    { name: 'price', value: { number: 3 } },
  ];
  await act('author:ana', 'assetChangeMetadata', { ...it, title: 'Moon', tags: ['hot', 'new'], set });
  await act('author:ana', 'assetChangeMetadata', { ...it, unset: ['price'] });
  await act('author:ana', 'assetRequestReview', { ...it, note: 'please' });
  const decision = { version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
  await act('approver:bob', 'assetRecordDecision', { ...it, ...decision });
  const where = { ...it, campaignId: campaign.id, channel: 'web', market: 'DE', version: 1 };
  await act('author:ana', 'assetPlaceInCampaign', where);
  const { data } = await house.ask('analyst', `query ($id: ID!) { asset(id: $id) { placements { nodes { id } } } }`, {
    id: asset.id,
  });
  await act('author:ana', 'assetEndPlacement', {
    ...it,
    placementId: data.asset.placements.nodes[0].id,
    reason: 'over',
  });
  await act('author:ana', 'assetAddVersion', { ...it, content: { ...contentOf('b'), note: 'second' } });
  const evidence = { kind: 'reviewTrailer', source: 'site', reference: 'abc Reviewed-by', url: 'https://r/1' };
  const attested = { version: 2, decision: 'APPROVE', role: 'reviewer', evidence, samePersonAs: ['ana'] };
  await act('approver:bob', 'assetAttestDecision', { ...it, ...attested });
  const seen = { ...it, campaignId: campaign.id, digest: digestOf('f'), channel: 'web', path: 'a/b.svg', evidence };
  await act('author:ana', 'assetObservePlacement', seen);
  const again = await house.ask(
    'analyst',
    `query ($id: ID!) { asset(id: $id) { placements { nodes { id observed } } } }`,
    {
      id: asset.id,
    },
  );
  const observed = again.data.asset.placements.nodes.find((one: { observed: boolean }) => one.observed);
  await act('author:ana', 'assetObservePlacementEnd', { ...it, placementId: observed.id });
  await act('author:ana', 'assetObserveAlias', { ...it, path: 'x/y.svg', evidence });
  await act('author:ana', 'assetObserveAliasEnd', { ...it, path: 'x/y.svg' });
  await act('author:ana', 'assetRetire', { ...it, reason: 'old' });
  await act('author:ana', 'assetRestore', { ...it, reason: 'new again' });
  const put = [{ path: 'a.svg', digest: digestOf('a') }];
  await act('author:ana', 'campaignObserveContents', { campaignId: campaign.id, put, gone: ['b.svg'] });
  const { position } = await act('author:ana', 'campaignEnd', { campaignId: campaign.id, reason: 'autumn' });
  return { asset: asset.id, campaign: campaign.id, position };
}

async function told(position: string, more = ''): Promise<readonly Entry[]> {
  const query = `query ($waitFor: Position) { history(first: 25, waitFor: $waitFor ${more}) { nodes { ${DATA} } } }`;
  const { data, errors } = await house.ask('analyst', query, { waitFor: position });
  expect(errors).toBeUndefined();
  return data.history.nodes;
}

describe('a history entry', () => {
  let life: Awaited<ReturnType<typeof wholeLife>>;
  let entries: readonly Entry[];
  const of = (type: string): Entry | undefined => entries.find((entry) => entry.__typename === type);
  const approval = (): string => (of('ApprovalGranted') as { approval: { id: string } }).approval.id;
  beforeAll(async () => {
    life = await wholeLife();
    entries = (await told(life.position)).toSorted((a, b) => (String(a.position) < String(b.position) ? -1 : 1));
  });

  it('has the type of its event, and names its subject', () => {
    for (const entry of entries) expect(entry.__typename).toBe(entry.type);
    expect(new Set(entries.map((entry) => entry.subjectId))).toEqual(new Set([life.asset, life.campaign]));
    for (const { subject, subjectId } of entries) expect(subject).toEqual({ id: subjectId });
  });

  it('contains the data of a registration and of a version', () => {
    expect(of('AssetRegistered')).toMatchObject({
      kind: 'IMAGE',
      title: 'Sun',
      tags: ['hot'],
      metadata: [{ name: 'claim', type: 'TEXT', material: true, text: 'Warm' }],
      derivedFrom: [],
      componentOf: null,
    });
    expect(of('VersionAdded')).toMatchObject({
      version: 1,
      digest: digestOf('a'),
      bytes: '2048',
      madeWith: { tool: 'figma', ai: 'NONE' },
      contributors: [{ id: 'actor-cat' }],
      content: { id: expect.stringMatching(/\.1$/) },
    });
  });

  it('contains the old and the new value of every metadata change', () => {
    const text = (name: string, value: string, material = false) =>
      expect.objectContaining({ name, type: 'TEXT', material, text: value });
    const list = (name: string, value: readonly string[]) =>
      expect.objectContaining({ name, type: 'LIST', list: value });
    const [first, second] = entries.filter((entry) => entry.__typename === 'MetadataChanged');
    expect(first?.changes).toEqual([
      { what: 'TITLE', name: 'title', before: text('title', 'Sun'), after: text('title', 'Moon') },
      { what: 'TAGS', name: 'tags', before: list('tags', ['hot']), after: list('tags', ['hot', 'new']) },
      { what: 'FIELD', name: 'claim', before: text('claim', 'Warm', true), after: text('claim', 'Warmer', true) },
      { what: 'FIELD', name: 'price', before: null, after: expect.objectContaining({ type: 'NUMBER', number: 3 }) },
    ]);
    expect(second?.changes).toEqual([
      { what: 'FIELD', name: 'price', before: expect.objectContaining({ number: 3 }), after: null },
    ]);
  });

  it('contains what was requested, decided, granted and ended', () => {
    const review = of('ReviewRequested')?.review;
    expect(of('ReviewRequested')).toMatchObject({ version: 1, required: 1, note: 'please', content: { number: 1 } });
    expect(of('DecisionRecorded')).toMatchObject({ review, decision: 'APPROVE', role: 'brand', automated: false });
    expect(of('ApprovalGranted')).toMatchObject({ review, decidedBy: [{ id: 'actor-bob' }], digest: digestOf('a') });
    expect(of('ApprovalLapsed')).toMatchObject({
      approval: { id: approval() },
      lapseReason: 'NEW_VERSION',
    });
    expect(of('DecisionAttested')).toMatchObject({
      decision: 'APPROVE',
      evidence: { url: 'https://r/1' },
      wouldRefuse: ['FOUR_EYES'],
      suspectedSamePerson: [{ id: 'actor-ana' }],
    });
  });

  it('contains where content ran and was seen', () => {
    const { placement } = of('PlacementStarted') as { placement: { id: string } };
    expect(of('PlacementStarted')).toMatchObject({
      campaign: { name: 'Summer' },
      placedVersion: 1,
      channel: 'web',
      market: 'DE',
      approval: { id: approval() },
    });
    expect(of('PlacementEnded')).toMatchObject({ placement, placedVersion: 1, reason: 'over' });
    expect(of('PlacementObserved')).toMatchObject({ placedVersion: null, digest: digestOf('f'), path: 'a/b.svg' });
    expect(of('PlacementEndObserved')).toMatchObject({ placedVersion: null, evidence: null });
    expect(of('AliasObserved')).toMatchObject({ alias: 'x/y.svg', evidence: { url: 'https://r/1' } });
    expect(of('AliasEndObserved')).toMatchObject({ alias: 'x/y.svg' });
  });

  it('contains the reasons of a retirement and what was planned, reported and closed in a campaign', () => {
    expect([of('AssetRetired')?.reason, of('AssetRestored')?.reason]).toEqual(['old', 'new again']);
    expect(of('CampaignPlanned')).toMatchObject({ name: 'Summer', markets: ['DE'], brand: null, endsOn: '2040-01-01' });
    expect(of('CampaignLaunched')).toMatchObject({ note: 'off we go', afterLastDay: false });
    expect(of('CampaignContentsObserved')).toMatchObject({ base: null, filesPut: 1, filesGone: 1, more: false });
    expect(of('CampaignEnded')).toMatchObject({ reason: 'autumn' });
  });

  it('is the same when requested again, from the newest backwards, and by its id', async () => {
    for (let time = 0; time < 3; time += 1)
      expect(await told(life.position, 'orderBy: { by: OCCURRED, direction: ASC }')).toEqual(entries);
    expect(await told(life.position, 'orderBy: { by: OCCURRED, direction: DESC }')).toEqual(entries.toReversed());
    for (const entry of entries) {
      const query = `query ($id: ID!) { node(id: $id) { id ... on HistoryEntry { ${DATA} } } }`;
      const id = `event-${entry.position}`;
      const { data } = await house.ask('analyst', query, { id });
      expect(data.node).toEqual({ id, ...entry });
    }
  });

  it('shows what it refers to as of the requested moment, and its own data unchanged', async () => {
    const granted = of('ApprovalGranted') as { position: string };
    const then = await told(life.position, `at: { position: "${granted.position}" }`);
    expect(then.at(-1)).toMatchObject({ __typename: 'ApprovalGranted', approval: { live: true } });
    expect(of('ApprovalGranted')).toMatchObject({ approval: { live: false } });
    expect(then.find(({ __typename }) => __typename === 'MetadataChanged')).toMatchObject({
      changes: of('MetadataChanged')?.changes,
      subjectId: `${life.asset}@p${granted.position}`,
      subject: { id: `${life.asset}@p${granted.position}` },
    });
  });

  it('is delivered with the same data to subscribers', async () => {
    const query = `subscription { changes { caughtUp entry { ${DATA} } } }`;
    const seen: Entry[] = [];
    for await (const { data, errors } of client.iterate<{ changes: { caughtUp: boolean; entry: Entry } }>({ query })) {
      expect(errors).toBeUndefined();
      if (data!.changes.caughtUp) break;
      seen.push(data!.changes.entry);
    }
    expect(seen).toEqual(entries);
  });
});
