import { randomUUID } from 'node:crypto';
import { contentOf, digestOf, type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

type Input = Readonly<Record<string, unknown>>;

/** An act as a person does it; what refuses it, in the order in which it is told. */
const does = async (who: Parameters<House['act']>[0], mutation: string, input: Input) => {
  const payload = await house.act(who, mutation, input);
  return payload.userErrors as readonly { code: string; message: string; path: string[] }[];
};
const must = async (who: Parameters<House['act']>[0], mutation: string, input: Input) => {
  expect([mutation, await does(who, mutation, input)]).toEqual([mutation, []]);
};

/** An approved asset. */
async function approved(letter: string, fields: Input = {}): Promise<string> {
  const assetId = randomUUID();
  const content = contentOf(letter);
  await must('author:ana', 'assetRegister', { assetId, kind: 'IMAGE', title: `Picture ${letter}`, content, ...fields });
  await must('author:ana', 'assetRequestReview', { assetId });
  const seen = { version: 1, digest: digestOf(letter), decision: 'APPROVE', role: 'brand manager' };
  await must('approver:bob', 'assetRecordDecision', { assetId, ...seen });
  return assetId;
}

async function campaign(name: string): Promise<string> {
  const campaignId = randomUUID();
  await must('author:ana', 'campaignPlan', { campaignId, name });
  await must('author:ana', 'campaignLaunch', { campaignId });
  return campaignId;
}

async function licensed(assetId: string, terms: Input): Promise<string> {
  const licenceId = randomUUID();
  await must('approver:lea', 'licenceGrant', { licenceId, holder: 'Studio Nord', terms });
  await must('approver:lea', 'assetAttachLicence', { assetId, licenceId });
  return licenceId;
}

const ask = async (query: string, variables: Input) => {
  const reply = await house.ask('auditor', query, variables);
  expect(reply.errors).toBeUndefined();
  return reply.data;
};

describe('an embargoed photo in a composite', () => {
  const wide = { allowed: ['DISPLAY'], territories: ['worldwide'] };
  const embargo = new Date(Date.now() + 30 * 86_400_000).toISOString();

  it('keeps the whole composite back until the embargo is over, and says why', async () => {
    const [photo, poster, summer] = [await approved('1'), await approved('2'), await campaign('Embargo')];
    const placing = { assetId: poster, campaignId: summer, version: 1, channel: 'instagram', market: 'DE' };
    await must('author:ana', 'assetAddComponent', {
      assetId: poster,
      componentVersion: { assetId: photo, version: 1 },
    });
    await licensed(photo, { ...wide, embargoUntil: embargo });

    const [refused, ...others] = await does('author:ana', 'assetPlaceInCampaign', placing);
    expect(others).toEqual([]);
    expect(refused).toMatchObject({ code: 'RIGHTS_EMBARGO', path: ['input', 'goesLiveAt'] });
    expect(refused!.message).toContain(photo);

    await must('author:ana', 'assetPlaceInCampaign', { ...placing, goesLiveAt: embargo });
    const { asset, obligations } = await ask(
      `query ($id: ID!) {
        asset(id: $id) {
          components { nodes { origin { title licences { nodes { holder terms { embargoUntil } } } } relation } }
          placements { nodes { goesLiveAt rulings { rule outcome } } }
        }
        obligations(filter: { kindIn: [EMBARGO_END] }) { nodes { due about { ... on Licence { holder } } } }
      }`,
      { id: poster },
    );
    expect(asset.components.nodes).toEqual([
      {
        origin: {
          title: 'Picture 1',
          licences: { nodes: [{ holder: 'Studio Nord', terms: { embargoUntil: embargo } }] },
        },
        relation: 'COMPONENT',
      },
    ]);
    expect(asset.placements.nodes).toEqual([
      { goesLiveAt: embargo, rulings: [{ rule: 'rights.all', outcome: 'PASSED' }] },
    ]);
    expect(obligations.nodes).toContainEqual({ due: embargo, about: { holder: 'Studio Nord' } });
  });

  it('lets a person answer for the exception, for this content and until a day, in everybody’s sight', async () => {
    const [photo, autumn] = [await approved('3'), await campaign('Exception')];
    await licensed(photo, { ...wide, embargoUntil: embargo });
    const placing = { assetId: photo, campaignId: autumn, version: 1, channel: 'web', market: 'PT' };
    const reason = 'The agency has confirmed it in writing.';
    const waiver = { assetId: photo, version: 1, digest: digestOf('3'), rules: ['rights.embargo'], reason };
    const [own] = await does('approver:ana', 'assetWaiveRules', { ...waiver, waivedUntil: embargo });
    expect(own).toMatchObject({ code: 'FOUR_EYES' });
    await must('approver:lea', 'assetWaiveRules', { ...waiver, waivedUntil: embargo });
    await must('author:ana', 'assetPlaceInCampaign', placing);
    const { findings, waivers } = await ask(
      `query ($id: ID!) {
        waivers(filter: { assetId: $id }) { nodes { by { id } reason rules waivedUntil } }
        findings(filter: { assetId: $id }) { nodes { status codes cause { type } } }
      }`,
      { id: photo },
    );
    expect(waivers.nodes).toEqual([
      { by: { id: 'actor-lea' }, reason, rules: ['rights.embargo'], waivedUntil: embargo },
    ]);
    expect(findings.nodes).toEqual([
      { status: 'WAIVED', codes: ['RIGHTS_EMBARGO'], cause: { type: 'PlacementStarted' } },
    ]);
  });
});

describe('rights that are withdrawn in the middle of a campaign', () => {
  it('lead to a recall over two derivatives in three markets, closed when each placement is dealt with', async () => {
    const original = await approved('4');
    const from = { derivedFrom: [{ assetId: original, version: 1 }] };
    const [banner, story, spring] = [await approved('5', from), await approved('6', from), await campaign('Withdrawn')];
    const licenceId = await licensed(original, { allowed: ['DISPLAY', 'DERIVE'], territories: ['group:EU'] });
    const places = [
      { assetId: banner, market: 'DE' },
      { assetId: story, market: 'PT' },
      { assetId: story, market: 'FR' },
    ];
    for (const place of places)
      await must('author:ana', 'assetPlaceInCampaign', {
        ...place,
        campaignId: spring,
        version: 1,
        channel: 'instagram',
      });
    const before = new Date().toISOString();

    await must('approver:lea', 'licenceEnd', { licenceId, reason: 'The photographer withdrew.' });
    const again = { assetId: banner, campaignId: spring, version: 1, channel: 'instagram', market: 'IT' };
    expect((await does('author:ana', 'assetPlaceInCampaign', again)).map(({ code }) => code)).toEqual([
      'RIGHTS_WINDOW',
    ]);

    const recallId = randomUUID();
    const dueBy = new Date(Date.now() + 86_400_000).toISOString();
    await must('approver:lea', 'recallOpen', { recallId, assetId: original, reason: 'Rights withdrawn.', dueBy });
    const seen = { assetId: original, campaignId: spring, version: 1, channel: 'web', market: 'ES' };

    const RECALL = `query ($id: ID!) { recall(id: $id) { status total unresolved asset { title }
      placements { nodes { placement { id } asset { id title } market answer joinedLater } } } }`;
    const { recall } = await ask(RECALL, { id: recallId });
    expect(recall).toMatchObject({ status: 'OPEN', total: 3, unresolved: 3, asset: { title: 'Picture 4' } });
    const items: readonly { placement: { id: string }; asset: { id: string }; market: string }[] =
      recall.placements.nodes;
    expect(items.map(({ market }) => market).sort()).toEqual(['DE', 'FR', 'PT']);

    // What is seen afterwards joins by itself.
    await must('author:bot', 'assetObservePlacement', seen);
    await house.started.app.runtime.waitFor(await house.started.app.store.head());
    await house.started.app.policies.tick();

    const late = (
      await ask('query ($id: ID!) { asset(id: $id) { placements { nodes { id wouldRefuse } } } }', { id: original })
    ).asset;
    expect(late.placements.nodes).toMatchObject([{ wouldRefuse: ['RIGHTS_WINDOW'] }]);

    const [german] = items.filter(({ market }) => market === 'DE');
    await must('author:ana', 'assetExaminePlacement', { assetId: banner, placementId: german!.placement.id });
    const AUTHORISED = `query ($id: ID!, $on: DateTime!) { node(id: $id) { ... on Placement {
      authorisation(on: $on) { asKnownThen { state } asKnownNow { state } now { state codes } } } } }`;
    expect((await ask(AUTHORISED, { id: german!.placement.id, on: before })).node.authorisation).toEqual({
      asKnownThen: { state: 'AUTHORISED' },
      asKnownNow: { state: 'AUTHORISED' },
      now: { state: 'NOT_AUTHORISED', codes: ['RIGHTS_WINDOW'] },
    });

    const [early] = await does('approver:lea', 'recallClose', { recallId });
    expect(early).toMatchObject({ code: 'RECALL_UNRESOLVED', message: expect.stringContaining('Of 4 placements, 4') });
    for (const { placement, asset, market } of items) {
      const answer = { recallId, placementId: placement.id };
      if (market === 'FR') {
        await must('author:ana', 'recallAnswer', {
          ...answer,
          answer: 'REFUSED',
          reason: 'It is printed and delivered.',
        });
        continue;
      }
      await must('author:ana', 'assetEndPlacement', { assetId: asset.id, placementId: placement.id });
      const evidence = { kind: 'screenshot', source: 'instagram', reference: `story in ${market}` };
      await must('author:ana', 'recallAnswer', { ...answer, answer: 'TAKEN_DOWN', evidence });
    }
    await must('author:ana', 'recallAnswer', {
      recallId,
      placementId: late.placements.nodes[0].id,
      answer: 'TAKEN_DOWN',
    });
    await must('approver:lea', 'recallClose', { recallId });
    const closed = await ask(
      `query ($id: ID!) { recall(id: $id) { status unresolved history { nodes { sentence } } }
        findings(filter: { statusIn: [CLOSED], code: RIGHTS_WINDOW }) { nodes { placement { market } } } }`,
      { id: recallId },
    );
    expect(closed.recall).toMatchObject({ status: 'CLOSED', unresolved: 0 });
    expect(closed.recall.history.nodes[0]).toEqual({ sentence: 'lea closed the recall.' });
    expect(closed.findings.nodes).toEqual([{ placement: { market: 'DE' } }]);
  });
});

it.each([
  ['a reserved country', { territories: ['UK'] }, ['input', 'terms', 'territories', '0'], /write GB/],
  ['a channel nobody knows', { channels: ['telegraph'] }, ['input', 'terms', 'channels', '0'], /channel of the list/],
  ['a language nobody speaks', { languages: ['qx'] }, ['input', 'terms', 'languages', '0'], /qx/],
])('refuses %s in a licence, and names the field', async (_what, terms, path, message) => {
  const [refused] = await does('approver:lea', 'licenceGrant', {
    holder: 'Studio Nord',
    terms: { allowed: ['DISPLAY'], territories: ['worldwide'], ...terms },
  });
  expect(refused).toMatchObject({ code: 'INVALID_INPUT', path, message: expect.stringMatching(message) });
});

it('refuses an asset as a component of what it holds', async () => {
  const [one, other] = [await approved('7'), await approved('8')];
  await must('author:ana', 'assetAddComponent', { assetId: one, componentVersion: { assetId: other, version: 1 } });
  const [circle] = await does('author:ana', 'assetAddComponent', {
    assetId: other,
    componentVersion: { assetId: one, version: 1 },
  });
  expect(circle).toMatchObject({ code: 'LINEAGE_CYCLE', path: ['input', 'componentVersion'] });
});
