import type { AssetRow } from '../../projections/library/tables';
import type { ProjectionReader } from '../tables/reader';
import type { ApiDependencies } from './dependencies';
import { aliasesOf, campaignsOf, metadataOf, versionsOf } from './innerlists';
import { inside } from './listing';
import { Moment } from './moment';
import { AssetView } from './views/asset';

/** A moment whose tables hold a row for every request, and that counts the reads. */
function counted() {
  const asked: string[] = [];
  const reader = {
    getMany: async (_table: unknown, keys: readonly object[]) => {
      asked.push(`${keys.length} rows by key`);
      return keys;
    },
    select: async () => {
      asked.push('a selection');
      return ['a', 'b'].flatMap((asset) => ['x', 'y'].map((name) => ({ asset, name })));
    },
  } as unknown as ProjectionReader;
  const door = { runtime: { reader: () => reader } } as unknown as ApiDependencies;
  return { asked, moment: new Moment(door, undefined, '0'.repeat(20)) };
}

const asset = (id: string, moment: Moment) =>
  new AssetView({ asset: id, version: 7, campaigns: [`c of ${id}`, `d of ${id}`] } as unknown as AssetRow, moment);

it.each([
  ['metadata', metadataOf, ['a selection'], 2],
  ['versions', versionsOf, ['10 rows by key'], 5],
  ['campaigns', campaignsOf, ['4 rows by key'], 2],
] as const)('reads the %s of several assets at once', async (_what, listOf, expected, rows) => {
  const { asked, moment } = counted();
  const pages = await Promise.all(
    ['a', 'b'].map((id) => inside<unknown, unknown>(moment, listOf(asset(id, moment)), { first: 5 }, (row) => row)),
  );
  expect(asked).toEqual(expected);
  expect(pages.map(({ nodes }) => nodes.length)).toEqual([rows, rows]);
});

it('reads a page once, however often the answer shows its object', async () => {
  const { asked, moment } = counted();
  const page = (after?: string) => inside(moment, aliasesOf(asset('a', moment)), { first: 3, after }, (row) => row);
  const [one, other] = await Promise.all([page(), page()]);
  expect(asked).toEqual(['a selection']);
  expect(other.nodes).toEqual(one.nodes);
});
