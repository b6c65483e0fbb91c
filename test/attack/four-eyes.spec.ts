import { randomUUID } from 'node:crypto';
import type { Command } from '../../src/domain/deciders';
import type { Actor } from '../../src/domain/event';
import { contentOf, digestOf, type House, openHouse } from '../journeys/house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Bytes that no other test in this file uses. */
let used = 0;
const freshDigest = (): string => {
  used += 1;
  return digestOf(used.toString(16).padStart(8, '0'));
};

const register = (who: `author:${string}`, digest: string, more: object = {}) =>
  house.act(who, 'assetRegister', {
    kind: 'IMAGE',
    title: 'Poster',
    content: { ...contentOf('a'), digest, ...more },
  });

const decide = (who: `approver:${string}`, asset: string, digest: string) =>
  house.act(who, 'assetRecordDecision', { assetId: asset, version: 1, digest, decision: 'APPROVE', role: 'brand' });

/** An asset by ann with these bytes, under review. */
async function underReview(digest: string, more: object = {}): Promise<string> {
  const { asset } = await register('author:ann', digest, more);
  await house.act('author:ann', 'assetRequestReview', { assetId: asset.id });
  return asset.id;
}

const FOUR_EYES = { position: null, userErrors: [{ code: 'FOUR_EYES' }] };
const APPROVED = { userErrors: [], asset: { status: 'APPROVED' } };

/** What the log says of an asset, by event type. */
async function typesOf(asset: string): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const page of house.started.app.store.readStream(asset)) types.push(...page.map(({ type }) => type));
  return types;
}

/** An act by any actor, as their token would admit it. */
const acts = (actor: Actor, command: Command) =>
  house.started.app.execute({ command, actor, workspace: 'default', tool: 'attack', commandId: randomUUID() });

describe('the same bytes registered as another asset', () => {
  test('give their maker no approval, immediately after their registration', async () => {
    for (let round = 0; round < 20; round += 1) {
      const digest = freshDigest();
      await register('author:mallory', digest);
      const asset = await underReview(digest);
      expect(await decide('approver:mallory', asset, digest)).toMatchObject(FOUR_EYES);
      expect(await decide('approver:ben', asset, digest)).toMatchObject(APPROVED);
    }
  });

  test('give none to a contributor, nor to the principal of a program that made them', async () => {
    const digest = freshDigest();
    await register('author:eve', digest, { contributors: ['Mallory'] });
    const command: Command = {
      type: 'RegisterAsset',
      asset: randomUUID(),
      kind: 'image',
      title: 'Poster',
      content: { digest, bytes: 3, mediaType: 'image/png', madeWith: { tool: 'figma', ai: 'none' } },
    };
    expect(await acts({ id: 'plug-in', kind: 'agent', onBehalfOf: 'trudy' }, command)).toMatchObject({ ok: true });
    const asset = await underReview(digest);
    for (const who of ['eve', 'mallory', 'trudy', 'TRUDY']) {
      expect(await decide(`approver:${who}`, asset, digest)).toMatchObject(FOUR_EYES);
    }
    expect(await decide('approver:ben', asset, digest)).toMatchObject(APPROVED);
  });

  test('give none if a later version of the other asset hides them, or it was retired', async () => {
    const digest = freshDigest();
    const { asset: other } = await register('author:mallory', digest);
    await house.act('author:ann', 'assetAddVersion', {
      assetId: other.id,
      content: { ...contentOf('b'), digest: freshDigest() },
    });
    await house.act('author:ann', 'assetRetire', { assetId: other.id });
    const asset = await underReview(digest);
    expect(await decide('approver:mallory', asset, digest)).toMatchObject(FOUR_EYES);
  });

  test('give none while sixty other actors register and decide concurrently', async () => {
    const rounds = Array.from({ length: 60 }, async () => {
      const digest = freshDigest();
      await register('author:mallory', digest);
      const asset = await underReview(digest);
      return decide('approver:mallory', asset, digest);
    });
    for (const answer of await Promise.all(rounds)) expect(answer).toMatchObject(FOUR_EYES);
  });

  test('mark the report of a decision by their maker, which is recorded', async () => {
    const digest = freshDigest();
    await register('author:mallory', digest);
    const { asset } = await register('author:ann', digest);
    await house.act('author:mallory', 'assetAttestDecision', {
      assetId: asset.id,
      version: 1,
      decision: 'APPROVE',
      role: 'brand',
      evidence: { kind: 'reviewTrailer', source: 'site', reference: 'c0ffee' },
    });
    const log = house.started.app.store.readStream(asset.id);
    const events = [];
    for await (const page of log) events.push(...page);
    expect(events.at(-1)).toMatchObject({ type: 'DecisionAttested', data: { wouldRefuse: ['FOUR_EYES'] } });
  });

  test('are searched for up to a position, which the decision records', async () => {
    const digest = freshDigest();
    const asset = await underReview(digest);
    const head = await house.started.app.store.head();
    await decide('approver:ben', asset, digest);
    for await (const page of house.started.app.store.readStream(asset)) {
      const { data } = page.find(({ type }) => type === 'DecisionRecorded')!;
      const { makersAt } = data as { makersAt: string };
      expect(makersAt >= head).toBe(true);
    }
  });
});

describe('an id in another spelling', () => {
  test.each(['MALLORY', '\uff4dallory'])('%j approves nothing that mallory made', async (spelled) => {
    const digest = freshDigest();
    const { asset } = await register('author:mallory', digest);
    await house.act('author:ann', 'assetRequestReview', { assetId: asset.id });
    expect(await decide(`approver:${spelled}`, asset.id, digest)).toMatchObject(FOUR_EYES);
  });

  test.each([' mallory', 'mallory\u200b', 'mal\u00adlory'])('%j is the subject of no token', async (spelled) => {
    const asset = await underReview(freshDigest());
    await expect(decide(`approver:${spelled}`, asset, digestOf('0'))).rejects.toThrow('UNAUTHENTICATED');
  });

  test('of an asset is the same asset, and of a key the same key', async () => {
    const digest = freshDigest();
    const asset = await underReview(digest);
    const bare = asset.slice('asset-'.length);
    const input = { idempotencyKey: 'spelled', version: 1, digest, decision: 'APPROVE', role: 'brand' };
    const answers = [];
    for (const spelled of [asset, bare, bare.toUpperCase(), `asset-${bare.toUpperCase()}`]) {
      answers.push(await house.act('approver:ben', 'assetRecordDecision', { ...input, assetId: spelled }));
    }
    expect(answers.map(({ repeated, userErrors }) => [repeated, userErrors])).toEqual([
      [false, []],
      [true, []],
      [true, []],
      [true, []],
    ]);
    expect((await typesOf(asset)).filter((type) => type === 'DecisionRecorded')).toHaveLength(1);
  });
});

describe('a program', () => {
  const PROGRAMS: readonly Actor[] = [
    { id: 'ci', kind: 'service' },
    { id: 'pilot', kind: 'agent' },
    { id: 'desk', kind: 'service', onBehalfOf: 'ben' },
    { id: 'pilot-of-ben', kind: 'agent', onBehalfOf: 'ben' },
    { id: 'git', kind: 'import', onBehalfOf: 'ben' },
    { id: 'assistant', kind: 'person', onBehalfOf: 'ben' },
  ];

  test.each(PROGRAMS)('that acts as $kind $id gives advice, and grants nothing', async (actor) => {
    const digest = freshDigest();
    const asset = await underReview(digest);
    const decision: Command = {
      type: 'RecordDecision',
      asset: asset.slice('asset-'.length),
      version: 1,
      digest,
      decision: 'approve',
      role: 'brand',
    };
    expect(await acts(actor, decision)).toMatchObject({ ok: true, events: [{ data: { automated: true } }] });
    expect(await typesOf(asset)).not.toContain('ApprovalGranted');
    expect(await decide('approver:ben', asset, digest)).toMatchObject(APPROVED);
  });

  test('cannot decide if it acts on behalf of a maker of the bytes', async () => {
    const digest = freshDigest();
    const asset = await underReview(digest);
    const decision: Command = {
      type: 'RecordDecision',
      asset: asset.slice('asset-'.length),
      version: 1,
      digest,
      decision: 'approve',
      role: 'brand',
    };
    const refused = { ok: false, refusal: { code: 'FOUR_EYES' } };
    expect(await acts({ id: 'desk', kind: 'service', onBehalfOf: 'Ann' }, decision)).toMatchObject(refused);
    expect(await acts({ id: 'ANN', kind: 'service' }, decision)).toMatchObject(refused);
  });
});
