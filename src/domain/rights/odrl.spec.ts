import fc from 'fast-check';
import { fromOdrl, toOdrl } from './odrl';
import { RELEASES, recordedTerms, type Terms, USES } from './terms';

const LICENCE = '0b0e8a53-6b3f-4f6f-8c11-58b34b0e8a53';
const policy = (permission: object, more: object = {}) =>
  fromOdrl(
    JSON.stringify({
      '@context': 'http://www.w3.org/ns/odrl.jsonld',
      '@type': 'Agreement',
      permission: [permission],
      ...more,
    }),
  )!;
const constrained = (leftOperand: string, operator: string, rightOperand: unknown) =>
  policy({ action: 'display', constraint: [{ leftOperand, operator, rightOperand }] });

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const some = (...words: string[]) => fc.subarray(words, { minLength: 1 });
const instant = fc.integer({ min: 1, max: 9 }).map((month) => `2026-0${month}-01T00:00:00.000Z`);
const terms: fc.Arbitrary<Terms> = fc.record({
  allowed: fc.subarray([...USES].slice(0, 3), { minLength: 1 }),
  forbidden: maybe(fc.subarray([...USES].slice(3), { minLength: 1 })),
  territories: fc.oneof(some('DE', 'FR-75C', 'group:EU@2020-02-01'), fc.constant(['worldwide'])),
  exceptTerritories: maybe(some('DE-BY')),
  channels: maybe(some('social', 'print')),
  languages: maybe(some('de', 'zh-Hans')),
  from: maybe(instant),
  until: maybe(instant),
  embargoUntil: maybe(instant),
  maximumUses: maybe(fc.integer({ min: 1, max: 9 })),
  credit: maybe(fc.constant('Photo: Nord')),
  modelRelease: maybe(fc.constantFrom(...RELEASES)),
  propertyRelease: maybe(fc.constantFrom(...RELEASES)),
  aiTraining: maybe(fc.constantFrom('allowed' as const, 'prohibited' as const)),
});

it('comes back as it went out', () => {
  fc.assert(
    fc.property(terms, (given) => {
      const back = fromOdrl(JSON.stringify(toOdrl(LICENCE, 'Studio Nord', given)))!;
      expect(back.notUnderstood).toEqual([]);
      expect(back.holder).toBe('Studio Nord');
      expect(recordedTerms(back.terms)).toEqual(recordedTerms(given));
    }),
  );
});

it('reads a policy of another tool: one rule instead of a list, values with their types, prefixes', () => {
  const { terms: read, holder } = policy(
    {
      action: ['odrl:display'],
      constraint: [
        { leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: 'DE' },
        {
          leftOperand: 'odrl:dateTime',
          operator: 'odrl:lt',
          rightOperand: { '@value': '2026-09-01T00:00:00Z', '@type': 'xsd:dateTime' },
        },
      ],
    },
    { assigner: { uid: 'https://nord.example' } },
  );
  expect(read).toEqual({ allowed: ['display'], territories: ['DE'], until: '2026-09-01T00:00:00.000Z' });
  expect(holder).toBe('https://nord.example');
});

it.each([
  ['a constraint nobody here knows', constrained('purpose', 'eq', 'education'), /purpose eq/],
  ['an operator that means something else', constrained('dateTime', 'gt', '2026-01-01T00:00:00Z'), /dateTime gt/],
  ['a duty to pay', policy({ action: 'display', duty: [{ action: 'compensate' }] }), /duty compensate/],
  ['a refinement of the target', policy({ action: 'display', refinement: [] }), /refinement/],
  ['an action nobody here knows', policy({ action: 'index' }), /action index/],
  ['a logical constraint', policy({ action: 'display', constraint: [{ or: [] }] }), /constraint/],
  [
    'a prohibition nobody here knows',
    policy({ action: 'display' }, { prohibition: [{ action: 'commercialize' }] }),
    /commercialize/,
  ],
  [
    'an obligation of the whole policy',
    policy({ action: 'display' }, { obligation: [{ action: 'inform' }] }),
    /obligation/,
  ],
])('permits nothing by %s, and names it', (_what, { terms: read, notUnderstood }, named) => {
  expect(read.allowed).toEqual([]);
  expect(notUnderstood).toEqual([expect.stringMatching(named)]);
});

it('lets a prohibition beat a permission, whatever limits the prohibition', () => {
  const { terms: read } = policy(
    { action: ['display', 'derive'] },
    {
      prohibition: [
        { action: 'derive', constraint: [{ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: 'DE' }] },
      ],
    },
  );
  expect(read).toMatchObject({ allowed: ['display'], forbidden: ['derive'] });
});

it('takes one set of constraints, and names the permissions that have another', () => {
  const both = JSON.stringify({
    permission: [
      { action: 'display', constraint: [{ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['DE'] }] },
      { action: 'derive', constraint: [{ leftOperand: 'spatial', operator: 'isAnyOf', rightOperand: ['FR'] }] },
    ],
  });
  expect(fromOdrl(both)).toMatchObject({ terms: { allowed: ['display'], territories: ['DE'] } });
  expect(fromOdrl(both)!.notUnderstood).toEqual([expect.stringMatching(/licence of its own/)]);
});

it('is no policy without JSON and without a permission', () => {
  for (const text of ['', '[]', 'null', '{"prohibition":[]}', '{']) expect(fromOdrl(text)).toBeUndefined();
});
