import type { At, ProjectionReader } from '../../src/tables/reader';
import type { List, Page } from '../list';
import { type File, type Leaf, leafBehind, MOST } from './leaves';
import { type ContentsRow, contents, leaf } from './tables';

/** What campaigns contain, in the order of the ids; undefined where nothing was reported at that moment. */
export function contentsOf(
  reader: ProjectionReader,
  campaigns: readonly string[],
  at?: At,
): Promise<readonly (ContentsRow | undefined)[]> {
  return reader.getMany(
    contents,
    campaigns.map((campaign) => ({ campaign })),
    at,
  );
}

interface Asked {
  readonly first: number;
  /** Go on behind this path. */
  readonly after?: string | undefined;
  /** Only what belongs to this asset. */
  readonly asset?: string | undefined;
}

/** What a campaign contains, in the order of the paths; `asset`: only what belongs to it. */
export function contentsIn(campaign: string, asset?: string): List<File> {
  return {
    name: `contents ${campaign}`,
    projection: 'contents',
    filters: {},
    usual: { by: 'path', direction: 'asc' },
    async page(reader, { first, after }, at) {
      const [contents] = await contentsOf(reader, [campaign], at);
      return filesIn(reader, contents, { first, after: after?.path, asset }, at);
    },
    async count(reader, _filter, at) {
      const [contents] = await contentsOf(reader, [campaign], at);
      const files = contents?.files ?? 0;
      return asset === undefined ? files : (await filesIn(reader, contents, { first: files, asset }, at)).rows.length;
    },
    mark: ([path]) => ({ path }),
    marks: () => ({ path: 'text' }),
  };
}

/** A page of what a campaign contains, in the order of the paths. */
export async function filesIn(
  reader: ProjectionReader,
  row: ContentsRow | undefined,
  { first, after, asset }: Asked,
  at?: At,
): Promise<Page<File>> {
  const leaves = (row?.leaves ?? []) as readonly Leaf[];
  const files: File[] = [];
  // One more than asked for tells whether another page follows. A leaf that was changed may hold few files.
  const atOnce = asset === undefined ? Math.ceil(first / MOST) + 1 : 100;
  for (let next = leafBehind(leaves, after); next < leaves.length && files.length <= first; next += atOnce) {
    for (const read of await filesOf(reader, leaves.slice(next, next + atOnce), at)) {
      files.push(
        ...read.filter(
          ([path, , , of]) => (after === undefined || path > after) && (asset === undefined || of === asset),
        ),
      );
    }
  }
  return { rows: files.slice(0, first), hasNext: files.length > first };
}

async function filesOf(
  reader: ProjectionReader,
  leaves: readonly Leaf[],
  at: At | undefined,
): Promise<readonly (readonly File[])[]> {
  const rows = await reader.getMany(
    leaf,
    leaves.map(([campaign, revision, ordinal]) => ({ campaign, revision, ordinal })),
    at,
  );
  return rows.map((row) => (row?.files ?? []) as readonly File[]);
}
