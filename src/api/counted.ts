import { assets } from '../../projections/library/list';
import type { AssetRow } from '../../projections/library/tables';
import { derivativesOf } from '../../projections/lineage/queries';
import type { FilterFor, List, Mark, Order } from '../../projections/list';
import { usesOf } from '../../projections/signals/queries';
import type { At, ProjectionReader } from '../tables/reader';
import type { ApiDependencies } from './dependencies';
import { valueNamed } from './enums';
import { fault } from './errors';
import type { ListArguments } from './listing';

/** What is counted of an asset in other tables than the library's. */
export const COUNTED = ['uses', 'campaignCount', 'derivatives'] as const;
type CountName = (typeof COUNTED)[number];

interface Range {
  readonly min?: number | null;
  readonly max?: number | null;
}

export type AssetArguments = ListArguments & { readonly having?: { readonly [N in CountName]?: Range | null } | null };

type AssetFilter = FilterFor<typeof assets>;

/** Assets that are counted at once. */
const BATCH = 500;
/** Assets that one page looks at to find those with the counts asked for. */
export const MOST_LOOKED_AT = 200_000;
/** Assets that are brought into an order of counts: no index has it, so all of them are counted first. */
export const MOST_RANKED = 5000;

type Counts = Readonly<Record<CountName, number>>;
interface Counted {
  readonly row: AssetRow;
  readonly counts: Counts;
}

/** The library, where nothing is asked about counts; else a list that counts as it goes. */
export function assetsAsked(args: AssetArguments, { runtime }: ApiDependencies): List<AssetRow, AssetFilter> {
  const ranges = rangesOf(args.having);
  const ranked = args.orderBy == null ? undefined : COUNTED.find((name) => name === args.orderBy!.by);
  if (ranges.length === 0 && ranked === undefined) return assets;
  const reads = { signals: runtime.reader('signals'), lineage: runtime.reader('lineage') };
  const walk = new Walk(reads, ranges);
  return ranked === undefined ? walked(walk) : rankedBy(walk, ranked);
}

function rangesOf(having: AssetArguments['having']): readonly (readonly [CountName, Range])[] {
  return COUNTED.flatMap((name) => {
    const range = having?.[name];
    if (range == null) return [];
    const { min, max } = range;
    const path = ['having', name];
    for (const [end, value] of Object.entries({ min, max })) {
      if (value != null && value < 0)
        throw fault('BAD_USER_INPUT', `having.${name}.${end} must be 0 or more, not ${value}.`, [...path, end]);
    }
    if (min != null && max != null && min > max) {
      throw fault('BAD_USER_INPUT', `having.${name} has no number in it: from ${min} to ${max}.`, path);
    }
    return [[name, range]];
  });
}

/** In the order asked for, until the page is full. */
function walked(walk: Walk): List<AssetRow, AssetFilter> {
  return {
    ...assets,
    async page(reader, asked, at) {
      const { first, order = assets.usual } = asked;
      const rows: AssetRow[] = [];
      for await (const found of walk.from(reader, { ...asked, order }, at)) {
        rows.push(...found.map(({ row }) => row));
        if (rows.length > first) break;
      }
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    async count(reader, filter, at) {
      let count = 0;
      for await (const found of walk.from(reader, { filter, order: assets.usual }, at)) count += found.length;
      return count;
    },
  };
}

/** All that match, counted and sorted; equal counts in the order of the ids. */
function rankedBy(walk: Walk, by: CountName): List<AssetRow, AssetFilter> {
  const all = async (reader: ProjectionReader, filter: AssetFilter | undefined, at: At | undefined) => {
    const found: Counted[] = [];
    for await (const some of walk.from(reader, { filter, order: assets.usual }, at)) {
      found.push(...some);
      if (found.length <= MOST_RANKED) continue;
      const what = `orderBy.by: more than ${MOST_RANKED} assets would have to be counted and sorted by`;
      throw fault(
        'BAD_USER_INPUT',
        `${what} ${valueNamed(by)}, which has no index; ask for fewer by filter or having.`,
        ['orderBy', 'by'],
      );
    }
    return found;
  };
  const behind = (one: Mark, other: Mark, sign: number): number =>
    sign * (one.count - other.count) || (one.asset < other.asset ? -1 : Number(one.asset > other.asset));
  const counts = new WeakMap<AssetRow, number>();
  const markOf = (row: AssetRow): Mark => ({ count: counts.get(row)!, asset: row.asset });
  return {
    ...assets,
    async page(reader, { filter, order = assets.usual, first, after }, at) {
      const sign = order.direction === 'desc' ? -1 : 1;
      const found = await all(reader, filter, at);
      for (const { row, counts: of } of found) counts.set(row, of[by]);
      const rows = found
        .map(({ row }) => row)
        .filter((row) => after === undefined || behind(markOf(row), after, sign) > 0)
        .sort((one, other) => behind(markOf(one), markOf(other), sign));
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    count: async (reader, filter, at) => (await all(reader, filter, at)).length,
    mark: markOf,
    marks: () => ({ count: 'integer', asset: 'uuid' }),
  };
}

interface Asked {
  readonly filter?: AssetFilter | undefined;
  readonly order: Order;
  readonly after?: Mark | undefined;
}

/** Goes through the library and counts. */
class Walk {
  constructor(
    private readonly reads: { readonly signals: ProjectionReader; readonly lineage: ProjectionReader },
    private readonly ranges: readonly (readonly [CountName, Range])[],
  ) {}

  /** Those with the counts asked for, some at a time. Throws BAD_USER_INPUT where too many have others. */
  async *from(reader: ProjectionReader, asked: Asked, at: At | undefined): AsyncGenerator<readonly Counted[]> {
    const { filter, order } = asked;
    let { after } = asked;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += BATCH) {
      const { rows, hasNext } = await assets.page(reader, { filter, order, first: BATCH, after }, at);
      yield (await this.counted(rows, at)).filter(({ counts }) => this.isIn(counts));
      if (!hasNext) return;
      after = assets.mark(rows.at(-1)!, order, rows.length - 1);
    }
    throw fault(
      'BAD_USER_INPUT',
      `having: too few of ${MOST_LOOKED_AT} assets have these counts; ask for fewer by filter.`,
      ['having'],
    );
  }

  private async counted(rows: readonly AssetRow[], at: At | undefined): Promise<readonly Counted[]> {
    const ids = rows.map(({ asset }) => asset);
    const [uses, derivatives] = await Promise.all([
      usesOf(this.reads.signals, ids, at),
      derivativesOf(this.reads.lineage, ids, at),
    ]);
    return rows.map((row, index) => {
      const { uses: placed, campaigns } = uses[index]!;
      return { row, counts: { uses: placed, campaignCount: campaigns, derivatives: derivatives[index]! } };
    });
  }

  private isIn(counts: Counts): boolean {
    return this.ranges.every(([name, { min, max }]) => counts[name] >= (min ?? 0) && counts[name] <= (max ?? Infinity));
  }
}
