import type { CampaignRow } from '../../projections/campaigns/tables';
import { aliases, holders, versions } from '../../projections/library/list';
import type { AliasRow, FieldRow, VersionRow } from '../../projections/library/tables';
import type { List } from '../../projections/list';
import { fault } from './errors';
import type { InnerList } from './listing';
import type { Moment } from './moment';
import type { ContentView } from './views/archive';
import type { AssetView } from './views/asset';

/** Metadata of an asset, by name. */
export function metadataOf({ row, moment }: AssetView): InnerList<FieldRow> {
  return {
    name: `metadata ${row.asset}`,
    usual: { by: 'name', direction: 'asc' },
    async page({ first, after }) {
      const fields = await moment.metadata(row.asset);
      // A field may have been removed since the previous page; the tables compare names bytewise.
      const behind = after === undefined ? fields : fields.filter(({ name }) => byBytes(name, after.name) > 0);
      return { rows: behind.slice(0, first), hasNext: behind.length > first };
    },
    count: async () => (await moment.metadata(row.asset)).length,
    mark: ({ name }) => ({ name }),
    marks: () => ({ name: 'word' }),
  };
}

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Versions of an asset, latest first. */
export function versionsOf({ row, moment }: AssetView): InnerList<VersionRow> {
  // As of an `occurredAt`, a version may exist while an earlier one was recorded later.
  if (moment.at !== undefined && 'occurredAt' in moment.at)
    return rowsOf(versions, moment, row.asset, { assetId: row.asset });
  return {
    name: `versions ${row.asset}`,
    usual: { by: 'number', direction: 'desc' },
    async page({ first, after }) {
      // Version numbers are contiguous from 1, so the keys of a page are known, and the pages of many assets are one
      // read.
      const newest = Math.min(row.version, (after?.version ?? row.version + 1) - 1);
      const count = Math.max(0, Math.min(newest, first));
      const numbers = Array.from({ length: count }, (_, index) => newest - index);
      const rows = await Promise.all(numbers.map((number) => moment.version(row.asset, number)));
      return { rows: rows.filter((version) => version !== undefined), hasNext: newest > count };
    },
    count: () => row.version,
    mark: ({ version }) => ({ version }),
    marks: () => ({ version: 'integer' }),
  };
}

/** The rows of a list that belong to one object. */
function rowsOf<R, F>(list: List<R, F>, moment: Moment, id: string, filter: F): InnerList<R> {
  const name = `${list.name} ${id}`;
  const reader = moment.reader(list.projection);
  return {
    ...list,
    name,
    page: ({ first, after }) =>
      moment.once(`${first} ${name} behind ${JSON.stringify(after)}`, () =>
        list.page(reader, { filter, first, after }, moment.at),
      ),
    count: () => moment.once(`count of ${name}`, () => list.count(reader, filter, moment.at)),
  };
}

/** Other paths that lead to an asset. */
export function aliasesOf({ row, moment }: AssetView): InnerList<AliasRow> {
  return rowsOf(aliases, moment, row.asset, { assetId: row.asset });
}

/** Versions, of any asset, with the same content. */
export function holdersOf({ digest, moment }: ContentView): InnerList<VersionRow> {
  return rowsOf(holders, moment, digest, { digest });
}

/** Campaigns of an asset, in the order in which it first ran there. */
export function campaignsOf({ row, moment }: AssetView): InnerList<CampaignRow> {
  /** A report may name a campaign that was never planned here. */
  const planned = async (ids: readonly string[]): Promise<readonly CampaignRow[]> => {
    const found = await Promise.all(ids.map((id) => moment.campaign(id)));
    return found.filter((campaign) => campaign !== undefined);
  };
  return {
    name: `campaigns ${row.asset}`,
    usual: { by: 'used', direction: 'asc' },
    async page({ first, after }) {
      let next = after === undefined ? 0 : row.campaigns.indexOf(after.campaign) + 1;
      // Campaigns are only added: a missing one was never returned as a cursor for this moment.
      if (after !== undefined && next === 0) {
        throw fault('BAD_USER_INPUT', 'after must be a cursor that this field gave, as of the same moment.', ['after']);
      }
      const rows: CampaignRow[] = [];
      // One extra row shows whether another page follows.
      while (rows.length <= first && next < row.campaigns.length) {
        const ids = row.campaigns.slice(next, next + first + 1 - rows.length);
        rows.push(...(await planned(ids)));
        next += ids.length;
      }
      return { rows: rows.slice(0, first), hasNext: rows.length > first };
    },
    count: async () => (await planned(row.campaigns)).length,
    mark: ({ campaign }) => ({ campaign }),
    marks: () => ({ campaign: 'uuid' }),
  };
}
