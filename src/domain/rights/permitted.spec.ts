import fc from 'fast-check';
import { narrowest } from './narrowest';
import { type Licensed, lacksOf, type Use } from './permitted';
import type { Terms } from './terms';

const licence = (terms: Partial<Terms>, rest: Partial<Licensed> = {}): Licensed => ({
  licence: 'l',
  terms: { allowed: ['display'], territories: ['worldwide'], ...terms },
  uses: 0,
  ...rest,
});
const use = (fields: Partial<Use> = {}): Use => ({
  action: 'display',
  territory: 'DE',
  channel: 'web',
  language: 'de-AT',
  from: '2026-03-01T00:00:00.000Z',
  until: '2026-04-01T00:00:00.000Z',
  ...fields,
});
const day = (date: string) => `2026-${date}T00:00:00.000Z`;

it.each([
  ['nothing stands against it', {}, {}, []],
  ['it is none of the uses', { allowed: ['derive'] as const }, {}, ['use']],
  ['it lies in another country', { territories: ['FR'] }, {}, ['territory']],
  ['it is for the whole world', { territories: ['DE'] }, { territory: undefined }, ['territory']],
  ['it is on a channel above', { channels: ['tiktok'] }, { channel: 'social' }, ['channel']],
  ['it is on a channel below', { channels: ['social'] }, { channel: 'tiktok' }, []],
  ['it is in a language above', { languages: ['de-AT'] }, { language: 'de' }, ['language']],
  ['it is in a language below', { languages: ['de'] }, {}, []],
  ['it names no language', { languages: ['de'] }, { language: undefined }, ['language']],
  ['it goes on behind the end', { until: day('03-15') }, {}, ['window']],
  ['it ends at the very end', { until: day('04-01') }, {}, []],
  ['it has no end', { until: day('04-01') }, { until: undefined }, ['window']],
  ['it begins before the first day', { from: day('03-02') }, {}, ['window']],
  ['it begins before the embargo is over', { embargoUntil: day('03-02') }, {}, ['embargo']],
  ['the people in it never agreed', { modelRelease: 'none' as const }, {}, ['modelRelease']],
  ['the owner of the house never agreed', { propertyRelease: 'none' as const }, {}, ['propertyRelease']],
])('says why a use is not permitted where %s', (_what, terms, fields, lacks) => {
  expect(lacksOf([licence(terms)], use(fields))).toEqual(lacks);
});

it('counts the uses that are left', () => {
  expect(lacksOf([licence({ maximumUses: 2 }, { uses: 1 })], use())).toEqual([]);
  expect(lacksOf([licence({ maximumUses: 2 }, { uses: 2 })], use())).toEqual(['uses']);
});

it('lets an early end cut the window', () => {
  expect(lacksOf([licence({}, { endedAt: day('03-20') })], use())).toEqual(['window']);
});

it('takes several licences together, also one after the other in time', () => {
  const first = licence({ until: day('03-15') });
  expect(lacksOf([first, licence({ from: day('03-15') })], use())).toEqual([]);
  expect(lacksOf([first, licence({ from: day('03-16') })], use())).toEqual(['window']);
});

it('forbids what any of them forbids', () => {
  expect(lacksOf([licence({}), licence({ allowed: [], forbidden: ['display'] })], use())).toEqual(['forbidden']);
});

it('permits nothing without a licence', () => {
  expect(lacksOf([], use())).toEqual(['use']);
});

describe('the narrowest rights of several things', () => {
  const side = (asset: string, ...licences: Licensed[]) => ({ asset, licences });

  it('are what each of them permits', () => {
    const rights = narrowest([
      side('photo', licence({ territories: ['DE', 'FR'], until: day('09-01'), credit: 'Nord' })),
      side('font', licence({ territories: ['DE-BY', 'IT'], channels: ['social'], maximumUses: 5 }, { uses: 2 })),
    ]);
    expect(rights).toMatchObject({
      scopes: [{ region: new Set(['DE-BY']), channels: ['social'], until: day('09-01'), left: 3, credits: ['Nord'] }],
    });
  });

  it('name the two that leave nothing', () => {
    const [photo, font, clip] = [['DE'], ['worldwide'], ['FR']].map((territories) => licence({ territories }));
    expect(narrowest([side('photo', photo!), side('font', font!), side('clip', clip!)])).toEqual({
      nothing: ['clip', 'photo'],
    });
  });
});

const territory = fc.constantFrom('worldwide', 'DE', 'DE-BY', 'FR', 'group:EU', 'group:DACH');
const channel = fc.constantFrom('digital', 'social', 'tiktok', 'web', 'print');
const language = fc.constantFrom('de', 'de-AT', 'fr');
const instant = fc.integer({ min: 1, max: 12 }).map((month) => day(`${String(month).padStart(2, '0')}-01`));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, of);
const some = (of: fc.Arbitrary<string>) => fc.uniqueArray(of, { minLength: 1, maxLength: 3 });
const terms: fc.Arbitrary<Terms> = fc.record(
  {
    allowed: fc.subarray(['display', 'derive'] as const, { minLength: 1 }),
    territories: some(territory),
    exceptTerritories: maybe(some(territory.filter((code) => code !== 'worldwide'))),
    channels: maybe(some(channel)),
    languages: maybe(some(language)),
    from: maybe(instant),
    until: maybe(instant),
    embargoUntil: maybe(instant),
    maximumUses: maybe(fc.integer({ min: 1, max: 3 })),
  },
  { requiredKeys: ['allowed', 'territories'] },
);
const licensed: fc.Arbitrary<Licensed> = fc.record({
  licence: fc.constantFrom('l', 'm'),
  terms,
  uses: fc.integer({ min: 0, max: 3 }),
});
const asked: fc.Arbitrary<Use> = fc.record({
  action: fc.constantFrom('display' as const, 'derive' as const),
  territory: maybe(territory.filter((code) => code !== 'worldwide')),
  channel,
  language: maybe(language),
  from: instant,
  until: maybe(instant),
});

/** The terms with one of their limits drawn closer. */
const narrowed: fc.Arbitrary<(before: Terms) => Terms> = fc.oneof(
  fc.constant((before: Terms) => ({ ...before, allowed: before.allowed.slice(1) })),
  fc.constant((before: Terms) => ({ ...before, territories: before.territories.slice(1) })),
  territory
    .filter((code) => code !== 'worldwide')
    .map((code) => (before: Terms) => ({ ...before, exceptTerritories: [...(before.exceptTerritories ?? []), code] })),
  channel.map((code) => (before: Terms) => ({ ...before, channels: before.channels?.slice(1) ?? [code] })),
  language.map((tag) => (before: Terms) => ({ ...before, languages: before.languages?.slice(1) ?? [tag] })),
  instant.map((at) => (before: Terms) => ({ ...before, until: [before.until ?? at, at].sort()[0]! })),
  instant.map((at) => (before: Terms) => ({ ...before, embargoUntil: [before.embargoUntil ?? at, at].sort()[1]! })),
  fc.constant((before: Terms) => ({ ...before, maximumUses: 1 })),
);

const isPermitted = (licences: readonly Licensed[], wanted: Use) => lacksOf(licences, wanted).length === 0;

it('never permits more when a right is narrowed', () => {
  let met = 0;
  fc.assert(
    fc.property(fc.array(licensed, { minLength: 1, maxLength: 3 }), narrowed, asked, (licences, narrow, wanted) => {
      const [first, ...rest] = licences;
      const after = [{ ...first!, terms: narrow(first!.terms) }, ...rest];
      if (!isPermitted(after, wanted)) return;
      met += 1;
      expect(lacksOf(licences, wanted)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(met).toBeGreaterThan(50);
});

it('never permits less when a licence without prohibitions is added', () => {
  let met = 0;
  fc.assert(
    fc.property(fc.array(licensed, { maxLength: 3 }), licensed, asked, (licences, more, wanted) => {
      if (!isPermitted(licences, wanted)) return;
      met += 1;
      expect(lacksOf([...licences, more], wanted)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  expect(met).toBeGreaterThan(20);
});

it('never leaves nothing in common of things that all permit a use', () => {
  const sides = fc.array(fc.array(licensed, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 });
  let met = 0;
  fc.assert(
    fc.property(sides, asked, (all, wanted) => {
      // Licences that go on where another ends permit together what none of them permits alone.
      const alone = all.every((licences) => licences.some((each) => isPermitted([each], wanted)));
      const forbidden = all.some((licences) => !isPermitted(licences, wanted));
      if (!alone || forbidden || (wanted.until !== undefined && wanted.until <= wanted.from)) return;
      met += 1;
      expect(narrowest(all.map((licences, index) => ({ asset: `a${index}`, licences })))).toHaveProperty('scopes');
    }),
    { numRuns: 3_000 },
  );
  expect(met).toBeGreaterThan(10);
});
