import {
  decide,
  defineWorkflow,
  POSTER,
  register,
  requestReview,
  revise,
  threeStages,
} from '../../../test/domain/commands';
import { keepDeadline } from '../../../test/domain/reviewcommands';
import { uuidOf, World } from '../../../test/domain/world';

type StageDeadline = NonNullable<(typeof threeStages)['stages'][number]['deadline']>;

let world: World;

/** A review that needs Ben or Cat within a day from 2 March, 9:00 on. */
function asked(deadline: Partial<StageDeadline>): string {
  world = new World();
  const stage = {
    id: 'one',
    paths: [{ id: 'a', candidates: { people: ['ben', 'cat'] }, quorum: 1 }],
    deadline: { hours: 24, onSilence: 'remind', ...deadline } as const,
  };
  world.events('ann', defineWorkflow({ name: 'One', stages: [stage] }));
  world.events('ann', revise());
  world.events('ann', register());
  return world.first<'ReviewRequested'>('ann', requestReview()).review;
}

const at = (time: string, review: string) => {
  world.now = time;
  return world.events({ id: 'palimpsest', kind: 'service' }, keepDeadline(review));
};

it('asks for nothing before it is time', () => {
  const review = asked({ remindBefore: [4] });
  expect(at('2026-03-03T04:59:59.999Z', review)).toEqual([]);
});

it('reminds once at each time, and of what was missed only the last', () => {
  const review = asked({ remindBefore: [4, 20] });
  expect(at('2026-03-02T13:00:00.000Z', review)).toMatchObject([
    {
      type: 'ReviewReminded',
      data: { stage: 'one', due: '2026-03-03T09:00:00.000Z', reminder: '2026-03-02T13:00:00.000Z' },
    },
  ]);
  expect(at('2026-03-02T14:00:00.000Z', review)).toEqual([]);
  expect(at('2026-03-03T10:00:00.000Z', review)).toMatchObject([{ data: { reminder: '2026-03-03T09:00:00.000Z' } }]);
  expect(at('2026-03-03T11:00:00.000Z', review)).toEqual([]);
});

it('lets more people decide after the deadline, once', () => {
  const review = asked({ onSilence: 'escalate', escalateTo: { people: ['zoe'] } });
  expect(world.refusal('zoe', decide())).toBe('NOT_A_CANDIDATE');
  expect(at('2026-03-03T09:00:00.000Z', review)).toMatchObject([
    { type: 'ReviewEscalated', data: { candidates: { people: ['zoe'] } } },
  ]);
  expect(at('2026-03-04T09:00:00.000Z', review)).toEqual([]);
  expect(world.types('zoe', decide())).toContain('ApprovalGranted');
});

it('ends the review without an approval', () => {
  const review = asked({ onSilence: 'lapse' });
  expect(at('2026-03-03T09:00:00.000Z', review)).toMatchObject([{ type: 'ReviewLapsed', data: { stage: 'one' } }]);
  expect(world.asset(POSTER).review).toBeUndefined();
  expect(world.refusal('ben', decide())).toBe('REVIEW_NOT_OPEN');
});

it('approves by the rule and by no person, where the stage says that silence is enough', () => {
  const review = asked({ onSilence: 'approve' });
  expect(at('2026-03-03T09:00:00.000Z', review)).toMatchObject([
    { type: 'StageSatisfied', data: { byRule: true, filled: [{ path: 'a', people: [] }] } },
    { type: 'ApprovalGranted', data: { decidedBy: [] } },
  ]);
});

it('asks for nothing where there is no deadline, and is refused for another review', () => {
  world = new World();
  world.events('ann', register());
  const { review } = world.first<'ReviewRequested'>('ann', requestReview());
  expect(at('2030-01-01T00:00:00.000Z', review)).toEqual([]);
  expect(world.refusal('ann', keepDeadline(uuidOf('other')))).toBe('REVIEW_NOT_OPEN');
});
