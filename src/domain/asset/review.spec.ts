import {
  addVersion,
  attest,
  content,
  decide,
  evidence,
  POSTER,
  register,
  requestReview,
  retire,
  words,
} from '../../../test/domain/commands';
import { uuidOf, World } from '../../../test/domain/world';
import type { DomainEvent } from '../catalogue';
import type { Outcome } from '../decider';
import type { Actor } from '../event';
import { reasonsOf } from '../refusal';
import type { MetadataFields } from './material';
import { evolve } from './state';

const service = (id: string, onBehalfOf?: string): Actor => ({ id, kind: 'service', onBehalfOf });

const codesOf = (outcome: Outcome<DomainEvent>) =>
  'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code }) => code) : [];

let world: World;
beforeEach(() => {
  world = new World();
});

describe('asking for a review', () => {
  beforeEach(() => world.events('ann', register({ metadata: { claim: words('Fresh', true) } })));

  it('binds the review to version, content and material metadata', () => {
    const [requested] = world.events('ann', requestReview({ note: 'for Friday' }));
    expect(requested?.data).toMatchObject({ version: 1, digest: content().digest, required: 1, note: 'for Friday' });
  });

  it('hashes the material metadata the same in whatever order it was set, and nothing else', () => {
    const [a, b] = [words('1', true), words('2', true)];
    const orders: MetadataFields[] = [
      { b, a },
      { a, b, shelf: words('7') },
    ];
    const hashes = orders.map((metadata, index) => {
      const asset = uuidOf(`asset ${index}`);
      world.events('ann', register({ asset, metadata }));
      return world.first<'ReviewRequested'>('ann', requestReview({ asset })).materialHash;
    });
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('gives every reason for which it is refused', () => {
    world.events('ann', requestReview());
    world.now = '2026-01-01T00:00:00.000Z';
    expect(codesOf(world.does('ann', requestReview()))).toEqual(['BEFORE_VERSION', 'REVIEW_ALREADY_OPEN']);
  });

  it('refuses a version that is not there or no longer current', () => {
    expect(world.refusal('ann', requestReview({ version: 2 }))).toBe('VERSION_NOT_FOUND');
    world.events('ann', addVersion('second draft'));
    expect(world.refusal('ann', requestReview({ version: 1 }))).toBe('VERSION_NOT_CURRENT');
  });

  it('refuses an asset without content', () => {
    const asset = uuidOf('empty');
    world.events('ann', register({ asset, content: undefined }));
    expect(world.refusal('ann', requestReview({ asset }))).toBe('VERSION_NOT_FOUND');
  });
});

describe('deciding', () => {
  it('approves with the decision that completes what was asked for', () => {
    world.events('ann', register());
    world.events('ann', requestReview({ required: 2 }));
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded']);
    expect(world.types('cat', decide('abstain'))).toEqual(['DecisionRecorded']);
    const [recorded, granted] = world.events('dan', decide());
    expect(recorded).toMatchObject({ type: 'DecisionRecorded', data: { decision: 'approve', role: 'brand' } });
    expect(granted).toMatchObject({
      type: 'ApprovalGranted',
      data: { version: 1, digest: content().digest, decidedBy: ['ben', 'dan'] },
    });
  });

  it('records the decision of a program as advice, even on behalf of a person, and never as an approval', () => {
    world.events('ann', register());
    world.events('ann', requestReview());
    expect(world.types(service('checker'), decide())).toEqual(['DecisionRecorded']);
    expect(world.types({ id: 'agent', kind: 'agent' }, decide())).toEqual(['DecisionRecorded']);
    for (const actor of [service('desk', 'ben'), { id: 'pilot', kind: 'agent', onBehalfOf: 'ben' } as const]) {
      expect(world.events(actor, decide())).toMatchObject([{ type: 'DecisionRecorded', data: { automated: true } }]);
    }
    const [recorded, granted] = world.events('ben', decide());
    expect(recorded?.data).not.toHaveProperty('automated');
    expect(granted).toMatchObject({ type: 'ApprovalGranted', data: { decidedBy: ['ben'] } });
  });

  it('records the decision of a person on behalf of another as advice', () => {
    world.events('ann', register());
    world.events('ann', requestReview());
    const assistant: Actor = { id: 'cat', kind: 'person', onBehalfOf: 'ben' };
    expect(world.events(assistant, decide())).toMatchObject([{ type: 'DecisionRecorded', data: { automated: true } }]);
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('takes one piece of advice from each program, which replaces no decision of a person', () => {
    world.events('ann', register());
    world.events('ann', requestReview({ required: 2 }));
    world.events(service('desk', 'ben'), decide());
    expect(world.refusal(service('desk', 'ben'), decide())).toBe('ALREADY_DECIDED');
    expect(world.refusal(service('desk', 'cat'), decide())).toBe('ALREADY_DECIDED');
    expect(world.types('ben', decide())).toEqual(['DecisionRecorded']);
    expect(world.types('cat', decide())).toEqual(['DecisionRecorded', 'ApprovalGranted']);
  });

  it('still counts a decision in an old log that was made through a service', () => {
    world.events('ann', register());
    const { review, digest, materialHash } = world.first<'ReviewRequested'>('ann', requestReview({ required: 2 }));
    const data = { review, version: 1, digest, materialHash, decision: 'approve', role: 'brand' } as const;
    const metadata = { actorId: 'desk', onBehalfOf: 'ben', occurredAt: world.now };
    const state = evolve(world.asset(POSTER), { type: 'DecisionRecorded', data, metadata });
    expect(state.review?.decided).toEqual([{ by: 'ben', decision: 'approve', counts: true }]);
  });

  it.each(['approveWithChanges', 'changesRequested', 'reject'] as const)(
    'closes the review with %s and approves nothing',
    (decision) => {
      world.events('ann', register());
      world.events('ann', requestReview());
      expect(world.types('ben', decide(decision))).toEqual(['DecisionRecorded']);
      expect(world.refusal('cat', decide())).toBe('REVIEW_NOT_OPEN');
      expect(world.types('ann', requestReview())).toEqual(['ReviewRequested']);
    },
  );

  it('refuses a decision about something other than what is under review', () => {
    world.events('ann', register());
    world.events('ann', addVersion('second draft'));
    world.events('ann', requestReview());
    expect(world.refusal('ben', decide('approve', { version: 1 }))).toBe('DECISION_STALE');
    expect(world.refusal('ben', decide('approve', { version: 2, digest: content('other').digest }))).toBe(
      'DECISION_STALE',
    );
  });
});

describe('a decision that is refused', () => {
  it('gives every reason: what is stale, and who cannot decide', () => {
    world.events('ann', register());
    world.events('ann', requestReview({ required: 2 }));
    world.events('ben', decide());
    const stale = { version: 3, digest: content('other').digest };
    world.now = '2026-01-01T00:00:00.000Z';
    const first = ['DECISION_STALE', 'DECISION_STALE', 'BEFORE_VERSION'];
    expect(codesOf(world.does('ann', decide('approve', stale)))).toEqual([...first, 'FOUR_EYES']);
    expect(codesOf(world.does('ben', decide('approve', stale)))).toEqual([...first, 'ALREADY_DECIDED']);
  });
});

describe('a decision reported from elsewhere', () => {
  beforeEach(() => world.events('ann', register()));

  const faults = (actor: string, fields = {}) => world.first<'DecisionAttested'>(actor, attest(fields)).wouldRefuse;

  it('is recorded with its evidence and makes no approval', () => {
    const [attested] = world.events('ben', attest());
    expect(attested).toEqual({
      type: 'DecisionAttested',
      data: {
        version: 1,
        digest: content().digest,
        decision: 'approve',
        role: 'reviewer',
        evidence,
        automated: false,
        wouldRefuse: [],
        makersAt: expect.any(String),
      },
    });
    expect(world.asset(POSTER).approval).toBeUndefined();
  });

  it('is recorded and marked where the author reviewed their own work', () => {
    expect(faults('ann')).toEqual(['FOUR_EYES']);
  });

  it('is recorded and marked if a maker of these bytes in another asset reviewed them', () => {
    world.events('cat', register({ asset: uuidOf('other') }));
    expect(faults('cat')).toEqual(['FOUR_EYES']);
  });

  it('is recorded and marked where the one who reviewed it may be the author under another address', () => {
    const attested = (samePersonAs: readonly string[]) =>
      world.first<'DecisionAttested'>(
        'ben',
        attest({ samePersonAs, evidence: { ...evidence, reference: samePersonAs[0]! } }),
      );
    expect(attested(['ann', 'cat'])).toMatchObject({ wouldRefuse: ['FOUR_EYES'], suspectedSamePerson: ['ann'] });
    const other = attested(['cat']);
    expect([other.wouldRefuse, other.suspectedSamePerson]).toEqual([[], undefined]);
    const self = attest({ samePersonAs: ['ann', 'cat'] });
    expect(world.first<'DecisionAttested'>('ann', self).wouldRefuse).toEqual(['FOUR_EYES']);
  });

  it('is recorded and marked for an older version and for a retired asset', () => {
    world.events('ann', addVersion('second draft'));
    expect(faults('ben')).toEqual(['DECISION_STALE']);
    world.events('ann', retire());
    expect(faults('ben', { version: 2 })).toEqual(['ASSET_RETIRED']);
  });

  it('is recorded once, however often it is told, and again with other evidence', () => {
    world.events('ben', attest());
    expect(world.events('ben', attest())).toEqual([]);
    expect(world.types('ben', attest({ evidence: { ...evidence, reference: 'beef Reviewed-by' } }))).toEqual([
      'DecisionAttested',
    ]);
    expect(world.types('cat', attest())).toEqual(['DecisionAttested']);
  });

  it('is refused only about a version that does not exist', () => {
    expect(world.refusal('ben', attest({ version: 2 }))).toBe('VERSION_NOT_FOUND');
  });
});
