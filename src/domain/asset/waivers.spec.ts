import {
  addVersion,
  content,
  decide,
  launch,
  POSTER,
  place,
  plan,
  register,
  requestReview,
} from '../../../test/domain/commands';
import { attachLicence, grantLicence, waive } from '../../../test/domain/rights';
import { World } from '../../../test/domain/world';
import type { Command } from '../deciders';
import { reasonsOf } from '../refusal';

const day = (date: string) => `2026-${date}T00:00:00.000Z`;

let world: World;
beforeEach(() => {
  world = new World();
  for (const command of [register(), requestReview(), plan(), launch()]) world.events('ann', command);
  world.events('ben', decide());
  world.events('lea', grantLicence({ territories: ['DE'] }));
  world.events('lea', attachLicence());
});

const codes = (command: Command) => {
  const outcome = world.does('ann', command);
  return 'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code }) => code) : [];
};
const rulings = (command: Command) => world.first<'PlacementStarted'>('ann', command).rulings;

describe('a waiver', () => {
  it('lets exactly this content pass exactly these rules until its end, and the placement says so', () => {
    const { waiver } = world.first<'RulesWaived'>('lea', waive(['rights.territory']));
    expect(rulings(place({ market: 'PT' }))).toEqual([
      { rule: 'rights.territory', version: 1, outcome: 'waived', codes: ['RIGHTS_TERRITORY'], waiver },
    ]);
    world.now = day('04-01');
    expect(codes(place({ market: 'PT', channel: 'print' }))).toEqual(['RIGHTS_TERRITORY']);
  });

  it('is of no use for another rule, or once it was taken back', () => {
    const { waiver } = world.first<'RulesWaived'>('lea', waive(['rights.channel']));
    expect(codes(place({ market: 'PT' }))).toEqual(['RIGHTS_TERRITORY']);
    world.events('lea', waive(['rights.territory']));
    world.events('lea', { type: 'EndWaiver', asset: POSTER, waiver });
    expect(codes(place({ market: 'PT' }))).toEqual([]);
  });

  it('does not outlive the content it was made for', () => {
    world.events('lea', waive(['rights.territory']));
    const second = content('second draft');
    world.events('ann', addVersion('second draft'));
    world.events('ann', requestReview());
    world.events('ben', decide('approve', { version: 2, digest: second.digest }));
    expect(codes(place({ version: 2, market: 'PT' }))).toEqual(['RIGHTS_TERRITORY']);
  });

  it('never waives an approval', () => {
    world.events('ann', addVersion('second draft'));
    world.events('lea', waive(['approval', 'NOT_APPROVED'], { version: 2, digest: content('second draft').digest }));
    expect(codes(place({ version: 2, market: 'DE' }))).toEqual(['NOT_APPROVED']);
  });

  it('is the word of a person who did not make the content, has an end, and names what was seen', () => {
    expect(world.refusal('ann', waive(['rights.territory']))).toBe('FOUR_EYES');
    expect(world.refusal({ id: 'bot', kind: 'agent' }, waive(['rights.territory']))).toBe('WAIVER_NEEDS_PERSON');
    expect(world.refusal('lea', waive(['x'], { waivedUntil: day('03-01') }))).toBe('INVALID_INPUT');
    expect(world.refusal('lea', waive(['x'], { digest: 'a'.repeat(64) }))).toBe('DECISION_STALE');
    expect(world.refusal('lea', waive(['x'], { version: 9 }))).toBe('VERSION_NOT_FOUND');
  });
});
