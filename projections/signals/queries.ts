import type { Table } from '../../src/tables/projection';
import type { At, Grouping, ProjectionReader } from '../../src/tables/reader';
import { conditionsOf, type Filter, type FilterOf, idOf, is, label, oneOf } from '../filters';
import type { List } from '../list';
import { approval, campaignUse, derivation, FAMILIES, type FactRow, type Family } from './tables';

export type Dimension = 'day' | 'kind' | 'tool' | 'template' | 'actor';

/** From the first UTC day, included, to the last, excluded. */
const days: Filter<'occurredAt', { readonly from?: string; readonly to?: string }> = {
  takes: 'window',
  conditions: ({ from, to }) => ({
    where: {
      occurredAt: [
        ...(from === undefined ? [] : [{ gte: `${from}T00:00:00.000Z` }]),
        ...(to === undefined ? [] : [{ lt: `${to}T00:00:00.000Z` }]),
      ],
    },
  }),
};

export const factFilters = {
  days,
  kindIn: oneOf('kind'),
  tool: label('tool'),
  templateId: idOf('template', 'asset'),
  actorId: is('actor', 'actor'),
};

type Dimensions = keyof FactRow;
export type FactFilter = FilterOf<typeof factFilters>;

/** Facts with the same dimensions: those asked for are set. */
export interface Signal {
  readonly day?: string;
  readonly kind?: string;
  readonly tool?: string;
  readonly template?: string | null;
  readonly actor?: string;
  readonly count: number;
  /** Approvals only: mean seconds from the version to its approval. */
  readonly meanSeconds?: number;
}

/**
 * Facts of one family added up by the dimensions asked for, in their order; no dimension gives one total, 0 included.
 * Pages go by `offset`.
 */
export function signalsBy(family: Family, by: readonly Dimension[]): List<Signal, FactFilter> {
  const table = FAMILIES[family] as Table<typeof FAMILIES.creation.columns>;
  return {
    name: `signals ${family} ${by}`,
    projection: 'signals',
    filters: factFilters,
    usual: { by: 'dimensions', direction: 'asc' },
    async page(reader, { filter, first, after }, at) {
      const grouping: Grouping<FactRow> = {
        ...conditionsOf<Dimensions>(factFilters, filter),
        by,
        order: by.map((each) => ({ by: each })),
        limit: first + 1,
        offset: after?.offset,
        at,
      };
      const groups =
        family === 'approval'
          ? await reader.group(approval, { ...grouping, sum: ['seconds'] })
          : await reader.group(table, grouping);
      const rows = groups.slice(0, first).map((group) => {
        const { day, kind, tool, template, actor, count } = group;
        const signal = { day, kind, tool, template, actor, count };
        const timed = family === 'approval' && count > 0;
        return timed ? { ...signal, meanSeconds: (group.sum_seconds ?? 0) / count } : signal;
      });
      return { rows, hasNext: groups.length > first };
    },
    count: async (reader, filter, at) =>
      by.length === 0 ? 1 : reader.count(table, { ...conditionsOf<Dimensions>(factFilters, filter), by, at }),
    mark: (_row, _order, index, after) => ({ offset: (after?.offset ?? 0) + index + 1 }),
    marks: () => ({ offset: 'integer' }),
  };
}

export interface ApprovalTimes {
  readonly count: number;
  readonly meanSeconds: number;
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

/** How long approvals took from the version to the approval; undefined where there is none in the filter. */
export async function approvalTimes(
  reader: ProjectionReader,
  filter: FactFilter,
  at?: At,
): Promise<ApprovalTimes | undefined> {
  const { where } = conditionsOf<Dimensions>(factFilters, filter);
  const [total] = await reader.group(approval, { where, by: [], sum: ['seconds'], limit: 1, at });
  const [shortest] = await reader.select(approval, { where, order: [{ by: 'seconds' }], limit: 1, at });
  const [longest] = await reader.select(approval, {
    where,
    order: [{ by: 'seconds', descending: true }],
    limit: 1,
    at,
  });
  if (total === undefined || shortest === undefined || longest === undefined) return undefined;
  return {
    count: total.count,
    meanSeconds: (total.sum_seconds ?? 0) / total.count,
    shortestSeconds: shortest.seconds,
    longestSeconds: longest.seconds,
  };
}

/** Times a version of each asset was placed or seen in a campaign, in the order of the ids. */
export async function usesOf(reader: ProjectionReader, assets: readonly string[], at?: At): Promise<readonly Uses[]> {
  const groups = await reader.group(campaignUse, {
    where: { asset: { in: assets } },
    by: ['asset'],
    distinct: ['campaign'],
    limit: assets.length,
    at,
  });
  const byAsset = new Map(groups.map((group) => [group.asset, group]));
  return assets.map((asset) => usesIn(byAsset.get(asset)));
}

export interface Uses {
  readonly uses: number;
  /** Different campaigns among them. */
  readonly campaigns: number;
}

/** Uses of everything made from a template, and in how many different assets and campaigns. */
export async function usesOfTemplate(
  reader: ProjectionReader,
  template: string,
  at?: At,
): Promise<Uses & { readonly assets: number }> {
  const [group] = await reader.group(campaignUse, {
    where: { template: { eq: template } },
    by: [],
    distinct: ['asset', 'campaign'],
    limit: 1,
    at,
  });
  return { ...usesIn(group), assets: group?.distinct_asset ?? 0 };
}

/** Different assets derived from each asset or made with it as template, in the order of the ids. */
export async function derivativesOf(
  reader: ProjectionReader,
  parents: readonly string[],
  at?: At,
): Promise<readonly number[]> {
  const groups = await reader.group(derivation, {
    where: { parent: { in: parents } },
    by: ['parent'],
    distinct: ['child'],
    limit: parents.length,
    at,
  });
  const byParent = new Map(groups.map((group) => [group.parent, group.distinct_child]));
  return parents.map((parent) => byParent.get(parent) ?? 0);
}

function usesIn(group: { readonly count: number; readonly distinct_campaign?: number } | undefined): Uses {
  return { uses: group?.count ?? 0, campaigns: group?.distinct_campaign ?? 0 };
}
