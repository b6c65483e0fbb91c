import { decide, POSTER, register, requestReview } from '../../../test/domain/commands';
import { addComponent, attachLicence, grantLicence, LICENCE } from '../../../test/domain/rights';
import { uuidOf, World } from '../../../test/domain/world';
import type { Command } from '../deciders';

const PHOTO = uuidOf('photo');
const FONT = uuidOf('font');
const remove = (component: string): Command => ({ type: 'RemoveComponent', asset: POSTER, component });

let world: World;
beforeEach(() => {
  world = new World();
  for (const asset of [POSTER, PHOTO, FONT]) world.events('ann', register({ asset }));
});

const holds = (whole: string, part: string) => world.does('ann', addComponent({ asset: part, version: 1 }, whole));

describe('a component', () => {
  it('is a version of another asset, and a later version takes its place', () => {
    expect(holds(POSTER, PHOTO)).toMatchObject({ events: [{ type: 'ComponentAdded' }] });
    expect(holds(POSTER, PHOTO)).toEqual({ events: [] });
    world.events('ann', { type: 'AddVersion', asset: PHOTO, content: { ...CONTENT, digest: 'a'.repeat(64) } });
    world.events('ann', addComponent({ asset: PHOTO, version: 2 }));
    expect(world.asset(POSTER).components).toEqual([{ asset: PHOTO, version: 2 }]);
  });

  it('must exist in that version', () => {
    expect(world.does('ann', addComponent({ asset: PHOTO, version: 2 }))).toMatchObject({
      refusal: { code: 'PARENT_NOT_FOUND', path: ['component'] },
    });
  });

  it('is refused where it would close a circle, however long', () => {
    holds(POSTER, PHOTO);
    holds(PHOTO, FONT);
    for (const [whole, part] of [
      [FONT, POSTER],
      [FONT, PHOTO],
      [POSTER, POSTER],
    ] as const) {
      expect(holds(whole, part)).toMatchObject({ refusal: { code: 'LINEAGE_CYCLE' } });
    }
  });

  it('is refused where it would close a circle through what a derivative was made from', () => {
    const child = uuidOf('child');
    world.events('ann', register({ asset: child, derivedFrom: [{ asset: POSTER, version: 1 }] }));
    expect(holds(POSTER, child)).toMatchObject({ refusal: { code: 'LINEAGE_CYCLE' } });
  });

  it('is refused at the end of a chain that is longer than a decision follows', () => {
    const chain = Array.from({ length: 11 }, (_, index) => uuidOf(`link ${index}`));
    chain.forEach((asset, index) => {
      const before = chain[index - 1];
      const derivedFrom = before === undefined ? undefined : [{ asset: before, version: 1 }];
      world.events('ann', register({ asset, derivedFrom }));
    });
    expect(holds(POSTER, chain[8]!)).toMatchObject({ events: [{ type: 'ComponentAdded' }] });
    expect(holds(FONT, chain[10]!)).toMatchObject({ refusal: { code: 'TOO_MANY_REFERENCES' } });
  });

  it('can be removed, and then the approval lapses, since somebody must see that it is gone', () => {
    holds(POSTER, PHOTO);
    world.events('ann', requestReview());
    world.events('ben', decide());
    expect(world.events('ann', remove(PHOTO))).toMatchObject([
      { type: 'ComponentRemoved', data: { component: { asset: PHOTO, version: 1 } } },
      { type: 'ApprovalLapsed', data: { reason: 'componentRemoved' } },
    ]);
    expect(world.refusal('ann', remove(PHOTO))).toBe('COMPONENT_NOT_FOUND');
  });
});

it('leaves an asset that lost its last licence without any rights', () => {
  world.events('lea', grantLicence());
  world.events('lea', attachLicence());
  world.events('lea', { type: 'DetachLicence', asset: POSTER, licence: LICENCE, reason: 'another photo' });
  expect(world.standing('asset', POSTER)).toMatchObject({ licences: [], governed: true });
});

const CONTENT = { bytes: 1, mediaType: 'image/png', madeWith: { tool: 'Figma', ai: 'none' } } as const;
