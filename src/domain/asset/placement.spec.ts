import {
  addVersion,
  content,
  decide,
  end,
  endPlacement,
  evidence,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
  restore,
  retire,
} from '../../../test/domain/commands';
import { sha256, uuidOf, World } from '../../../test/domain/world';
import { reasonsOf } from '../refusal';
import type { AssetCommand } from './decider';

let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', register());
});

const approve = () => {
  world.events('ann', requestReview());
  return world.events('ben', decide())[1]?.data as { approval: string };
};
const open = () => {
  world.events('ann', plan());
  world.events('ann', launch());
};
const started = (fields = {}) => world.first<'PlacementStarted'>('ann', place(fields)).placement;
const observed = (fields = {}) => world.first<'PlacementObserved'>('ann', observePlacement(fields));
const observeEnd = (placement: string): AssetCommand => ({ type: 'ObservePlacementEnd', asset: POSTER, placement });

describe('placing in a campaign', () => {
  it('names the approval that allowed it', () => {
    const { approval } = approve();
    open();
    const [placement] = world.events('ann', place({ market: 'PT' }));
    expect(placement).toMatchObject({
      type: 'PlacementStarted',
      data: { version: 1, digest: content().digest, approval, channel: 'web', market: 'PT' },
    });
  });

  it('refuses a version that is not approved, or no longer', () => {
    open();
    expect(world.refusal('ann', place())).toBe('NOT_APPROVED');
    approve();
    world.events('ann', addVersion('second draft'));
    expect(world.refusal('ann', place())).toBe('NOT_APPROVED');
    expect(world.refusal('ann', place({ version: 2 }))).toBe('NOT_APPROVED');
    expect(world.refusal('ann', place({ version: 3 }))).toBe('VERSION_NOT_FOUND');
  });

  it('says of a version that is not there what else stands in the way', () => {
    const outcome = world.does('ann', place({ version: 3 }));
    const codes = 'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code }) => code) : [];
    expect(codes).toEqual(['VERSION_NOT_FOUND', 'NOT_APPROVED', 'CAMPAIGN_NOT_FOUND']);
  });

  it('refuses a campaign that is unknown, not launched yet, or ended', () => {
    approve();
    expect(world.refusal('ann', place())).toBe('CAMPAIGN_NOT_FOUND');
    world.events('ann', plan());
    expect(world.refusal('ann', place())).toBe('CAMPAIGN_NOT_OPEN');
    world.events('ann', launch());
    world.events('ann', end());
    expect(world.refusal('ann', place())).toBe('CAMPAIGN_NOT_OPEN');
  });

  it('refuses the same place twice, and takes another market or a place that became free', () => {
    approve();
    open();
    const placement = started({ market: 'PT' });
    expect(world.refusal('ann', place({ market: 'PT' }))).toBe('PLACEMENT_EXISTS');
    expect(world.types('ann', place())).toEqual(['PlacementStarted']);
    world.events('ann', endPlacement(placement));
    expect(world.types('ann', place({ market: 'PT' }))).toEqual(['PlacementStarted']);
  });
});

describe('ending a placement', () => {
  it('ends it once', () => {
    approve();
    open();
    const placement = started();
    expect(world.types('ann', endPlacement(placement))).toEqual(['PlacementEnded']);
    expect(world.refusal('ann', endPlacement(placement))).toBe('PLACEMENT_ENDED');
    expect(world.refusal('ann', endPlacement(uuidOf('nowhere')))).toBe('PLACEMENT_NOT_FOUND');
  });
});

describe('a placement seen elsewhere', () => {
  it('is recorded whatever the gates say, marked with each that would have refused', () => {
    world.events('ann', retire());
    expect(observed({ evidence })).toMatchObject({
      evidence,
      wouldRefuse: ['ASSET_RETIRED', 'NOT_APPROVED', 'CAMPAIGN_NOT_FOUND'],
    });
  });

  it('carries no mark where a gate would have let it through', () => {
    approve();
    open();
    expect(observed()).toMatchObject({ wouldRefuse: [] });
  });

  it('is marked where the campaign has not opened', () => {
    approve();
    world.events('ann', plan());
    expect(observed()).toMatchObject({ wouldRefuse: ['CAMPAIGN_NOT_OPEN'] });
  });

  it('is recorded once while it runs, and its end once', () => {
    const { placement } = observed();
    expect(world.events('ann', observePlacement())).toEqual([]);
    expect(world.types('ann', observeEnd(placement))).toEqual(['PlacementEndObserved']);
    expect(world.events('ann', observeEnd(placement))).toEqual([]);
  });

  it('may name the bytes that were seen: the newest version that has them', () => {
    world.events('ann', addVersion('second draft'));
    world.events('ann', addVersion('first draft'));
    const seen = { version: undefined, digest: content().digest, path: 'icons/sun.svg' };
    expect(observed(seen)).toMatchObject({ version: 3, digest: content().digest, path: 'icons/sun.svg' });
  });

  it('is recorded where the bytes are no version of the asset, and says that a gate would have refused them', () => {
    approve();
    open();
    const seen = { version: undefined, digest: sha256('a hotfix') };
    const data = observed(seen);
    expect(data).toMatchObject({ digest: seen.digest, wouldRefuse: ['VERSION_NOT_FOUND', 'NOT_APPROVED'] });
    expect(data.version).toBeUndefined();
    expect(world.events('ann', observePlacement(seen))).toEqual([]);
    expect(world.types('ann', observePlacement({ ...seen, digest: sha256('another') }))).toEqual(['PlacementObserved']);
    expect(world.types('ann', observeEnd(data.placement))).toEqual(['PlacementEndObserved']);
  });

  it('names its content once', () => {
    const digest = content().digest;
    for (const fields of [{ digest }, { version: undefined }]) {
      expect(world.refusal('ann', observePlacement(fields))).toBe('INVALID_INPUT');
    }
  });

  it('is refused only for a version or a placement that does not exist', () => {
    expect(world.refusal('ann', observePlacement({ version: 2 }))).toBe('VERSION_NOT_FOUND');
    expect(world.refusal('ann', observeEnd(uuidOf('nowhere')))).toBe('PLACEMENT_NOT_FOUND');
  });
});

describe('retiring an asset', () => {
  it('ends its approval and what runs through our door, and leaves what was seen elsewhere to its own end', () => {
    approve();
    open();
    const gated = started();
    const { placement } = observed();
    expect(world.events('ann', retire())).toMatchObject([
      { type: 'PlacementEnded', data: { placement: gated } },
      { type: 'ApprovalLapsed', data: { reason: 'retired' } },
      { type: 'AssetRetired' },
    ]);
    expect(world.asset(POSTER).placements).toMatchObject([{ placement, observed: true }]);
  });

  it('comes back as a draft that needs a new approval', () => {
    approve();
    open();
    world.events('ann', retire());
    world.events('ann', restore());
    expect(world.standing('asset', POSTER)).toMatchObject({ status: 'draft', versions: 1, approval: undefined });
    expect(world.refusal('ann', place())).toBe('NOT_APPROVED');
    expect(world.types('ann', requestReview())).toEqual(['ReviewRequested']);
  });

  it('closes the open review', () => {
    world.events('ann', requestReview());
    world.events('ann', retire());
    world.events('ann', restore());
    expect(world.refusal('ben', decide())).toBe('REVIEW_NOT_OPEN');
  });
});

describe('another path to the asset', () => {
  const alias = (type: 'ObserveAlias' | 'ObserveAliasEnd'): AssetCommand => ({ type, asset: POSTER, path: 'a/b.png' });

  it('is known once and forgotten once, as often as it is reported', () => {
    expect(world.events('ann', alias('ObserveAliasEnd'))).toEqual([]);
    expect(world.types('ann', alias('ObserveAlias'))).toEqual(['AliasObserved']);
    expect(world.events('ann', alias('ObserveAlias'))).toEqual([]);
    expect(world.types('ann', alias('ObserveAliasEnd'))).toEqual(['AliasEndObserved']);
    expect(world.events('ann', alias('ObserveAliasEnd'))).toEqual([]);
  });
});
