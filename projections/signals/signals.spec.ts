import fc from 'fast-check';
import type { At } from '../../src/tables/reader';
import {
  addVersion,
  attest,
  changeMetadata,
  decide,
  evidence,
  launch,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
} from '../../test/domain/commands';
import { uuidOf } from '../../test/domain/world';
import { chronicles, interleaved } from '../../test/projections/chronicle';
import { folded } from '../../test/projections/rows';
import { Story } from '../../test/projections/story';
import type { Dimension } from './dimensions';
import type { FactFilter } from './filters';
import { signals as projection } from './fold';
import { signalsBy } from './list';
import { approvalTimes, usesOf, usesOfTemplate } from './queries';
import { FAMILIES, type Family } from './tables';

function listBy(family: Family, by: readonly Dimension[], atLeast?: number) {
  const brandsOf = async () => new Map([[uuidOf('winter'), 'Frost']]);
  const campaignsFor = async (brand: string) => (brand === 'Frost' ? [uuidOf('winter')] : []);
  return signalsBy({ family, by, atLeast, brandsOf, campaignsFor, tooMany: () => new Error('too many') });
}

describe('the signals of a story', () => {
  let story: Story;
  beforeEach(async () => {
    story = await Story.open();
  });
  afterEach(() => story.close());

  interface Counted {
    readonly family?: Family;
    readonly by?: readonly Dimension[];
    readonly filter?: FactFilter;
  }

  const count = async ({ family = 'creation', by = [], filter }: Counted, at?: At) => {
    const reader = await story.reader('signals');
    const list = listBy(family, by);
    const { rows } = await list.page(reader, { filter, first: 100 }, at);
    expect(await list.count(reader, filter, at)).toBe(rows.length);
    return rows;
  };

  async function used() {
    await story.does('ana', plan());
    await story.does('ana', launch());
    const template = { asset: POSTER, version: 1 };
    await story.does('ana', register({ kind: 'template' }), { tool: 'Figma' });
    const child = uuidOf('child');
    await story.does('bo', register({ asset: child, template, derivedFrom: [template] }), { tool: 'Canva' });
    await story.does('bo', requestReview({ asset: child }));
    story.now = '2026-03-02T10:00:00.000Z';
    await story.does('cy', decide('approve', { asset: child }));
    await story.does('bo', place({ asset: child }));
    await story.does('bo', place({ asset: child, channel: 'print' }));
    return child;
  }

  it('counts creations by what is asked for', async () => {
    await used();
    expect(await count({})).toMatchObject([{ count: 2 }]);
    expect(await count({ by: ['kind', 'tool'] })).toMatchObject([
      { kind: 'image', tool: 'Canva', count: 1 },
      { kind: 'template', tool: 'Figma', count: 1 },
    ]);
    expect(await count({ by: ['day'] })).toMatchObject([{ day: '2026-03-02', count: 2 }]);
    expect(await count({ by: ['template'], filter: { templateId: POSTER } })).toMatchObject([{ template: POSTER }]);
    expect(await count({ filter: { actorId: 'bo', kindIn: ['image'], tool: 'Canva' } })).toMatchObject([{ count: 1 }]);
    expect(await count({ filter: { actorId: 'nobody' } })).toMatchObject([{ count: 0 }]);
  });

  it('counts later versions and metadata as modifications, by the tool they were made with', async () => {
    await story.does('ana', register());
    await story.does('ana', addVersion('second', { madeWith: { tool: 'Canva', ai: 'none' } }));
    await story.does('bo', changeMetadata({ title: 'Sun' }), { tool: 'desk' });
    expect(await count({ family: 'modification', by: ['tool', 'actor'] })).toMatchObject([
      { tool: 'Canva', actor: 'ana', count: 1 },
      { tool: 'desk', actor: 'bo', count: 1 },
    ]);
  });

  it('measures from the version to its approval', async () => {
    await used();
    expect(await count({ family: 'approval', by: ['kind'] })).toMatchObject([{ kind: 'image', meanSeconds: 3600 }]);
    const times = { count: 1, meanSeconds: 3600, shortestSeconds: 3600, longestSeconds: 3600 };
    expect(await approvalTimes(await story.reader('signals'), {})).toEqual(times);
    expect(await approvalTimes(await story.reader('signals'), { kindIn: ['font'] })).toBeUndefined();
  });

  it('counts reports as reports and never as approvals', async () => {
    await story.does('ana', register());
    await story.does('bo', attest());
    expect(await count({ family: 'approval' })).toMatchObject([{ count: 0 }]);
    expect(await count({ family: 'attestation' })).toMatchObject([{ count: 1 }]);
  });

  it('counts uses and different campaigns of an asset and of everything made from a template', async () => {
    const child = await used();
    await story.does('bo', observePlacement({ asset: child, campaign: uuidOf('elsewhere') }));
    const reader = await story.reader('signals');
    expect(await usesOf(reader, [POSTER, child])).toEqual([
      { uses: 0, campaigns: 0 },
      { uses: 3, campaigns: 2 },
    ]);
    expect(await usesOfTemplate(reader, POSTER)).toEqual({ uses: 3, campaigns: 2, assets: 1 });
    expect(await count({ family: 'campaignUse', by: ['template'] })).toMatchObject([{ template: POSTER, count: 3 }]);
  });

  it('counts a late fact on the day it was done', async () => {
    story.now = '2026-06-01T09:00:00.000Z';
    await story.does('ana', register(), { occurredAt: '2026-03-05T23:59:59.999Z' });
    const window = { from: '2026-03-05', to: '2026-03-06' };
    expect(await count({ by: ['day'], filter: { days: window } })).toMatchObject([{ day: '2026-03-05', count: 1 }]);
    expect(await count({}, { recordedAt: '2026-05-01T00:00:00.000Z' })).toMatchObject([{ count: 0 }]);
    expect(await count({}, { occurredAt: '2026-05-01T00:00:00.000Z' })).toMatchObject([{ count: 1 }]);
  });

  it('adds up by weeks, months, quarters and years of UTC', async () => {
    story.now = '2027-02-01T09:00:00.000Z';
    const days = ['2020-12-31', '2021-01-03', '2021-01-04', '2026-12-31', '2027-01-03'];
    for (const day of days) {
      await story.does('ana', register({ asset: uuidOf(day) }), { occurredAt: `${day}T23:59:59.999Z` });
    }
    expect(await count({ by: ['week'] })).toEqual([
      { week: '2020-W53', count: 2 },
      { week: '2021-W01', count: 1 },
      { week: '2026-W53', count: 2 },
    ]);
    expect(await count({ by: ['year', 'quarter'] })).toEqual([
      { year: '2020', quarter: '2020-Q4', count: 1 },
      { year: '2021', quarter: '2021-Q1', count: 2 },
      { year: '2026', quarter: '2026-Q4', count: 1 },
      { year: '2027', quarter: '2027-Q1', count: 1 },
    ]);
    expect(await count({ by: ['month'] }, { occurredAt: '2021-02-01T00:00:00.000Z' })).toEqual([
      { month: '2020-12', count: 1 },
      { month: '2021-01', count: 2 },
    ]);
  });

  it('adds up uses by where they were, and what was seen by its source', async () => {
    await story.does('ana', plan({ campaign: uuidOf('winter') }));
    const child = await used();
    const seen = { asset: child, campaign: uuidOf('winter'), market: 'PT', channel: 'shop', evidence };
    await story.does('bot', observePlacement(seen));
    await story.does('bot', observePlacement({ asset: child, campaign: uuidOf('elsewhere') }));
    const family = 'campaignUse';
    expect(await count({ family, by: ['channel', 'market'] })).toMatchObject([
      { channel: 'print', market: null, count: 1 },
      { channel: 'release', market: null, count: 1 },
      { channel: 'shop', market: 'PT', count: 1 },
      { channel: 'web', market: null, count: 1 },
    ]);
    expect(await count({ family, by: ['brand'] })).toContainEqual({ brand: 'Frost', count: 1 });
    expect(await count({ family, by: ['campaign', 'brand'] })).toContainEqual({
      campaign: uuidOf('elsewhere'),
      brand: null,
      count: 1,
    });
    expect(await count({ family, by: ['source'] })).toContainEqual({ source: evidence.source, count: 1 });
    expect(await count({ family, by: ['mediaType'] })).toHaveLength(1);
  });

  it('counts only what was used or reported as a filter says', async () => {
    await story.does('ana', plan({ campaign: uuidOf('winter') }));
    const child = await used();
    const seen = { asset: child, campaign: uuidOf('winter'), market: 'PT', channel: 'shop', evidence };
    await story.does('bot', observePlacement(seen));
    const uses = async (filter: FactFilter) => (await count({ family: 'campaignUse', filter }))[0]!.count;
    expect(await uses({})).toBe(3);
    expect(await uses({ market: 'PT' })).toBe(1);
    expect(await uses({ channel: 'print' })).toBe(1);
    expect(await uses({ campaignId: uuidOf('winter') })).toBe(1);
    expect(await uses({ brand: 'Frost' })).toBe(1);
    expect(await uses({ brand: 'Frost', channel: 'print' })).toBe(0);
    expect(await uses({ brand: 'Nobody' })).toBe(0);
    expect(await uses({ source: evidence.source })).toBe(1);
    expect(await uses({ mediaType: 'image/png' })).toBe(3);
    expect(await uses({ mediaType: 'image/gif' })).toBe(0);
    await story.does('bo', attest({ asset: child, role: 'legal' }));
    expect(await count({ family: 'attestation', filter: { role: 'legal' } })).toMatchObject([{ count: 1 }]);
    expect(await count({ family: 'attestation', filter: { role: 'brand' } })).toMatchObject([{ count: 0 }]);
  });

  it('adds up reports by role and source', async () => {
    await story.does('ana', register());
    await story.does('bo', attest());
    const [only] = await count({ family: 'attestation', by: ['role', 'source', 'mediaType'] });
    expect(only).toMatchObject({ role: expect.any(String), source: evidence.source, count: 1 });
    expect(only?.mediaType).not.toBeNull();
  });

  it('orders by a measure or a dimension and leaves small groups out', async () => {
    for (const [actor, many] of Object.entries({ ana: 2, bo: 3, cy: 1, dee: 2 })) {
      for (let n = 0; n < many; n++) await story.does(actor, register({ asset: uuidOf(`${actor} ${n}`) }));
    }
    const reader = await story.reader('signals');
    const ordered = async (by: string, direction: 'asc' | 'desc', atLeast?: number) => {
      const list = listBy('creation', ['actor'], atLeast);
      const { rows } = await list.page(reader, { order: { by, direction }, first: 10 });
      expect(await list.count(reader, undefined)).toBe(rows.length);
      return rows.map(({ actor }) => actor);
    };
    expect(await ordered('count', 'desc')).toEqual(['bo', 'ana', 'dee', 'cy']);
    expect(await ordered('count', 'asc')).toEqual(['cy', 'ana', 'dee', 'bo']);
    expect(await ordered('actor', 'desc')).toEqual(['dee', 'cy', 'bo', 'ana']);
    expect(await ordered('count', 'desc', 2)).toEqual(['bo', 'ana', 'dee']);
    expect(await ordered('count', 'desc', 4)).toEqual([]);
  });

  it('can be read in pages', async () => {
    await used();
    const reader = await story.reader('signals');
    const list = listBy('creation', ['actor']);
    expect(await list.page(reader, { first: 1 })).toMatchObject({ rows: [{ actor: 'ana' }], hasNext: true });
    const behind = { first: 1, after: { offset: 1 } };
    expect(await list.page(reader, behind)).toMatchObject({ rows: [{ actor: 'bo' }], hasNext: false });
  });
});

const families = Object.keys(FAMILIES) as readonly Family[];

it('counts the same whatever order the streams of the log come in', () => {
  const counted = (log: Parameters<typeof folded>[1]) => {
    const rows = folded(projection, log);
    const plain = families.flatMap((family) =>
      rows[family].map((row) => JSON.stringify([family, { ...row, position: '', of: '', registration: '' }])),
    );
    return plain.sort();
  };
  fc.assert(
    fc.property(chronicles, fc.array(fc.nat(20), { minLength: 1 }), ({ log }, choices) => {
      expect(counted(interleaved(log, choices))).toEqual(counted(log));
    }),
    { numRuns: 100 },
  );
});

it('has a fact for every act it is about, and none besides', () => {
  fc.assert(
    fc.property(chronicles, ({ log }) => {
      const rows = folded(projection, log);
      const events = (...types: string[]) => log.filter(({ type }) => types.includes(type));
      const later = events('VersionAdded').filter(({ data }) => (data as { version: number }).version > 1);
      const facts = families.map((family) => rows[family].map(({ position }) => position).sort());
      expect(facts).toEqual([
        events('AssetRegistered').map(({ position }) => position),
        [...later, ...events('MetadataChanged')].map(({ position }) => position).sort(),
        events('ApprovalGranted').map(({ position }) => position),
        events('DecisionAttested').map(({ position }) => position),
        events('PlacementStarted', 'PlacementObserved').map(({ position }) => position),
      ]);
    }),
    { numRuns: 100 },
  );
});
