import {
  addVersion,
  changeMetadata,
  content,
  decide,
  POSTER,
  register,
  requestReview,
  words,
} from '../../../test/domain/commands';
import { sha256, uuidOf, World } from '../../../test/domain/world';
import { reasonsOf } from '../refusal';
import { changeMetadata as decideChange } from './content';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('registering an asset', () => {
  it('takes the first version along in one decision', () => {
    const [registered, version] = world.events('ann', register({ tags: ['summer', 'poster'] }));
    expect(registered).toEqual({
      type: 'AssetRegistered',
      data: { kind: 'image', title: 'Summer poster', tags: ['summer', 'poster'] },
    });
    expect(version).toEqual({ type: 'VersionAdded', data: { version: 1, ...content() } });
  });

  it('lets an asset wait for its content', () => {
    expect(world.types('ann', register({ content: undefined }))).toEqual(['AssetRegistered']);
    expect(world.asset(POSTER).versions).toBeUndefined();
  });

  it('keeps what the asset was made from', () => {
    const [parent, template, folder] = [uuidOf('parent'), uuidOf('template'), uuidOf('folder')];
    for (const asset of [parent, template, folder]) world.events('ann', register({ asset }));
    const from = { derivedFrom: [{ asset: parent, version: 1 }], template: { asset: template, version: 1 } };
    const [registered] = world.events('ann', register({ ...from, componentOf: folder }));
    expect(registered?.data).toMatchObject({ ...from, componentOf: folder });
  });

  it.each([
    ['a parent that is not there', { derivedFrom: [{ asset: uuidOf('nowhere'), version: 1 }] }, ['derivedFrom', '0']],
    ['a template that is not there', { template: { asset: uuidOf('nowhere'), version: 1 } }, ['template']],
    ['a composite that is not there', { componentOf: uuidOf('nowhere') }, ['componentOf']],
    ['itself as a parent', { derivedFrom: [{ asset: POSTER, version: 1 }] }, ['derivedFrom', '0']],
  ])('refuses %s', (_what, fields, path) => {
    expect(world.does('ann', register(fields))).toMatchObject({ refusal: { code: 'PARENT_NOT_FOUND', path } });
  });

  it('names every parent that is not there, and no other', () => {
    const [there, nowhere] = [uuidOf('there'), uuidOf('nowhere')];
    world.events('ann', register({ asset: there }));
    const outcome = world.does(
      'ann',
      register({
        derivedFrom: [
          { asset: nowhere, version: 1 },
          { asset: there, version: 1 },
          { asset: there, version: 9 },
        ],
        template: { asset: nowhere, version: 1 },
        componentOf: nowhere,
      }),
    );
    const paths = 'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ path }) => path) : [];
    expect(paths).toEqual([['derivedFrom', '0'], ['derivedFrom', '2'], ['template'], ['componentOf']]);
  });

  it('refuses a parent that does not have that version yet', () => {
    world.events('ann', register({ asset: uuidOf('parent') }));
    const derivedFrom = [{ asset: uuidOf('parent'), version: 2 }];
    expect(world.refusal('ann', register({ derivedFrom }))).toBe('PARENT_NOT_FOUND');
  });
});

describe('adding a version', () => {
  beforeEach(() => world.events('ann', register()));

  it('numbers versions from one upwards', () => {
    const [second] = world.events('ann', addVersion('second draft'));
    const [third] = world.events('ben', addVersion('third draft'));
    expect([second?.data, third?.data]).toMatchObject([{ version: 2 }, { version: 3 }]);
  });

  it('refuses the bytes that are the current version, and takes the bytes of an earlier one', () => {
    expect(world.refusal('ann', addVersion('first draft'))).toBe('VERSION_UNCHANGED');
    world.events('ann', addVersion('second draft'));
    expect(world.types('ann', addVersion('first draft'))).toEqual(['VersionAdded']);
  });

  it('closes the open review, since only the current version is reviewed', () => {
    world.events('ann', requestReview());
    world.events('ann', addVersion('second draft'));
    expect(world.refusal('ben', decide())).toBe('REVIEW_NOT_OPEN');
  });

  it('ends a live approval in the same outcome', () => {
    world.events('ann', requestReview());
    world.events('ben', decide());
    expect(world.events('cat', addVersion('second draft'))).toMatchObject([
      { type: 'VersionAdded', data: { version: 2, digest: sha256('second draft') } },
      { type: 'ApprovalLapsed', data: { version: 1, digest: sha256('first draft'), reason: 'newVersion' } },
    ]);
  });
});

describe('changing metadata', () => {
  beforeEach(() =>
    world.events('ann', register({ tags: ['a', 'b'], metadata: { claim: words('Fresh', true), shelf: words('7') } })),
  );

  it('records only what really differs', () => {
    const change = changeMetadata({
      title: 'Summer poster',
      tags: ['b', 'a'],
      set: { claim: words('Fresh', true), shelf: words('8') },
      unset: ['never set'],
    });
    expect(world.events('ann', change)).toEqual([{ type: 'MetadataChanged', data: { set: { shelf: words('8') } } }]);
  });

  it.each([
    ['the title it has', { title: 'Summer poster' }],
    ['the tags it has, in another order', { tags: ['b', 'a'] }],
    ['a value it has', { set: { shelf: words('7') } }],
    ['an absent field to unset', { unset: ['toString'] }],
    ['nothing at all', {}],
  ])('refuses a change that names %s', (_what, fields) => {
    expect(world.refusal('ann', changeMetadata(fields))).toBe('METADATA_UNCHANGED');
  });

  it('changes and takes away a field under the name by which an older event has it, in another normal form', () => {
    const old = 'cafe\u0301';
    const state = { ...world.asset(POSTER), metadata: { [old]: words('Fresh', true), cafe: words('plain') } };
    const dataOf = (more: Parameters<typeof changeMetadata>[0]) => {
      const command = changeMetadata(more) as Parameters<typeof decideChange>[0];
      const outcome = decideChange(command, state, world.contextOf('ann'));
      return 'events' in outcome ? outcome.events[0]?.data : outcome;
    };
    expect(dataOf({ set: { café: words('New', true) } })).toEqual({ set: { [old]: words('New', true) } });
    expect(dataOf({ set: { café: words('Fresh', true) } })).toMatchObject({ refusal: { code: 'METADATA_UNCHANGED' } });
    expect(dataOf({ unset: ['café'] })).toEqual({ unset: [old] });
  });

  it('refuses a field that is both set and unset', () => {
    const change = changeMetadata({ set: { shelf: words('8') }, unset: ['claim', 'shelf'] });
    expect(world.does('ann', change)).toMatchObject({ refusal: { code: 'INVALID_INPUT', path: ['unset', '1'] } });
  });

  it('compares lists by their entries and their order', () => {
    const list = (value: string[]) => ({ regions: { type: 'list', value, material: false } }) as const;
    world.events('ann', changeMetadata({ set: list(['north', 'south']) }));
    expect(world.refusal('ann', changeMetadata({ set: list(['north', 'south']) }))).toBe('METADATA_UNCHANGED');
    expect(world.types('ann', changeMetadata({ set: list(['south', 'north']) }))).toEqual(['MetadataChanged']);
  });

  it('keeps an asset to two hundred fields, however many changes it takes', () => {
    const many = Object.fromEntries(Array.from({ length: 198 }, (_, index) => [`field ${index}`, words('x')]));
    expect(world.types('ann', changeMetadata({ set: many }))).toEqual(['MetadataChanged']);
    expect(world.refusal('ann', changeMetadata({ set: { another: words('x') } }))).toBe('INVALID_INPUT');
  });

  describe('of an approved version', () => {
    beforeEach(() => {
      world.events('ann', requestReview());
      world.events('ben', decide());
    });

    it.each([
      ['a material value changes', { set: { claim: words('Fresher', true) } }],
      ['a material field appears', { set: { price: words('9.99', true) } }],
      ['a material field goes', { unset: ['claim'] }],
      ['a field becomes material', { set: { shelf: words('7', true) } }],
      ['a field ceases to be material', { set: { claim: words('Fresh', false) } }],
      [
        'a material value changes its type',
        { set: { claim: { type: 'list', value: ['Fresh'], material: true } as const } },
      ],
    ])('ends the approval when %s', (_what, fields) => {
      expect(world.events('ann', changeMetadata(fields))[1]).toMatchObject({
        type: 'ApprovalLapsed',
        data: { reason: 'materialMetadata' },
      });
    });

    it.each([
      ['the title', { title: 'Another title' }],
      ['the tags', { tags: ['c'] }],
      ['a field nobody vouches for', { set: { shelf: words('8') } }],
    ])('keeps the approval when only %s changes', (_what, fields) => {
      expect(world.types('ann', changeMetadata(fields))).toEqual(['MetadataChanged']);
      expect(world.refusal('ann', requestReview())).toBe('ALREADY_APPROVED');
    });
  });

  it('closes the open review when what it vouches for changes, and only then', () => {
    world.events('ann', requestReview());
    world.events('ann', changeMetadata({ title: 'Better title' }));
    expect(world.refusal('ann', requestReview())).toBe('REVIEW_ALREADY_OPEN');
    world.events('ann', changeMetadata({ unset: ['claim'] }));
    expect(world.refusal('ben', decide())).toBe('REVIEW_NOT_OPEN');
  });
});
