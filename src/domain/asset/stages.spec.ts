import {
  addVersion,
  changeMetadata,
  content,
  decide,
  defineWorkflow,
  LAUNCHING,
  register,
  requestReview,
  revise,
  threeStages,
  words,
} from '../../../test/domain/commands';
import { World } from '../../../test/domain/world';
import type { DomainEvent } from '../catalogue';
import type { Outcome } from '../decider';
import { reasonsOf } from '../refusal';

type Definition = typeof threeStages;
type Path = Definition['stages'][number]['paths'][number];

let world: World;
beforeEach(() => {
  world = new World();
});

const codesOf = (outcome: Outcome<DomainEvent>) =>
  'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code }) => code) : [];

const one = (...paths: Path[]): Definition => ({ name: 'One', stages: [{ id: 'one', paths }] });
const path = (id: string, people: readonly string[], quorum = 1): Path => ({
  id,
  candidates: { people },
  quorum,
});

/** Ann has registered a poster and asks for a review under these rules. */
function asked(definition: Definition = threeStages, fields: Parameters<typeof register>[0] = {}) {
  world.events('ann', defineWorkflow(definition));
  world.events('ann', revise());
  world.events('ann', register(fields));
  return world.events('ann', requestReview());
}

describe('asking for a review where the rulebook names a workflow', () => {
  it('names the exact rules and opens the first stage, with its deadline as an instant', () => {
    const [requested, opened] = asked();
    expect(requested?.data).toMatchObject({
      workflow: LAUNCHING,
      workflowVersion: 1,
      workflowHash: world.standing('workflow', LAUNCHING)?.versions[0]?.hash,
      rulebook: 1,
      scope: { kind: 'image' },
      materialFields: ['claim', 'brand', 'market'],
      required: 2,
    });
    expect(opened).toMatchObject({
      type: 'StageOpened',
      data: {
        stage: 'brand',
        number: 1,
        due: '2026-03-04T16:00:00.000Z',
        remindAt: ['2026-03-03T16:00:00.000Z'],
        paths: [{ path: 'brand', quorum: 1, eligible: 2 }],
        excluded: ['ann'],
      },
    });
  });

  it('follows the newest version, or the one that the rulebook names', () => {
    world.events('ann', defineWorkflow());
    world.events('ann', defineWorkflow({ ...threeStages, name: 'Newer' }));
    world.events('ann', revise({ entries: [{ scope: {}, workflow: LAUNCHING, workflowVersion: 1 }] }));
    world.events('ann', register());
    expect(world.first<'ReviewRequested'>('ann', requestReview()).workflowVersion).toBe(1);
  });

  it('goes by the brand and market of the asset, which the submitter cannot choose', () => {
    world.events('ann', defineWorkflow());
    world.events('ann', revise({ entries: [{ scope: { brand: 'Alma', market: 'PT' }, workflow: LAUNCHING }] }));
    world.events('ann', register({ metadata: { brand: words('Alma'), market: words('PT') } }));
    expect(world.types('ann', requestReview())).toEqual(['ReviewRequested', 'StageOpened']);
  });

  it('needs one approver where no entry of the rulebook covers the asset', () => {
    world.events('ann', defineWorkflow());
    world.events('ann', revise());
    world.events('ann', register({ kind: 'video' }));
    expect(world.types('ann', requestReview())).toEqual(['ReviewRequested']);
    expect(world.types('zoe', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('does not let the submitter say how many must approve', () => {
    world.events('ann', defineWorkflow());
    world.events('ann', revise());
    world.events('ann', register());
    expect(world.refusal('ann', requestReview({ required: 1 }))).toBe('INVALID_INPUT');
  });

  it('is refused if too few are left in a path, and every such path is named', () => {
    world.events('ann', defineWorkflow());
    world.events('ann', revise());
    world.events('ann', register({ content: { ...content(), contributors: ['ben', 'Cat', 'eve', 'dan'] } }));
    const outcome = world.does('ann', requestReview());
    const reasons = 'refusal' in outcome ? reasonsOf(outcome.refusal) : [];
    expect(reasons.map(({ code }) => code)).toEqual(Array(3).fill('QUORUM_UNREACHABLE'));
    expect(reasons.map(({ message }) => message.slice(0, 30))).toEqual([
      'Path brand of stage brand need',
      'Path law of stage legal needs ',
      'Path data of stage legal needs',
    ]);
  });

  it('is refused if one person would have to fill two paths', () => {
    world.events('ann', defineWorkflow(one(path('a', ['ben']), path('b', ['ben']))));
    world.events('ann', revise());
    world.events('ann', register());
    expect(world.does('ann', requestReview())).toMatchObject({ refusal: { message: /Path b of stage one/ } });
  });
});

describe('deciding stage by stage', () => {
  it('opens each stage when the one before is satisfied, and grants with the last', () => {
    asked();
    expect(world.types('cat', decide())).toEqual(['DecisionRecorded', 'StageSatisfied', 'StageOpened']);
    expect(world.types('dan', decide())).toEqual(['DecisionRecorded']);
    const [recorded, satisfied, granted] = world.events('eve', decide());
    expect(recorded?.data).toMatchObject({ stage: 'legal', round: 1, paths: ['law', 'data', 'style'], rulebook: 1 });
    expect(satisfied?.data).toMatchObject({
      filled: [
        { path: 'law', people: ['dan'] },
        { path: 'data', people: ['eve'] },
      ],
    });
    expect(granted).toMatchObject({
      type: 'ApprovalGranted',
      data: { decidedBy: ['cat', 'dan', 'eve'], workflow: LAUNCHING, workflowVersion: 1 },
    });
  });

  it('gives the same verdict in whatever order people decide', () => {
    for (const order of [
      ['ben', 'cat'],
      ['cat', 'ben'],
    ]) {
      world = new World();
      asked(one(path('a', ['ben', 'cat']), path('b', ['ben'])));
      const types = order.flatMap((person) => world.types(person, decide()));
      expect(types.at(-1)).toBe('ApprovalGranted');
    }
  });

  it('counts one person once, even in two paths', () => {
    asked(one(path('a', ['ben', 'cat']), path('b', ['ben', 'cat'])));
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded']);
    expect(world.refusal('BEN', decide())).toBe('ALREADY_DECIDED');
  });

  it('lets somebody decide in the next stage too, if they say that they mean it', () => {
    asked();
    world.events('cat', decide());
    expect(world.refusal('cat', decide())).toBe('ALREADY_DECIDED');
    expect(world.types('cat', decide('approve', { stage: 'legal' }))).toEqual(['DecisionRecorded']);
    expect(world.refusal('dan', decide('approve', { stage: 'brand' }))).toBe('DECISION_STALE');
  });

  it('counts a decision in its own stage only, also where two stages have a path of one id', () => {
    const [first] = one(path('a', ['ben'])).stages;
    const [second] = one(path('a', ['ben', 'cat'], 2)).stages;
    asked({ name: 'Twice', stages: [first!, { ...second!, id: 'two' }] });
    world.events('ben', decide());
    expect(world.types('cat', decide())).toEqual(['DecisionRecorded']);
    expect(world.types('ben', decide('approve', { stage: 'two' }))).toContain('ApprovalGranted');
  });

  it('takes the decision of candidates only, by the people that the rulebook has when they decide', () => {
    asked();
    expect(world.refusal('zoe', decide())).toBe('NOT_A_CANDIDATE');
    world.events('ann', revise({ roles: [{ name: 'brand manager', people: ['zoe'] }] }));
    expect(world.refusal('cat', decide())).toBe('NOT_A_CANDIDATE');
    expect(world.types('zoe', decide())).toContain('StageSatisfied');
  });

  it('keeps out everybody involved since the last approval, and who acted for them or for whom they acted', () => {
    asked(one({ id: 'any', candidates: { anybody: true }, quorum: 1 }), {
      content: { ...content(), contributors: ['kim'] },
    });
    world.events('bob', addVersion('second draft', {}));
    world.events({ id: 'assistant', kind: 'person', onBehalfOf: 'bob' }, changeMetadata({ tags: ['x'] }));
    const now = decide('approve', { version: 2, digest: content('second draft').digest });
    for (const person of ['ann', 'kim', 'bob', 'assistant']) expect(world.refusal(person, now)).toBe('FOUR_EYES');
    expect(world.types('zoe', now)).toContain('ApprovalGranted');
    world.events('ann', addVersion('third draft'));
    world.events('ann', requestReview());
    expect(world.types('kim', decide('approve', { version: 3, digest: content('third draft').digest }))).toContain(
      'ApprovalGranted',
    );
  });

  it('takes the word of a program as advice that satisfies and ends nothing', () => {
    asked();
    const bot = { id: 'checker', kind: 'service' } as const;
    expect(world.events(bot, decide('reject'))).toMatchObject([{ data: { automated: true, paths: [] } }]);
    expect(world.types({ id: 'cat', kind: 'person', onBehalfOf: 'ben' }, decide())).toEqual(['DecisionRecorded']);
    expect(world.types('ben', decide())).toContain('StageSatisfied');
  });

  it('gives every reason why a decision is refused', () => {
    asked();
    expect(codesOf(world.does('ann', decide('approve', { version: 7, stage: 'legal', insteadOf: 'ben' })))).toEqual([
      'DECISION_STALE',
      'FOUR_EYES',
      'DECISION_STALE',
      'NOT_A_SUBSTITUTE',
    ]);
  });

  it('does not wait for an optional path, in which a rejection rejects all the same', () => {
    asked();
    world.events('cat', decide());
    expect(world.events('zoe', decide('reject'))).toMatchObject([{ data: { paths: ['style'], ends: 'review' } }]);
    expect(world.refusal('dan', decide())).toBe('REVIEW_NOT_OPEN');
  });

  it('says when an abstention leaves too few people', () => {
    asked();
    expect(world.types('ben', decide('abstain'))).toEqual(['DecisionRecorded']);
    expect(world.events('cat', decide('abstain'))).toMatchObject([
      { type: 'DecisionRecorded' },
      { type: 'QuorumUnreachable', data: { paths: ['brand'] } },
    ]);
  });
});
