import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const TRAIL = `query ($of: ApprovalTrailSubject!, $waitFor: Position, $at: PointInTime) { approvalTrail(of: $of, waitFor: $waitFor, at: $at) {
  version digest live stepCount computedAt asset { id } steps(first: 50) {
    entry { type sentence actor { id } onBehalfOf { id } occurredAt }
    role digest sameBytes reliedOn { streamId revision } proof { index } } } }`;

async function approved() {
  const { asset } = await house.act('author:ana', 'assetRegister', {
    kind: 'IMAGE',
    title: 'Poster',
    content: contentOf('a'),
  });
  await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  const decision = { assetId: asset.id, version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
  const { position } = await house.act('approver:bo', 'assetRecordDecision', decision);
  return { id: asset.id as string, position };
}

describe('the trail of an approval', () => {
  test('has every decision with role, bytes and proof, and the later lapse', async () => {
    const { id, position } = await approved();
    await house.ask('auditor', `{ checkpoint(waitFor: "${position}") { size } }`);
    const of = { versionId: `version-${id.slice('asset-'.length)}.1` };
    const before = (await house.ask('auditor', TRAIL, { of, waitFor: position })).data.approvalTrail;
    expect(before).toMatchObject({ version: 1, digest: digestOf('a'), live: true, asset: { id } });
    const types = before.steps.map(({ entry }: { entry: { type: string } }) => entry.type);
    expect(types).toEqual(['VersionAdded', 'ReviewRequested', 'DecisionRecorded', 'ApprovalGranted']);
    expect(before.stepCount).toBe(4);
    expect(before.steps[2]).toMatchObject({ role: 'brand', digest: digestOf('a'), sameBytes: true });
    expect(before.steps[2].entry.actor.id).toBe('actor-bo');
    for (const { proof } of before.steps) expect(Number(proof.index)).toBeGreaterThanOrEqual(0);
    const { position: later } = await house.act('author:ana', 'assetAddVersion', {
      assetId: id,
      content: contentOf('b'),
    });
    const after = (await house.ask('auditor', TRAIL, { of, waitFor: later })).data.approvalTrail;
    expect(after).toMatchObject({ live: false, stepCount: 5 });
    expect(after.steps[4].entry.type).toBe('ApprovalLapsed');
    const then = (await house.ask('auditor', TRAIL, { of, at: { position } })).data.approvalTrail;
    expect(then).toMatchObject({ live: true, stepCount: 4 });
  });

  test('of a version or placement that does not exist is null, and a wrong id is named', async () => {
    const none = '00000000-0000-4000-8000-000000000000';
    expect(
      (await house.ask('auditor', TRAIL, { of: { versionId: `version-${none}.1` } })).data.approvalTrail,
    ).toBeNull();
    expect((await house.ask('auditor', TRAIL, { of: { placementId: none } })).data.approvalTrail).toBeNull();
    for (const [argument, of] of [
      ['versionId', { versionId: 'x' }],
      ['placementId', { placementId: 'asset-x' }],
    ] as const) {
      const { errors } = await house.ask('auditor', TRAIL, { of });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: ['of', argument] } }]);
    }
  });

  test('of a placement ends with the placement', async () => {
    const { id } = await approved();
    const { campaign } = await house.act('author:ana', 'campaignPlan', { name: 'Summer' });
    await house.act('author:ana', 'campaignLaunch', { campaignId: campaign.id });
    const { position } = await house.act('author:ana', 'assetPlaceInCampaign', {
      assetId: id,
      campaignId: campaign.id,
      channel: 'web',
      version: 1,
    });
    const { data } = await house.ask(
      'analyst',
      `{ placements(waitFor: "${position}", filter: { assetId: "${id}" }) { nodes { id } } }`,
    );
    const of = { placementId: data.placements.nodes[0].id };
    const trail = (await house.ask('auditor', TRAIL, { of, waitFor: position })).data.approvalTrail;
    expect(trail).toMatchObject({ version: 1, live: true });
    expect(trail.steps.at(-1).entry.type).toBe('PlacementStarted');
    expect(trail.steps.at(-1).reliedOn.map(({ streamId }: { streamId: string }) => streamId)).toContain(campaign.id);
  });
});
