import { end, launch, observeContents, plan, SUMMER } from '../../../test/domain/commands';
import { sha256, uuidOf, World } from '../../../test/domain/world';

const sun = { path: 'sun.svg', digest: sha256('sun') };
const winter = uuidOf('winter');
let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', plan());
});

it('records what a tool saw in a campaign, word for word', () => {
  const put = [{ ...sun, bytes: 3, asset: uuidOf('sun'), version: 2 }];
  const evidence = { kind: 'releaseTag', source: 'site', reference: 'c0ffee v1' };
  const report = { put, gone: ['moon.svg'], more: true, evidence };
  expect(world.events('bot', observeContents(put, report))).toMatchObject([
    { type: 'CampaignContentsObserved', data: report },
  ]);
});

it('is refused by no gate: it happened elsewhere, whether the campaign is open or over', () => {
  for (const step of [launch(), end()]) {
    world.events('ann', step);
    expect(world.refusal('bot', observeContents([sun]))).toBe('accepted');
  }
});

it('records the same report once, and again where something else was reported between', () => {
  expect(world.types('bot', observeContents([sun]))).toHaveLength(1);
  expect(world.types('bot', observeContents([sun]))).toEqual([]);
  expect(world.types('bot', observeContents([], { gone: ['sun.svg'] }))).toHaveLength(1);
  expect(world.types('bot', observeContents([sun]))).toHaveLength(1);
});

it('builds on a campaign that is there', () => {
  expect(world.refusal('bot', observeContents([], { base: winter }))).toBe('CAMPAIGN_NOT_FOUND');
  world.events('ann', plan({ campaign: winter }));
  expect(world.refusal('bot', observeContents([], { base: winter }))).toBe('accepted');
  expect(world.refusal('bot', observeContents([], { campaign: uuidOf('none') }))).toBe('CAMPAIGN_NOT_FOUND');
});

it.each([
  ['a path that is put twice', [sun, sun], {}, ['put', '1', 'path']],
  ['a path that is put and gone', [sun], { gone: ['sun.svg'] }, ['gone', '0']],
  ['a path that is gone twice', [], { gone: ['a', 'a'] }, ['gone', '1']],
  ['a version of no asset', [{ ...sun, version: 1 }], {}, ['put', '0', 'asset']],
  ['itself as its base', [], { base: SUMMER }, ['base']],
  ['a digest that is none', [{ ...sun, digest: 'x' }], {}, ['put', '0', 'digest']],
])('refuses %s', (_what, put, fields, path) => {
  expect(world.does('bot', observeContents(put, fields))).toMatchObject({ refusal: { code: 'INVALID_INPUT', path } });
});
