import fc from 'fast-check';
import { library } from '../../projections/library/fold';
import { assets } from '../../projections/library/list';
import type { FilterFor, Mark } from '../../projections/list';
import { filterOf } from '../../src/api/filters';
import type { Recorded } from '../../src/domain/catalogue';
import { upcast, versionOf } from '../../src/domain/upcast';
import type { Projection } from '../../src/tables/projection';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { ENGINES, type EngineName, runsOn } from '../support/engines';
import { Bench, eventOf, idOf } from '../support/shelf';
import { type AssetFilter, isFound, knownAt } from './assetmodel';

jest.setTimeout(300_000);

const START = Date.parse('2026-03-01T00:00:00.000Z');
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;

/** A small set of values, so that filters match: stories and filters draw from the same values. */
const ASSETS = ['a', 'b', 'c', 'd'].map(idOf);
const CAMPAIGNS = ['spring', 'autumn'].map(idOf);
const DIGESTS = ['1', '2', '3'].map((digit) => digit.repeat(64));
const title = fc
  .array(fc.constantFrom('summer', 'Été', 'poster', 'night'), { minLength: 1, maxLength: 2 })
  .map((words) => words.join(' '));
const tag = fc.constantFrom('red', 'caf\u00e9', 'cafe\u0301', 'blue');
const path = fc.constantFrom('a/b.svg', 'a/c.svg', 'A/b.svg');
const market = fc.constantFrom('PT', 'US');
const person = fc.constantFrom('ana', 'bo');
const mediaType = fc.constantFrom('image/png', 'image/webp');
const tool = fc.constantFrom('figma', 'photoshop');
const kind = fc.constantFrom('image', 'video');
const name = fc.constantFrom('claim', 'constructor');
const text = fc.constantFrom('fresh', 'caf\u00e9', 'cafe\u0301', '4');
const number = fc.constantFrom(4, 0, 0.1, 1e-7, Number.MAX_SAFE_INTEGER);
const date = fc.constantFrom('2026-01-01', '2026-01-02');
const item = fc.constantFrom('shop', 'app', 'fresh');

const value = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('text'), value: text }) },
  fc.record({ type: fc.constant('number'), value: number }),
  fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({ type: fc.constant('date'), value: date }),
  fc.record({ type: fc.constant('list'), value: fc.uniqueArray(item) }),
);
const fields = fc
  .tuple(
    fc.dictionary(name, value, { maxKeys: 2, noNullPrototype: true }),
    fc.option(path.map((at) => ({ type: 'text', value: at }))),
  )
  .map(([some, at]) => {
    const all = Object.entries(at === null ? some : { ...some, path: at });
    return Object.fromEntries(all.map(([each, of]) => [each, { ...of, material: false }]));
  });
const tags = fc.uniqueArray(tag, { maxLength: 3, selector: (each) => each.normalize('NFC') });

interface Step {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
const step = (type: string, data: fc.Arbitrary<Step['data']> = fc.constant({})) =>
  data.map((of) => ({ type, data: of }));
const registration = fc.record({
  kind,
  title,
  tags,
  metadata: fields,
  template: fc.option(fc.constant({ asset: ASSETS[0]!, version: 1 }), { nil: undefined }),
});
const happening: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: step(
      'VersionAdded',
      fc.record({
        digest: fc.constantFrom(...DIGESTS),
        bytes: fc.constant(3),
        mediaType,
        madeWith: tool.map((each) => ({ tool: each, ai: 'none' })),
      }),
    ),
  },
  step('MetadataChanged', fc.record({ set: fields, title, tags }, { requiredKeys: [] })),
  step('MetadataChanged', fc.record({ unset: fc.uniqueArray(fc.oneof(name, fc.constant('path')), { minLength: 1 }) })),
  step('AliasObserved', fc.record({ path })),
  step('AliasEndObserved', fc.record({ path })),
  step(
    'PlacementObserved',
    fc.record({
      placement: fc.uuid(),
      campaign: fc.constantFrom(...CAMPAIGNS),
      digest: fc.constantFrom(...DIGESTS),
      channel: fc.constant('web'),
      market: fc.option(market, { nil: undefined }),
      wouldRefuse: fc.constant([]),
    }),
  ),
  step('ReviewRequested'),
  step('AssetRetired'),
);
/** The asset, the actor, the days after or before its last event, and the event; the first is its registration. */
const story = fc.array(
  fc.record({
    asset: fc.constantFrom(...ASSETS),
    by: person,
    later: fc.integer({ min: -3, max: 4 }),
    registration,
    happening,
  }),
  { minLength: 12, maxLength: 40, size: 'max' },
);
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

const bareOrGlobal = (prefix: string, id: fc.Arbitrary<string>) =>
  fc.tuple(id, fc.boolean()).map(([each, global]) => (global ? `${prefix}-${each}` : each));
// A window that ends before it begins is refused: refusedfilters.spec.ts.
const window = fc
  .record(
    { from: fc.integer({ min: 1, max: 8 }).map(day), to: fc.integer({ min: 4, max: 25 }).map(day) },
    { requiredKeys: [] },
  )
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to);
const versionFilter = fc
  .uniqueArray(
    fc.oneof(
      fc.record({ digest: fc.constantFrom(...DIGESTS) }),
      fc.record({ authorId: bareOrGlobal('actor', person) }),
      fc.record({ mediaType }),
      fc.record({ added: window }),
    ),
    { maxLength: 2 },
  )
  .map((all) => Object.assign({}, ...all) as NonNullable<AssetFilter['anyVersion']>);
const fieldFilter = fc.record(
  {
    name: fc.oneof(name, fc.constant('path')),
    value: fc.oneof(
      { weight: 6, arbitrary: fc.record({ text: fc.oneof(text, text, path) }) },
      fc.record({ number: fc.oneof(number, fc.constantFrom(-0, 1e21)) }),
      fc.record({ boolean: fc.boolean() }),
      fc.record({ date }),
      fc.record({ listContains: item }),
    ),
  },
  { requiredKeys: ['name'] },
);
const CONDITIONS: { readonly [N in Exclude<keyof AssetFilter, 'anyOf'>]-?: fc.Arbitrary<AssetFilter[N]> } = {
  titleMatches: fc.constantFrom('s', 'ete', 'post nig', 'NIGHT', 'x'),
  kindIn: fc.array(kind, { minLength: 1, maxLength: 2 }),
  statusIn: fc.array(fc.constantFrom('draft', 'inReview', 'retired'), { minLength: 1, maxLength: 2 }),
  includeRetired: fc.boolean(),
  tagsAll: fc.array(tag, { maxLength: 2 }),
  tagsAny: fc.array(tag, { minLength: 1, maxLength: 2 }),
  tool,
  templateId: bareOrGlobal('asset', fc.constantFrom(...ASSETS.slice(0, 2))),
  campaignId: bareOrGlobal('campaign', fc.constantFrom(...CAMPAIGNS)),
  market,
  path,
  alias: path,
  metadata: fc.oneof(fc.tuple(fieldFilter), fc.tuple(fieldFilter), fc.tuple(fieldFilter, fieldFilter)),
  currentVersion: versionFilter,
  anyVersion: versionFilter,
  registered: window,
  changed: window,
};
const condition = fc.oneof(
  ...Object.entries(CONDITIONS).map(([each, of]) => ({
    // It has the most values, so it must be drawn more often to match.
    weight: each === 'metadata' ? 3 : 1,
    arbitrary: (of as fc.Arbitrary<unknown>).map((given) => ({ [each]: given })),
  })),
);
const flat: fc.Arbitrary<AssetFilter> = fc
  .array(condition, { maxLength: 2 })
  .map((all) => Object.assign({}, ...all) as AssetFilter);
const filter: fc.Arbitrary<AssetFilter> = fc.oneof(
  { weight: 2, arbitrary: flat },
  fc.tuple(flat, fc.array(flat, { minLength: 1, maxLength: 3 })).map(([all, anyOf]) => ({ ...all, anyOf })),
);
const moment: fc.Arbitrary<(events: readonly Recorded[]) => At | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(() => undefined) },
  fc.nat(60).map((n) => (events: readonly Recorded[]) => ({ position: events.at(-1 - (n % events.length))!.position })),
  fc.integer({ min: 1, max: 15 }).map((n) => () => ({ occurredAt: day(n) })),
  fc.integer({ min: -1, max: 7 }).map((tick) => () => ({ recordedAt: new Date(START + tick).toISOString() })),
);

/** Appends a story; a retired asset is restored before anything else happens to it. */
async function told(engine: EngineName, steps: Story, ticks: readonly number[]) {
  let appended = 0;
  const bench = new Bench({ engine, clock: () => START + (ticks[appended++ % ticks.length] ?? 0) });
  const state = new Map<string, { day: number; versions: number; retired: boolean }>();
  for (const [index, { asset, by, later, registration: first, happening: next }] of steps.entries()) {
    const before = state.get(asset);
    const own = before ?? { day: 1, versions: 0, retired: false };
    own.day = Math.min(25, Math.max(1, own.day + later));
    const isBack = own.retired;
    const { type, data } = before === undefined ? { type: 'AssetRegistered', data: first } : next;
    const said = isBack ? { type: 'AssetRestored', data: {} } : { type, data };
    own.retired = said.type === 'AssetRetired';
    if (said.type === 'VersionAdded') own.versions += 1;
    state.set(asset, own);
    const { metadata } = eventOf({ is: 'reviewed' }, idOf(`told ${index}`), day(own.day));
    await bench.append(`asset-${asset}`, {
      id: idOf(`told ${index}`),
      type: said.type,
      data: said.type === 'VersionAdded' ? { ...said.data, version: own.versions } : said.data,
      metadata: { ...metadata, actorId: by, schemaVersion: versionOf(said.type) },
    });
  }
  const events: Recorded[] = [];
  for await (const page of bench.store.readAll()) events.push(...page.map(upcast));
  return { bench, events };
}

/** All rows of a list in pages of this size. */
async function pagesOf(reader: ProjectionReader, asked: FilterFor<typeof assets>, first: number, at?: At) {
  const found: string[] = [];
  for (let after: Mark | undefined, more = true; more; ) {
    const { rows, hasNext } = await assets.page(reader, { filter: asked, first, after }, at);
    found.push(...rows.map(({ asset }) => asset));
    more = hasNext;
    after = more ? assets.mark(rows.at(-1)!, assets.usual, 0) : undefined;
  }
  return found;
}

describe.each(ENGINES)('the filters of assets, with tables in %s,', (engine) => {
  it('find at every moment the assets that match event by event, in pages and in counts', async () => {
    const ticks = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 });
    const questions = fc.array(fc.tuple(filter, moment, fc.integer({ min: 1, max: 5 })), {
      minLength: 50,
      maxLength: 60,
    });
    const property = fc.asyncProperty(story, ticks, questions, fc.boolean(), async (steps, clock, asked, rebuilt) => {
      const { bench, events } = await told(engine, steps, clock);
      try {
        const runtime = await bench.runtime({ projections: [library as unknown as Projection], batchSize: 5 });
        await runtime.catchUp();
        if (rebuilt) await runtime.rebuild();
        const reader = runtime.reader('library');
        for (const [given, when, first] of asked) {
          const at = when(events);
          const read = filterOf(assets.filters, given as Record<string, unknown>) as FilterFor<typeof assets>;
          const expected = knownAt(events, at).filter((known) => isFound(known, given));
          const found = { rows: await pagesOf(reader, read, first, at), count: await assets.count(reader, read, at) };
          expect({ at, given, ...found }).toEqual({
            at,
            given,
            rows: expected.map(({ asset }) => asset),
            count: expected.length,
          });
        }
      } finally {
        await bench.close();
      }
    });
    await fc.assert(property, { numRuns: runsOn(engine, 40), endOnFailure: true });
  });
});
