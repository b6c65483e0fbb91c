import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const SOURCE = 'source { tool toolVersion kind reference }';

const act = async (who: 'author:ana' | 'approver:bob', mutation: string, input: object) => {
  const payload = await house.act(who, mutation, { ...input });
  expect(payload.userErrors).toEqual([]);
  return payload;
};

describe('the source of a fact', () => {
  it('is the tool of an act over GraphQL, for every kind of entry', async () => {
    const { asset } = await act('author:ana', 'assetRegister', {
      kind: 'IMAGE',
      title: 'Sun',
      content: contentOf('a'),
    });
    const it = { assetId: asset.id };
    const evidence = { kind: 'reviewTrailer', source: 'site', reference: 'abc Reviewed-by' };
    const attested = { version: 1, decision: 'APPROVE', role: 'reviewer', evidence };
    await act('approver:bob', 'assetAttestDecision', { ...it, ...attested });
    await act('author:ana', 'assetRequestReview', it);
    const decision = { version: 1, digest: digestOf('a'), decision: 'APPROVE', role: 'brand' };
    await act('approver:bob', 'assetRecordDecision', { ...it, ...decision });
    const { campaign } = await act('author:ana', 'campaignPlan', { name: 'Summer' });
    await act('author:ana', 'campaignLaunch', { campaignId: campaign.id });
    await act('author:ana', 'assetPlaceInCampaign', { ...it, campaignId: campaign.id, channel: 'web', version: 1 });
    const running = '{ asset(id: "ID") { placements { nodes { id source { tool } endSource { tool } } } } }'.replace(
      'ID',
      asset.id,
    );
    const { data: now } = await house.ask('analyst', running);
    const own = { tool: expect.stringMatching(/\S/) };
    expect(now.asset.placements.nodes).toEqual([{ id: expect.any(String), source: own, endSource: null }]);
    await act('author:ana', 'assetEndPlacement', { ...it, placementId: now.asset.placements.nodes[0].id });
    await act('author:ana', 'assetAddVersion', { ...it, content: contentOf('b') });
    const { position } = await act('author:ana', 'assetRetire', it);

    const query = `query ($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) {
      versions { nodes { ${SOURCE} } } history { nodes { ${SOURCE} } } approvals { nodes { __typename ${SOURCE} } }
      placements { nodes { ${SOURCE} endSource { tool reference } } } }
      archive { nodes { __typename ${SOURCE} } } }`;
    for (let time = 0; time < 3; time += 1) {
      const { data, errors } = await house.ask('analyst', query, { id: asset.id, waitFor: position });
      expect(errors).toBeUndefined();
      const { versions, history, approvals, placements } = data.asset;
      const kinds = (entries: readonly { __typename: string }[]) => entries.map(({ __typename }) => __typename).sort();
      expect(kinds(approvals.nodes)).toEqual(['Approval', 'Attestation', 'Decision']);
      expect(kinds(data.archive.nodes)).toEqual(['ArchivedAsset', 'ArchivedPlacement', 'ArchivedVersion']);
      const all = [versions, history, approvals, placements, data.archive].flatMap(({ nodes }) => nodes);
      for (const { source } of all) {
        expect(source).toEqual({ ...own, toolVersion: expect.any(String), kind: null, reference: null });
      }
      expect(placements.nodes[0].endSource).toEqual({ ...own, reference: null });
    }
  });
});
