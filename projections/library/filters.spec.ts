import fc from 'fast-check';
import { ASSET_KINDS } from '../../src/domain/kinds';
import type { At } from '../../src/tables/reader';
import {
  addVersion,
  changeMetadata,
  launch,
  observePlacement,
  plan,
  register,
  retire,
  SUMMER,
  words,
} from '../../test/domain/commands';
import { sha256, uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import type { FilterFor } from '../list';
import { assets } from './list';

type Filter = FilterFor<typeof assets>;

let story: Story;
beforeAll(async () => {
  story = await Story.open();
  story.now = '2026-03-01T09:00:00.000Z';
  await story.does('ana', plan());
  await story.does('ana', launch());
  const poster = { asset: uuidOf('poster'), title: 'Sea poster', tags: ['summer', 'web'] };
  await story.does('ana', register({ ...poster, metadata: { path: words('a/poster.png'), claim: words('fresh') } }));
  story.now = '2026-03-02T09:00:00.000Z';
  const banner = { asset: uuidOf('banner'), title: 'Sea banner', tags: ['web'], kind: 'video' as const };
  await story.does('bo', register({ ...banner, metadata: { size: { type: 'number', value: 4, material: false } } }));
  await story.does('bo', { type: 'ObserveAlias', asset: banner.asset, path: 'b/banner.png' });
  story.now = '2026-03-03T09:00:00.000Z';
  await story.does('cy', register({ asset: uuidOf('old'), title: 'Old flyer', tags: ['print'] }));
  await story.does('cy', retire(uuidOf('old')));
  await story.does('bot', observePlacement({ asset: poster.asset, market: 'PT' }));
  story.now = '2026-03-04T09:00:00.000Z';
  await story.does('bo', addVersion('second', { asset: poster.asset, mediaType: 'image/webp' }));
  const channels = { type: 'list', value: ['shop', 'app'], material: false } as const;
  await story.does('ana', changeMetadata({ asset: poster.asset, set: { channels, claim: words('warm') } }));
  await story.does('bo', { type: 'ObserveAliasEnd', asset: banner.asset, path: 'b/banner.png' });
});
afterAll(() => story.close());

const NAMES = new Map(['poster', 'banner', 'old'].map((name) => [uuidOf(name), name]));
const found = async (filter: Filter, at?: At) => {
  const reader = await story.reader('library');
  const { rows } = await assets.page(reader, { filter, first: 100 }, at);
  expect(await assets.count(reader, filter, at)).toBe(rows.length);
  return rows.map(({ asset }) => NAMES.get(asset)).sort();
};

it.each<[string, Filter, readonly string[]]>([
  ['that are in production, unless more is asked for', {}, ['banner', 'poster']],
  ['that are retired too, where they are asked for', { includeRetired: true }, ['banner', 'old', 'poster']],
  ['that are retired, by their status', { statusIn: ['retired'] }, ['old']],
  ['with one of several tags', { tagsAny: ['summer', 'print'] }, ['poster']],
  ['that ran in a market', { market: 'PT' }, ['poster']],
  ['that ran in a campaign', { campaignId: SUMMER }, ['poster']],
  ['by the path of their import', { path: 'a/poster.png' }, ['poster']],
  ['by an alias that is gone', { alias: 'b/banner.png' }, []],
  ['by a field of metadata', { metadata: [{ name: 'claim' }] }, ['poster']],
  ['by the value of a field', { metadata: [{ name: 'claim', value: { text: 'warm' } }] }, ['poster']],
  ['by a value that a field had before', { metadata: [{ name: 'claim', value: { text: 'fresh' } }] }, []],
  ['by a number', { metadata: [{ name: 'size', value: { number: 4 } }] }, ['banner']],
  ['by an item of a list', { metadata: [{ name: 'channels', value: { listContains: 'app' } }] }, ['poster']],
  ['by the text of a field that is no list', { metadata: [{ name: 'claim', value: { listContains: 'warm' } }] }, []],
  ['by content that a version has', { anyVersion: { digest: sha256('second') } }, ['poster']],
  ['by the author of the current version', { currentVersion: { authorId: 'bo' } }, ['banner', 'poster']],
  ['by the author of any version', { anyVersion: { authorId: 'ana' } }, ['poster']],
  ['by media type', { currentVersion: { mediaType: 'image/webp' } }, ['poster']],
  ['by when they were registered', { registered: { from: '2026-03-02T00:00:00.000Z' } }, ['banner']],
  ['by when they were changed', { changed: { to: '2026-03-04T00:00:00.000Z' } }, []],
  ['by any of several filters', { anyOf: [{ kindIn: ['video'] }, { titleMatches: 'poster' }] }, ['banner', 'poster']],
  [
    'by any of several, with another',
    { tagsAll: ['summer'], anyOf: [{ kindIn: ['video'] }, { market: 'PT' }] },
    ['poster'],
  ],
  [
    'by any of several, one of which asks for the retired',
    { anyOf: [{ statusIn: ['retired'] }, { market: 'PT' }] },
    ['old', 'poster'],
  ],
])('finds assets %s', async (_what, filter, expected) => {
  expect(await found(filter)).toEqual(expected);
});

it.each<[string, Filter, readonly string[]]>([
  ['the metadata', { metadata: [{ name: 'claim', value: { text: 'fresh' } }] }, ['poster']],
  ['the aliases', { alias: 'b/banner.png' }, ['banner']],
  ['the current version', { currentVersion: { authorId: 'bo' } }, ['banner']],
  ['the versions', { anyVersion: { digest: sha256('second') } }, []],
  ['the markets', { market: 'PT' }, ['poster']],
])('answers by %s of a past moment', async (_what, filter, expected) => {
  for (const at of [{ recordedAt: '2026-03-03T12:00:00.000Z' }, { occurredAt: '2026-03-03T12:00:00.000Z' }]) {
    expect(await found(filter, at)).toEqual(expected);
  }
  expect(await found({ market: 'PT' }, { recordedAt: '2026-03-02T12:00:00.000Z' })).toEqual([]);
});

it('combines filters as sets: AND is an intersection, anyOf a union', async () => {
  const one = fc.constantFrom<Filter>(
    { kindIn: [ASSET_KINDS[0]] },
    { titleMatches: 'sea' },
    { tagsAny: ['summer', 'print'] },
    { market: 'PT' },
    { path: 'a/poster.png' },
    { alias: 'b/banner.png' },
    { metadata: [{ name: 'claim', value: { text: 'fresh' } }] },
    { currentVersion: { authorId: 'bo' } },
    { anyVersion: { digest: sha256('second') } },
    { registered: { from: '2026-03-02T00:00:00.000Z' } },
  );
  const moment = fc.constantFrom<At | undefined>(undefined, { recordedAt: '2026-03-03T12:00:00.000Z' });
  await fc.assert(
    fc.asyncProperty(one, fc.array(one, { minLength: 1, maxLength: 3 }), moment, async (all, any, at) => {
      const inAll = await found({ ...all, includeRetired: true }, at);
      const inAny = new Set<string | undefined>();
      for (const each of any) for (const name of await found({ ...each, includeRetired: true }, at)) inAny.add(name);
      const together = await found({ ...all, includeRetired: true, anyOf: any }, at);
      expect(together).toEqual(inAll.filter((name) => inAny.has(name)));
    }),
    { numRuns: 40 },
  );
});
