import {
  addVersion,
  decide,
  end,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
} from '../../../test/domain/commands';
import { amendLicence, attachLicence, examine, grantLicence } from '../../../test/domain/rights';
import { uuidOf, World } from '../../../test/domain/world';
import type { Command } from '../deciders';

let world: World;
let placement: string;
beforeEach(() => {
  world = new World();
  for (const command of [register(), requestReview(), plan(), launch()]) world.events('ann', command);
  world.events('ben', decide());
  world.events('lea', grantLicence());
  world.events('lea', attachLicence());
  placement = world.first<'PlacementStarted'>(
    'ann',
    place({ market: 'DE', runsUntil: '2026-06-01T00:00:00.000Z' }),
  ).placement;
});

const examined = () =>
  world.events('bot', examine(placement)).map(({ data }) => (data as { wouldRefuse: unknown }).wouldRefuse);
const seen = (note: string): Command => ({ type: 'AcknowledgeFinding', asset: POSTER, placement, note });

it('says nothing of a placement that the gate would let through again', () => {
  expect(examined()).toEqual([]);
});

it('says once what changed: the rights, the approval, the campaign, the time', () => {
  world.events('lea', amendLicence({ territories: ['PT'] }));
  expect(examined()).toEqual([['RIGHTS_TERRITORY']]);
  expect(examined()).toEqual([]);
  world.events('ann', addVersion('second draft'));
  expect(examined()).toEqual([['NOT_APPROVED', 'RIGHTS_TERRITORY']]);
  world.events('ann', end());
  expect(examined()).toEqual([['NOT_APPROVED', 'CAMPAIGN_NOT_OPEN', 'RIGHTS_TERRITORY']]);
  world.now = '2026-06-01T00:00:00.000Z';
  expect(examined()[0]).toContain('PLACEMENT_ENDED');
});

it('says so too when it is over', () => {
  world.events('lea', amendLicence({ territories: ['PT'] }));
  examined();
  world.events('lea', amendLicence({ territories: ['PT', 'DE'] }));
  expect(examined()).toEqual([[]]);
});

it('asks of a report what the gate would say now', () => {
  const draft = world.first<'PlacementObserved'>(
    'bot',
    observePlacement({ channel: 'web', market: 'DE', slot: 'top' }),
  );
  expect(draft.wouldRefuse).toEqual([]);
  world.events('lea', amendLicence({ territories: ['PT'] }));
  expect(world.types('bot', examine(draft.placement))).toEqual(['PlacementExamined']);
});

it('is acknowledged once, by what somebody says of it, and only where there is something', () => {
  expect(world.refusal('lea', seen('We renegotiate.'))).toBe('FINDING_NOT_FOUND');
  world.events('lea', amendLicence({ territories: ['PT'] }));
  examined();
  expect(world.types('lea', seen('We renegotiate.'))).toEqual(['FindingAcknowledged']);
  expect(world.events('lea', seen('We renegotiate.'))).toEqual([]);
  expect(world.refusal('lea', { ...seen('x'), placement: uuidOf('none') } as Command)).toBe('PLACEMENT_NOT_FOUND');
});
