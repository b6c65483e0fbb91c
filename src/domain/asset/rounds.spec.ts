import {
  addVersion,
  changeMetadata,
  content,
  decide,
  defineWorkflow,
  nameSubstitute,
  POSTER,
  register,
  requestReview,
  revise,
  threeStages,
  words,
} from '../../../test/domain/commands';
import { assign, withdrawDecision, withdrawReview } from '../../../test/domain/reviewcommands';
import { World } from '../../../test/domain/world';

type Definition = typeof threeStages;
type Path = Definition['stages'][number]['paths'][number];

let world: World;
beforeEach(() => {
  world = new World();
});

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

describe('a substitute', () => {
  beforeEach(() => {
    world.events('ben', nameSubstitute('dan'));
    asked();
  });

  it('decides instead of a candidate, who then has decided', () => {
    expect(world.does('dan', decide())).toMatchObject({
      refusal: { code: 'NOT_A_CANDIDATE', message: /stand in for ben/ },
    });
    const [recorded] = world.events('dan', decide('approve', { insteadOf: 'ben' }));
    expect(recorded?.data).toMatchObject({ insteadOf: 'ben', paths: ['brand'] });
    expect(world.asset(POSTER).review?.under?.stage?.id).toBe('legal');
  });

  it('counts once together with the candidate', () => {
    world.events('ann', defineWorkflow(one(path('a', ['ben', 'cat'], 2))));
    world.events('ann', withdrawReview());
    world.events('ann', requestReview());
    world.events('dan', decide('approve', { insteadOf: 'ben' }));
    expect(world.refusal('ben', decide())).toBe('ALREADY_DECIDED');
    expect(world.types('cat', decide())).toContain('ApprovalGranted');
  });

  it('has authority only while it was given, and one step far', () => {
    world.events('dan', nameSubstitute('eve'));
    expect(world.refusal('eve', decide('approve', { insteadOf: 'ben' }))).toBe('NOT_A_SUBSTITUTE');
    expect(world.refusal('eve', decide('approve', { insteadOf: 'dan' }))).toBe('NOT_A_CANDIDATE');
    world.now = '2026-03-08T00:00:00.000Z';
    expect(world.refusal('dan', decide('approve', { insteadOf: 'ben' }))).toBe('NOT_A_SUBSTITUTE');
  });

  it('inherits whatever keeps either of the two out', () => {
    world.events('ben', addVersion('second draft'));
    const now = { version: 2, digest: content('second draft').digest, insteadOf: 'ben' };
    expect(world.refusal('dan', decide('approve', now))).toBe('FOUR_EYES');
    world.events('dan', addVersion('third draft'));
    world.events('cat', nameSubstitute('dan'));
    const then = { version: 3, digest: content('third draft').digest, insteadOf: 'cat' };
    expect(world.refusal('dan', decide('approve', then))).toBe('FOUR_EYES');
  });

  it('is kept out where the candidate made the same bytes in another asset', () => {
    world = new World();
    world.events('ben', nameSubstitute('dan'));
    world.events('ben', register({ asset: '00000000-0000-4000-8000-000000000001', content: content('first draft') }));
    asked();
    expect(world.refusal('dan', decide('approve', { insteadOf: 'ben' }))).toBe('FOUR_EYES');
    expect(world.types('cat', decide())).toContain('StageSatisfied');
  });
});

describe('rounds', () => {
  it('wait for something new after a request for changes, and begin again with it in the same review', () => {
    asked();
    const { review } = world.asset(POSTER).review!;
    world.events('cat', decide());
    expect(world.events('dan', decide('changesRequested'))).toMatchObject([{ data: { ends: 'round' } }]);
    expect(world.refusal('eve', decide())).toBe('REVIEW_SUSPENDED');
    expect(world.refusal('ann', requestReview())).toBe('REVIEW_ALREADY_OPEN');
    expect(world.events('ann', addVersion('second draft'))).toMatchObject([
      { type: 'VersionAdded' },
      { type: 'ReviewRoundOpened', data: { review, round: 2, version: 2, cause: 'newVersion' } },
      { type: 'StageOpened', data: { stage: 'brand', round: 2, version: 2 } },
    ]);
    const now = { version: 2, digest: content('second draft').digest };
    expect(world.types('cat', decide('approve', now))).toContain('StageSatisfied');
  });

  it('begin again with a material change, also of a field that only the rules call material', () => {
    asked(threeStages, { metadata: { claim: words('Fresh') } });
    world.events('cat', decide());
    expect(world.types('ann', changeMetadata({ set: { shelf: words('7') } }))).toEqual(['MetadataChanged']);
    expect(world.types('ann', changeMetadata({ set: { claim: words('Fresher') } }))).toEqual([
      'MetadataChanged',
      'ReviewRoundOpened',
      'StageOpened',
    ]);
    expect(world.asset(POSTER).review?.decided).toEqual([]);
  });

  it('say so if whoever made the new thing leaves too few people', () => {
    asked(one(path('a', ['ben', 'cat'], 2)));
    expect(world.types('ben', addVersion('second draft'))).toContain('QuorumUnreachable');
  });

  it('stay on the rules with which the review began', () => {
    asked();
    world.events('ann', defineWorkflow(one(path('a', ['ben']))));
    world.events('cat', decide('changesRequested'));
    const events = world.events('ann', addVersion('second draft'));
    expect(events.at(-1)).toMatchObject({ type: 'StageOpened', data: { stage: 'brand' } });
  });
});

describe('taking back', () => {
  it('a request ends the review, and only whoever asked can', () => {
    asked();
    expect(world.refusal('ben', withdrawReview())).toBe('NOT_THE_SUBMITTER');
    expect(world.types('ann', withdrawReview())).toEqual(['ReviewWithdrawn']);
    expect(world.refusal('cat', decide())).toBe('REVIEW_NOT_OPEN');
  });

  it('a decision before the approval opens the stage again that it had satisfied', () => {
    asked();
    world.events('cat', decide());
    world.events('dan', decide());
    const events = world.events('cat', withdrawDecision());
    expect(events).toMatchObject([{ type: 'DecisionWithdrawn' }, { type: 'StageOpened', data: { stage: 'brand' } }]);
    expect(world.asset(POSTER).review?.decided).toEqual([]);
  });

  it('a request for changes lets the round go on', () => {
    asked();
    world.events('cat', decide('changesRequested'));
    expect(world.types('cat', withdrawDecision())).toEqual(['DecisionWithdrawn', 'StageOpened']);
    expect(world.types('ben', decide())).toContain('StageSatisfied');
  });

  it('a decision after the approval ends it', () => {
    asked(one(path('a', ['ben'])));
    world.events('ben', decide());
    expect(world.events('ben', withdrawDecision())).toMatchObject([
      { type: 'DecisionWithdrawn', data: { person: 'ben' } },
      { type: 'ApprovalLapsed', data: { reason: 'withdrawn' } },
    ]);
    expect(world.refusal('ben', withdrawDecision())).toBe('DECISION_NOT_FOUND');
  });

  it('works where one approver is enough', () => {
    world.events('ann', register());
    world.events('ann', requestReview());
    world.events('ben', decide());
    expect(world.types('ben', withdrawDecision())).toEqual(['DecisionWithdrawn', 'ApprovalLapsed']);
  });
});

describe('asking one of the candidates', () => {
  it('is noted once, and gives nobody a right', () => {
    asked();
    expect(world.events('ann', assign('brand', 'cat'))).toMatchObject([{ data: { stage: 'brand', person: 'cat' } }]);
    expect(world.events('ann', assign('brand', 'Cat'))).toEqual([]);
    expect(world.refusal('ann', assign('brand', 'zoe'))).toBe('NOT_A_CANDIDATE');
    expect(world.refusal('ann', assign('law', 'dan'))).toBe('PATH_NOT_FOUND');
    expect(world.types('ben', decide())).toContain('StageSatisfied');
  });
});
