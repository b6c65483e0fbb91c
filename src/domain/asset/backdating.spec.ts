import {
  addVersion,
  attest,
  content,
  decide,
  launch,
  observePlacement,
  place,
  plan,
  register,
  requestReview,
} from '../../../test/domain/commands';
import { World } from '../../../test/domain/world';

const MADE = '2026-03-02T09:00:00.000Z';
const DAY_BEFORE = '2026-03-01T09:00:00.000Z';
const MINUTES_BEFORE = '2026-03-02T08:56:00.000Z';

let world: World;
beforeEach(() => {
  world = new World();
  world.now = MADE;
  world.events('ann', register());
});

/** What is done next claims to have been done then. */
const at = (instant: string) => {
  world.now = instant;
};

describe('an act that claims to be older than the version it is about', () => {
  it('is refused: asking for a review', () => {
    at(DAY_BEFORE);
    expect(world.does('ann', requestReview())).toMatchObject({
      refusal: { code: 'BEFORE_VERSION', path: ['occurredAt'] },
    });
  });

  it('is refused: a decision, whichever it is', () => {
    world.events('ann', requestReview());
    at(DAY_BEFORE);
    for (const word of ['approve', 'reject', 'abstain'] as const) {
      expect(world.refusal('ben', decide(word))).toBe('BEFORE_VERSION');
    }
    at(MADE);
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('is refused: a placement', () => {
    world.events('ann', requestReview());
    world.events('ben', decide());
    world.events('ann', plan());
    world.events('ann', launch());
    at(DAY_BEFORE);
    expect(world.refusal('ann', place())).toBe('BEFORE_VERSION');
  });

  it('is measured by that version, not by an earlier one', () => {
    at('2026-03-09T09:00:00.000Z');
    world.events('ann', addVersion('second draft'));
    world.events('ann', requestReview());
    at('2026-03-05T09:00:00.000Z');
    const decision = decide('approve', { version: 2, digest: content('second draft').digest });
    expect(world.refusal('ben', decision)).toBe('BEFORE_VERSION');
  });

  it('may be some minutes older, since clocks differ', () => {
    at(MINUTES_BEFORE);
    world.events('ann', requestReview());
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });
});

describe('a report that claims to be older than the version it is about', () => {
  it('is recorded and marked', () => {
    world.events('ann', plan());
    world.events('ann', launch());
    at(DAY_BEFORE);
    expect(world.first<'DecisionAttested'>('ben', attest()).wouldRefuse).toEqual(['BEFORE_VERSION']);
    const seen = world.first<'PlacementObserved'>('ben', observePlacement());
    expect(seen.wouldRefuse).toEqual(['BEFORE_VERSION', 'NOT_APPROVED']);
  });
});
