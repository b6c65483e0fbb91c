import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** An asset with one version, in review. */
async function submitted(letter: string): Promise<string> {
  const { asset } = await house.act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: `Hero ${letter}`,
    content: contentOf(letter),
  });
  await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  return asset.id;
}

const approve = (who: `approver:${string}`, asset: string, letter: string, version = 1) =>
  house.act(who, 'assetRecordDecision', {
    assetId: asset,
    version,
    digest: digestOf(letter),
    decision: 'APPROVE',
    role: 'brand manager',
  });

describe('the life of an asset over GraphQL', () => {
  it('runs from registration to a placement, and a new version ends the approval', async () => {
    const asset = await submitted('a');
    expect((await approve('approver:bob', asset, 'a')).asset.status).toBe('APPROVED');

    const { campaign } = await house.act('author:ana', 'campaignPlan', { name: 'Summer', markets: ['DE'] });
    await house.act('author:ana', 'campaignLaunch', { campaignId: campaign.id });
    const where = { assetId: asset, campaignId: campaign.id, version: 1, channel: 'web', market: 'DE' };
    expect((await house.act('author:ana', 'assetPlaceInCampaign', where)).userErrors).toEqual([]);

    const { position } = await house.act('author:ana', 'assetAddVersion', { assetId: asset, content: contentOf('b') });
    const { data } = await house.ask(
      'auditor',
      `query ($asset: ID!, $waitFor: Position) {
        approvals(filter: { assetId: $asset, kindIn: [APPROVAL] }, waitFor: $waitFor) {
          nodes { digest actor { id } ... on Approval { live decidedBy { id } lapse { reason } } }
        }
        placements(filter: { assetId: $asset }) { nodes { version approval { live } campaign { name } endedAt } }
        archive(filter: { assetId: $asset }) { nodes {
          __typename subjectId content { digest stillRunning holders { totalCount nodes { version } } } ... on ArchivedVersion { version } } }
      }`,
      { asset, waitFor: position },
    );
    expect(data.approvals.nodes).toEqual([
      {
        digest: digestOf('a'),
        live: false,
        actor: { id: 'actor-bob' },
        decidedBy: [{ id: 'actor-bob' }],
        lapse: { reason: 'NEW_VERSION' },
      },
    ]);
    expect(data.placements.nodes).toEqual([
      { version: 1, approval: { live: false }, campaign: { name: 'Summer' }, endedAt: null },
    ]);
    expect(data.archive.nodes).toEqual([
      {
        __typename: 'ArchivedVersion',
        subjectId: asset,
        version: 1,
        content: { digest: digestOf('a'), stillRunning: 1, holders: { totalCount: 1, nodes: [{ version: 1 }] } },
      },
    ]);
  });

  it('is told in full in sentences', async () => {
    const asset = await submitted('c');
    await approve('approver:bob', asset, 'c');
    const { data } = await house.ask(
      'auditor',
      'query ($asset: ID!) { assetHistory(assetId: $asset) { nodes { type sentence actor { id kind } } } }',
      { asset },
    );
    expect(data.assetHistory.nodes.map((node: { sentence: string }) => node.sentence)).toEqual([
      'ana registered the image “Hero c”.',
      'ana added version 1, made with figma.',
      'ana asked for approval of version 1.',
      'bob approved version 1 as brand manager.',
      'The decision of bob completed the approval of version 1.',
    ]);
  });

  it('refuses approval by the person who made the version', async () => {
    const asset = await submitted('d');
    const { userErrors, position, asset: none } = await approve('approver:ana', asset, 'd');
    expect(userErrors).toEqual([{ code: 'FOUR_EYES', message: expect.any(String), path: null }]);
    expect([position, none]).toEqual([null, null]);
  });

  it('returns the first answer when an act is repeated, and writes nothing', async () => {
    const input = { idempotencyKey: 'once', kind: 'COPY', title: 'Claim' };
    const first = await house.act('author:ana', 'assetRegister', input);
    const again = await house.act('author:ana', 'assetRegister', input);
    expect(again).toMatchObject({ ...first, repeated: true });
    const other = await house.act('author:ana', 'assetRegister', { ...input, title: 'Another claim' });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    const somebodyElse = await house.act('author:eve', 'assetRegister', { ...input, title: 'Another claim' });
    expect(somebodyElse.userErrors).toEqual([]);
  });

  it('refuses a change based on an outdated revision', async () => {
    const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Claim' });
    const seen = { assetId: asset.id, expectedRevision: asset.revision };
    expect((await house.act('author:ana', 'assetChangeMetadata', { ...seen, title: 'One' })).userErrors).toEqual([]);
    const late = await house.act('author:eve', 'assetChangeMetadata', { ...seen, title: 'Two' });
    expect(late.userErrors).toMatchObject([{ code: 'REVISION_CONFLICT' }]);
  });

  it('names the invalid field of an input', async () => {
    const refused = async (input: object) =>
      (await house.act('author:ana', 'assetRegister', { kind: 'COPY', title: 'Claim', ...input })).userErrors;
    expect(await refused({ title: ' ' })).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'title'] }]);
    const twice = [1, 2].map((number) => ({ name: 'price', value: { number } }));
    expect(await refused({ metadata: twice })).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'metadata', '1', 'name'] },
    ]);
    expect(await refused({ assetId: 'x' })).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'assetId'] }]);
    expect(await refused({ derivedFrom: [{ assetId: 'x', version: 1 }] })).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'derivedFrom', '0', 'assetId'] },
    ]);
    expect(await refused({ content: { ...contentOf('a'), mediaType: '' } })).toMatchObject([
      { code: 'INVALID_INPUT', path: ['input', 'content', 'mediaType'] },
    ]);
    expect(await refused({ idempotencyKey: '' })).toMatchObject([{ path: ['input', 'act', 'idempotencyKey'] }]);
  });

  it('records reports without a gate, and marks what a gate would have refused', async () => {
    const { asset } = await house.act('author:ana', 'assetRegister', {
      kind: 'IMAGE',
      title: 'Imported',
      content: { ...contentOf('e'), width: 32, height: 48, orientation: 6 },
    });
    const url = 'https://review.example/D1';
    const evidence = { kind: 'reviewTrailer', source: 'site', reference: 'a1b2c3d4 Reviewed-by', url };
    const report = { assetId: asset.id, version: 1, decision: 'APPROVE', role: 'reviewer', evidence };
    const { userErrors, position } = await house.act('approver:ana', 'assetAttestDecision', report);
    expect(userErrors).toEqual([]);
    const suspected = { ...report, samePersonAs: ['ana', 'cat'], role: 'approver' };
    const { position: last } = await house.act('approver:ben', 'assetAttestDecision', suspected);
    const { data } = await house.ask(
      'auditor',
      `query ($asset: ID!, $waitFor: Position) { approvals(filter: { assetId: $asset }, waitFor: $waitFor) {
        nodes { id __typename subject { id } content { number }
          ... on Attestation {
            wouldRefuse suspectedSamePerson { id } evidence { kind source reference url } automated } } }
        asset(id: $asset, waitFor: $waitFor) { currentVersion { width height orientation } } }`,
      { asset: asset.id, waitFor: last },
    );
    const marked = {
      __typename: 'Attestation',
      subject: { id: asset.id },
      content: { number: 1 },
      wouldRefuse: ['FOUR_EYES'],
      evidence,
    };
    expect(data.approvals.nodes).toHaveLength(2);
    expect(data.approvals.nodes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...marked, suspectedSamePerson: [] }),
        expect.objectContaining({ ...marked, suspectedSamePerson: [{ id: 'actor-ana' }] }),
      ]),
    );
    expect(position < last).toBe(true);
    expect(data.asset.currentVersion).toEqual({ width: 32, height: 48, orientation: 6 });
    const { id } = data.approvals.nodes[0];
    const found = await house.ask('auditor', 'query ($id: ID!) { node(id: $id) { id __typename } }', { id });
    expect(found.data.node).toEqual({ id, __typename: 'Attestation' });
  });
});
