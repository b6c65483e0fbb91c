import fc from 'fast-check';
import {
  addVersion,
  content,
  decide,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
} from '../../../test/domain/commands';
import {
  addComponent,
  amendLicence,
  attachLicence,
  countUse,
  endLicence,
  grantLicence,
  lawsOf,
  waive,
} from '../../../test/domain/rights';
import { uuidOf, World } from '../../../test/domain/world';
import type { Command } from '../deciders';
import { reasonsOf } from '../refusal';
import type { Terms } from '../rights/terms';

const PHOTO = uuidOf('photo');
const OF_PHOTO = uuidOf('licence of the photo');
const day = (date: string) => `2026-${date}T00:00:00.000Z`;

let world: World;
beforeEach(() => {
  world = new World();
  world.events('ann', register());
  world.events('ann', requestReview());
  world.events('ben', decide());
  world.events('ann', plan());
  world.events('ann', launch());
});

const codes = (command: Command) => {
  const outcome = world.does('ann', command);
  return 'refusal' in outcome ? reasonsOf(outcome.refusal).map(({ code }) => code) : [];
};
const rulings = (command: Command = place()) => world.first<'PlacementStarted'>('ann', command).rulings;
const under = (terms: Partial<Terms>) => {
  world.events('lea', grantLicence(terms));
  world.events('lea', attachLicence());
};
const withPhoto = (terms: Partial<Terms>) => {
  world.events('ann', register({ asset: PHOTO }));
  world.events('ann', addComponent({ asset: PHOTO, version: 1 }));
  world.events('lea', grantLicence(terms, OF_PHOTO));
  world.events('lea', attachLicence(PHOTO, OF_PHOTO));
};

it('asks nothing of an asset without a licence in a workspace without rules', () => {
  expect(rulings()).toBeUndefined();
  expect(codes(place({ channel: 'any word', market: 'anywhere' }))).toEqual([]);
});

it('tells every reason at once, in the order of the rules', () => {
  under({ territories: ['DE'], channels: ['print'], until: day('03-02'), modelRelease: 'none' });
  expect(codes(place({ market: 'PT', version: 1 }))).toEqual([
    'RIGHTS_CHANNEL',
    'RELEASE_MISSING',
    'RIGHTS_TERRITORY',
    'RIGHTS_WINDOW',
  ]);
});

it('says which asset lacks the rights, and which field it is about', () => {
  withPhoto({ embargoUntil: day('05-01') });
  expect(world.does('ann', place())).toMatchObject({
    refusal: { code: 'RIGHTS_EMBARGO', path: ['goesLiveAt'], message: expect.stringContaining(`asset-${PHOTO}`) },
  });
  expect(rulings(place({ goesLiveAt: day('05-01') }))).toMatchObject([{ rule: 'rights.all', outcome: 'passed' }]);
});

describe('the time of a placement', () => {
  it('must be covered to its end: the one it names, or that of the campaign', () => {
    under({ until: day('04-01') });
    expect(codes(place())).toEqual(['RIGHTS_WINDOW']);
    expect(codes(place({ runsUntil: '2026-04-01T00:00:00.001Z' }))).toEqual(['RIGHTS_WINDOW']);
    expect(codes(place({ runsUntil: day('04-01') }))).toEqual([]);
    const march = uuidOf('march campaign');
    world.events('ann', plan({ campaign: march, endsOn: '2026-03-31' }));
    world.events('ann', launch(march));
    expect(codes(place({ campaign: march }))).toEqual([]);
  });

  it('ends where a licence was ended early', () => {
    under({});
    world.events('lea', endLicence(day('03-10')));
    expect(codes(place({ runsUntil: day('03-11') }))).toEqual(['RIGHTS_WINDOW']);
    expect(codes(place({ runsUntil: day('03-10') }))).toEqual([]);
  });

  it.each([
    ['is over before it begins', { goesLiveAt: day('05-02'), runsUntil: day('05-01') }, ['runsUntil']],
    ['begins in the past', { goesLiveAt: day('02-01') }, ['goesLiveAt']],
    ['is over already', { runsUntil: day('03-01') }, ['runsUntil']],
  ])('is refused where it %s', (_what, fields, path) => {
    expect(world.does('ann', place(fields))).toMatchObject({ refusal: { code: 'INVALID_INPUT', path } });
  });
});

describe('a place that licences cannot name', () => {
  it.each([
    ['a reserved code', { market: 'UK' }, /write GB/],
    ['no code at all', { market: 'the north' }, /must be a territory/],
    ['a channel outside the list', { channel: 'telegraph' }, /not in the list/],
  ])('is refused even under a licence for the whole world: %s', (_what, fields, message) => {
    under({});
    expect(world.does('ann', place(fields))).toMatchObject({ refusal: { message: expect.stringMatching(message) } });
  });
});

it('takes the language in canonical spelling, and demands one where the licence is for some', () => {
  under({ languages: ['zh-Hans'] });
  expect(codes(place())).toEqual(['RIGHTS_LANGUAGE']);
  expect(world.first<'PlacementStarted'>('ann', place({ language: 'zh-hans-cn' })).language).toBe('zh-Hans-CN');
});

it('counts the uses of a licence, whichever asset they are of', () => {
  under({ maximumUses: 1 });
  expect(codes(place())).toEqual([]);
  world.events('service', countUse('that one'));
  expect(world.events('service', countUse('that one'))).toEqual([]);
  expect(codes(place({ channel: 'print' }))).toEqual(['RIGHTS_SPENT']);
});

it('lets a derivative be shown only where its parent may be derived from', () => {
  const child = uuidOf('child');
  under({ allowed: ['display'] });
  const bytes = content('of the child');
  world.events('ann', register({ asset: child, derivedFrom: [{ asset: POSTER, version: 1 }], content: bytes }));
  world.events('ann', requestReview({ asset: child }));
  world.events('ben', decide('approve', { asset: child, digest: bytes.digest }));
  expect(codes(place({ asset: child }))).toEqual(['RIGHTS_USE']);
  world.events('lea', amendLicence({ allowed: ['display', 'derive'] }));
  expect(codes(place({ asset: child }))).toEqual([]);
});

it('names both things that have no rights in common', () => {
  under({ territories: ['DE'] });
  withPhoto({ territories: ['FR'] });
  const outcome = world.does('ann', place({ market: 'DE' }));
  const reasons = 'refusal' in outcome ? reasonsOf(outcome.refusal) : [];
  expect(reasons.map(({ code }) => code)).toEqual(['RIGHTS_EMPTY', 'RIGHTS_TERRITORY']);
  expect(reasons[0]!.message).toMatch(new RegExp(`asset-${PHOTO}.*asset-${POSTER}`));
});

describe('rules of the rulebook', () => {
  it('block, or warn and let pass, and the event keeps what became of each', () => {
    world.events(
      'ann',
      lawsOf(
        { id: 'credit', check: 'metadataNeeded', fields: ['credit'] },
        { id: 'licence', check: 'licenceNeeded', outcome: 'warn' },
      ),
    );
    expect(codes(place())).toEqual(['METADATA_MISSING']);
    world.events('ann', {
      type: 'ChangeMetadata',
      asset: POSTER,
      set: { credit: { type: 'text', value: 'Nord', material: false } },
    });
    expect(rulings()).toEqual([
      { rule: 'credit', version: 1, outcome: 'passed' },
      { rule: 'licence', version: 1, outcome: 'warned', codes: ['LICENCE_MISSING'] },
    ]);
  });

  it('are those of the most specific scope that has any, the market being that of the placement', () => {
    const rule = { version: 1, text: 'Because.', owner: 'lea', outcome: 'block' } as const;
    world.events('lea', {
      type: 'ReviseRulebook',
      rulebook: '0b7e3a9c-52d4-5d3c-9f6a-6a1d2c9e4b10',
      entries: [
        { scope: { market: 'DE' }, rules: [{ ...rule, id: 'licence', check: 'licenceNeeded' }] },
        { scope: {}, rules: [] },
      ],
    });
    expect(codes(place({ market: 'DE' }))).toEqual(['LICENCE_MISSING']);
    expect(codes(place({ market: 'PT' }))).toEqual([]);
  });

  it('ask for disclosure where AI took part in the content, or in something that is in it', () => {
    world.events('ann', lawsOf({ check: 'aiDisclosed' }));
    expect(codes(place())).toEqual([]);
    const made = { ...content('made by AI'), madeWith: { tool: 'Firefly', ai: 'assisted' } } as const;
    world.events('ann', register({ asset: PHOTO, content: made }));
    world.events('ann', addComponent({ asset: PHOTO, version: 1 }));
    expect(codes(place({ channel: 'print' }))).toEqual(['AI_NOT_DISCLOSED']);
    const { disclosure } = world.first<'PlacementStarted'>(
      'ann',
      place({ channel: 'print', disclosure: { form: 'label' } }),
    );
    expect(disclosure).toEqual({ form: 'label' });
  });

  it('ask that everything in it is approved, in exactly that version', () => {
    world.events('ann', lawsOf({ check: 'partsApproved' }));
    world.events('ann', register({ asset: PHOTO }));
    world.events('ann', addComponent({ asset: PHOTO, version: 1 }));
    expect(codes(place())).toEqual(['PART_NOT_APPROVED']);
    world.events('ann', requestReview({ asset: PHOTO }));
    world.events('ben', decide('approve', { asset: PHOTO }));
    expect(codes(place())).toEqual([]);
    world.events('ann', addVersion('second draft', { asset: PHOTO }));
    expect(codes(place({ channel: 'print' }))).toEqual(['PART_NOT_APPROVED']);
  });

  it('warn that rights end soon', () => {
    world.events('ann', lawsOf({ check: 'rightsEndSoon', days: 30, outcome: 'warn' }));
    under({ until: day('03-20') });
    expect(rulings(place({ runsUntil: day('03-10') }))).toMatchObject([
      { rule: 'rights.all', outcome: 'passed' },
      { rule: 'rule 0', outcome: 'warned', codes: ['RIGHTS_END_SOON'] },
    ]);
  });

  it('refuse a licence that says nothing of releases, where one of them demands it', () => {
    world.events('ann', lawsOf({ check: 'releaseNeeded' }));
    under({ modelRelease: 'unlimited' });
    expect(codes(place())).toEqual(['RELEASE_MISSING']);
    world.events('lea', amendLicence({ modelRelease: 'unlimited', propertyRelease: 'notApplicable' }));
    expect(codes(place())).toEqual([]);
  });
});

it('marks a report with exactly what the act would have been refused for, and records it', () => {
  const market = fc.constantFrom('DE', 'PT', 'UK', undefined);
  const channel = fc.constantFrom('web', 'tiktok', 'telegraph');
  const terms = fc.record({
    territories: fc.constantFrom(['DE'], ['group:EU'], ['worldwide']),
    channels: fc.constantFrom(['social'], undefined),
    until: fc.constantFrom(day('03-15'), undefined),
  });
  const version = fc.constantFrom(1, 2);
  fc.assert(
    fc.property(terms, terms, market, channel, version, fc.boolean(), (own, other, where, on, number, waived) => {
      world = new World();
      for (const command of [register(), addVersion('second draft'), plan(), launch()]) world.events('ann', command);
      world.events('ann', requestReview());
      world.events('ben', decide('approve', { version: 2, digest: content('second draft').digest }));
      under(own);
      withPhoto(other);
      if (waived)
        world.events('lea', waive(['rights.territory'], { version: 2, digest: content('second draft').digest }));
      const fields = { version: number, market: where, channel: on };
      const told = world.first<'PlacementObserved'>('ann', observePlacement(fields));
      const asAct = codes(place({ ...fields, slot: 'another slot' }));
      expect(told.wouldRefuse).toEqual([...new Set(asAct)]);
    }),
    { numRuns: 150 },
  );
});

it('never permits more with a component than without', () => {
  const territories = fc.constantFrom(['DE'], ['FR'], ['group:EU'], ['worldwide']);
  fc.assert(
    fc.property(territories, territories, fc.constantFrom('DE', 'FR', undefined), (own, other, market) => {
      world = new World();
      for (const command of [register(), requestReview(), plan(), launch()]) world.events('ann', command);
      world.events('ben', decide());
      under({ territories: own });
      const before = codes(place({ market, slot: 'before' }));
      withPhoto({ territories: other });
      const after = codes(place({ market, slot: 'after' }));
      if (after.length === 0) expect(before).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
