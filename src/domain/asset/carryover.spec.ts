import {
  addVersion,
  changeMetadata,
  content,
  decide,
  defineWorkflow,
  POSTER,
  register,
  requestReview,
  revise,
  threeStages,
  words,
} from '../../../test/domain/commands';
import { carryOver } from '../../../test/domain/reviewcommands';
import { uuidOf, World } from '../../../test/domain/world';

let world: World;
let approval: string;

/** A poster that was approved by Cat, Dan and Eve. */
beforeEach(() => {
  world = new World();
  world.events('ann', defineWorkflow());
  world.events('ann', revise());
  world.events('ann', register({ metadata: { claim: words('Fresh') } }));
  world.events('ann', requestReview());
  for (const person of ['cat', 'dan', 'eve']) world.events(person, decide());
  approval = world.asset(POSTER).approval!.approval;
});

it('keeps an approval for a crop within the rule, as an approval of its own with what was measured', () => {
  expect(world.types('ann', addVersion('cropped'))).toEqual(['VersionAdded', 'ApprovalLapsed']);
  const [carried] = world.events('ben', carryOver(approval, 'crop-5', { measured: 3.1 }));
  expect(carried).toMatchObject({
    type: 'ApprovalCarriedOver',
    data: {
      from: approval,
      fromVersion: 1,
      fromDigest: content().digest,
      version: 2,
      digest: content('cropped').digest,
      rule: 'crop-5',
      measured: 3.1,
      decidedBy: ['cat', 'dan', 'eve', 'ben'],
    },
  });
  const live = world.asset(POSTER).approval!;
  expect(live.approval).not.toBe(approval);
  expect(live).toMatchObject({ version: 2, digest: content('cropped').digest });
});

it('refuses what is beyond the rule, and a crop that nobody measured', () => {
  world.events('ann', addVersion('cropped'));
  expect(world.refusal('ben', carryOver(approval, 'crop-5', { measured: 5.01 }))).toBe('CARRY_OVER_EXCEEDED');
  expect(world.refusal('ben', carryOver(approval, 'crop-5', { measured: -1 }))).toBe('CARRY_OVER_EXCEEDED');
  expect(world.does('ben', carryOver(approval, 'crop-5'))).toMatchObject({
    refusal: { code: 'INVALID_INPUT', path: ['measured'] },
  });
});

it('goes by the version of the workflow that granted, whatever a newer one says', () => {
  world.events('ann', defineWorkflow({ ...threeStages, carryOver: [{ id: 'crop-50', kind: 'crop', atMost: 50 }] }));
  world.events('ann', addVersion('cropped'));
  expect(world.refusal('ben', carryOver(approval, 'crop-50', { measured: 20 }))).toBe('CARRY_OVER_RULE_UNKNOWN');
  expect(world.refusal('ben', carryOver(approval, 'crop-5', { measured: 2 }))).toBe('accepted');
});

it('is for candidates who made nothing of it, in person', () => {
  world.events('ben', addVersion('cropped'));
  const carry = carryOver(approval, 'not-material');
  expect(world.refusal('ben', carry)).toBe('FOUR_EYES');
  expect(world.refusal({ id: 'bot', kind: 'service' }, carry)).toBe('NOT_A_CANDIDATE');
  world.events('ann', revise({ roles: [], groups: [] }));
  expect(world.refusal('dan', carry)).toBe('accepted');
});

it('is not for those who are no candidates', () => {
  const rules = { ...threeStages, stages: threeStages.stages.slice(0, 1) };
  world.events('ann', defineWorkflow(rules, uuidOf('strict')));
  world.events('ann', revise({ entries: [{ scope: {}, workflow: uuidOf('strict') }] }));
  const asset = uuidOf('strict one');
  world.events('ann', register({ asset, content: content('strict') }));
  world.events('ann', requestReview({ asset }));
  world.events('cat', decide('approve', { asset, digest: content('strict').digest }));
  const granted = world.asset(asset).approval!.approval;
  world.events('ann', addVersion('strict, cropped', { asset }));
  expect(world.refusal('zoe', carryOver(granted, 'not-material', { asset }))).toBe('NOT_A_CANDIDATE');
});

it('keeps an approval although material metadata changed, if a candidate says that it does not matter', () => {
  expect(world.types('ann', changeMetadata({ set: { claim: words('Fresh!') } }))).toContain('ApprovalLapsed');
  expect(world.types('ben', carryOver(approval, 'not-material'))).toEqual(['ApprovalCarriedOver']);
});

it('is refused while the approval holds, while a review is open, and of any other approval', () => {
  expect(world.refusal('ben', carryOver(approval, 'not-material'))).toBe('ALREADY_APPROVED');
  world.events('ann', addVersion('cropped'));
  expect(world.refusal('ben', carryOver(uuidOf('another'), 'not-material'))).toBe('CARRY_OVER_IMPOSSIBLE');
  world.events('ann', requestReview());
  expect(world.refusal('ben', carryOver(approval, 'not-material'))).toBe('REVIEW_ALREADY_OPEN');
});

it('is carried over again from the approval that it made, not from the first', () => {
  world.events('ann', addVersion('cropped'));
  const second = world.first<'ApprovalCarriedOver'>('ben', carryOver(approval, 'crop-5', { measured: 2 })).approval;
  world.events('ann', addVersion('cropped again'));
  expect(world.refusal('ben', carryOver(approval, 'crop-5', { measured: 2 }))).toBe('CARRY_OVER_IMPOSSIBLE');
  expect(world.refusal('ben', carryOver(second, 'crop-5', { measured: 2 }))).toBe('accepted');
});
