import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

let keys = 0;

/** Sends one act and returns the selected fields of its payload. */
async function answer(who: Parameters<House['ask']>[0], mutation: string, input: object, selected: string, act = {}) {
  keys += 1;
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selected} userErrors { code message path } } }`;
  const variables = { input: { act: { idempotencyKey: `payload-${keys}`, ...act }, ...input } };
  const { data, errors } = await house.ask(who, query, variables);
  expect(errors).toBeUndefined();
  return data[mutation];
}

const registered = async (letter: string): Promise<string> => {
  const input = { kind: 'IMAGE', title: `Poster ${letter}`, content: contentOf(letter) };
  return (await answer('author:ana', 'assetRegister', input, 'asset { id }')).asset.id;
};

it('reports the faults found by the door and by the command together', async () => {
  const input = { kind: 'IMAGE', title: ' ', derivedFrom: [{ assetId: 'campaign-1', version: 0 }] };
  const act = { idempotencyKey: '', occurredAt: '2999-01-01T00:00:00Z' };
  const { userErrors } = await answer('author:ana', 'assetRegister', input, 'position', act);
  expect(userErrors.map(({ message }: { message: string }) => message)).toEqual([
    'act.idempotencyKey: must be 1 to 200 printable ASCII characters',
    "derivedFrom.0.assetId: must be an asset's global id or UUID",
    'title: must not be blank',
    'derivedFrom.0.version: must be a whole number from 1 to 2147483647',
    'act.occurredAt: must not be in the future, as 2999-01-01T00:00:00.000Z is',
  ]);
});

describe('an act returns what it made', () => {
  it('a registration the asset and its first version, and a new version that version', async () => {
    const input = { kind: 'IMAGE', title: 'Poster', content: contentOf('a') };
    const selected = 'asset { id versionCount } version { number digest asset { id } }';
    const { asset, version } = await answer('author:ana', 'assetRegister', input, selected);
    expect(version).toEqual({ number: 1, digest: digestOf('a'), asset: { id: asset.id } });
    const added = await answer(
      'author:ana',
      'assetAddVersion',
      { assetId: asset.id, content: contentOf('b') },
      selected,
    );
    expect(added).toMatchObject({ asset: { versionCount: 2 }, version: { number: 2, digest: digestOf('b') } });
  });

  it('an asset without content no version', async () => {
    const { version } = await answer('author:ana', 'assetRegister', { kind: 'COPY', title: 'Claim' }, 'version { id }');
    expect(version).toBeNull();
  });

  it('a request the review, and its last decision the decision and the approval', async () => {
    const assetId = await registered('c');
    const review = 'review { required note requestedAt requestedBy { id } version { number digest } }';
    const asked = await answer('author:ana', 'assetRequestReview', { assetId, required: 2, note: 'Please' }, review);
    expect(asked.review).toEqual({
      required: 2,
      note: 'Please',
      requestedAt: expect.any(String),
      requestedBy: { id: expect.stringContaining('ana') },
      version: { number: 1, digest: digestOf('c') },
    });
    const decision = { assetId, version: 1, digest: digestOf('c'), decision: 'APPROVE', role: 'brand' };
    const selected = 'decision { id role actor { id } } approval { id live digest } asset { status }';
    const first = await answer('approver:bob', 'assetRecordDecision', decision, selected);
    expect(first).toMatchObject({ decision: { role: 'brand' }, approval: null, asset: { status: 'IN_REVIEW' } });
    const last = await answer('approver:cat', 'assetRecordDecision', decision, selected);
    expect(last).toMatchObject({
      decision: { role: 'brand', actor: { id: expect.stringContaining('cat') } },
      approval: { live: true, digest: digestOf('c') },
      asset: { status: 'APPROVED' },
    });
    expect(last.decision.id).not.toBe(first.decision.id);
    expect(last.decision.id).toMatch(/^decision-/);
    expect(last.approval.id).toMatch(/^approval-/);
  });

  it('a placement the placement, and its end that placement', async () => {
    const { campaign } = await answer('author:ana', 'campaignPlan', { name: 'Summer' }, 'campaign { id name }');
    expect(campaign.name).toBe('Summer');
    const assetId = await registered('d');
    const seen = { assetId, campaignId: campaign.id, version: 1, channel: 'web' };
    const { placement } = await answer(
      'author:ana',
      'assetObservePlacement',
      seen,
      'placement { id observed endedAt }',
    );
    expect(placement).toEqual({ id: expect.stringMatching(/^placement-/), observed: true, endedAt: null });
    const again = await answer('author:ana', 'assetObservePlacement', seen, 'placement { id } position');
    expect(again).toEqual({ placement: null, position: expect.any(String), userErrors: [] });
    const end = { assetId, placementId: placement.id };
    const ended = await answer('author:ana', 'assetObservePlacementEnd', end, 'placement { id endedAt }');
    expect(ended.placement).toEqual({ id: placement.id, endedAt: expect.any(String) });
  });
});

describe('a refused act gives every reason', () => {
  it('every fault of its input, including those of the act', async () => {
    const input = {
      assetId: 'nobody',
      kind: 'IMAGE',
      title: ' ',
      tags: ['a', ' b', 'a'],
      derivedFrom: [{ assetId: 'x', version: 0 }],
      metadata: [
        { name: 'price', value: { text: '' } },
        { name: 'price', value: { number: 1 } },
      ],
      content: { ...contentOf('a'), mediaType: 'png', madeWith: { tool: '' } },
    };
    const { userErrors } = await answer('author:ana', 'assetRegister', input, '', { expectedRevision: -1 });
    expect(userErrors.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
      'input.act.expectedRevision',
      'input.derivedFrom.0.assetId',
      'input.metadata.1.name',
      'input.assetId',
      'input.title',
      'input.tags.1',
      'input.tags.2',
      'input.derivedFrom.0.version',
      'input.content.mediaType',
      'input.content.madeWith.tool',
    ]);
    for (const { code, message, path } of userErrors) {
      expect([code, message]).toEqual(['INVALID_INPUT', expect.stringContaining(`${path.slice(1).join('.')}: `)]);
    }
  });

  it('every closed gate of a placement', async () => {
    const { campaign } = await answer('author:ana', 'campaignPlan', { name: 'Autumn' }, 'campaign { id }');
    const place = { assetId: await registered('e'), campaignId: campaign.id, version: 1, channel: 'web' };
    const { userErrors } = await answer('author:ana', 'assetPlaceInCampaign', place, '');
    expect(userErrors).toMatchObject([
      { code: 'NOT_APPROVED', path: ['input', 'version'] },
      { code: 'CAMPAIGN_NOT_OPEN', path: ['input', 'campaignId'] },
    ]);
  });

  it('and at most ten of them', async () => {
    const tags = Array.from({ length: 40 }, () => ' ');
    const { userErrors } = await answer('author:ana', 'assetRegister', { kind: 'IMAGE', title: ' ', tags }, '');
    expect(userErrors).toHaveLength(10);
  });
});

describe('an act on behalf of somebody', () => {
  it('is recorded as theirs, and such a decision is advice', async () => {
    const assetId = await registered('f');
    await answer('author:ana', 'assetRequestReview', { assetId }, '');
    const decision = { assetId, version: 1, digest: digestOf('f'), decision: 'APPROVE', role: 'brand' };
    const selected = 'decision { automated } approval { id } asset { status }';
    const act = { onBehalfOf: 'actor-dora' };
    const given = await answer('approver:bob', 'assetRecordDecision', decision, selected, act);
    expect(given).toMatchObject({ decision: { automated: true }, approval: null, asset: { status: 'IN_REVIEW' } });
    const events = [];
    for await (const page of house.started.app.store.readStream(assetId)) events.push(...page);
    expect(events.at(-1)?.metadata).toMatchObject({ actorId: 'bob', onBehalfOf: 'dora' });
  });

  it('keeps the maker of the content from deciding, as their own act would', async () => {
    const input = { kind: 'IMAGE', title: 'Poster', content: contentOf('9') };
    const { asset } = await answer('author:ana', 'assetRegister', input, 'asset { id }', { onBehalfOf: 'erik' });
    await answer('author:ana', 'assetRequestReview', { assetId: asset.id }, '');
    const decision = { assetId: asset.id, version: 1, digest: digestOf('9'), decision: 'APPROVE', role: 'brand' };
    for (const who of ['approver:erik', 'approver:ana'] as const) {
      expect((await answer(who, 'assetRecordDecision', decision, '')).userErrors).toMatchObject([
        { code: 'FOUR_EYES' },
      ]);
    }
  });
});
