import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, idOf, is, oneOf, within } from '../filters';
import { listOf } from '../list';
import { entry, granted, type LedgerRow } from './tables';

/** True for approvals that hold, false for approvals that lapsed. */
const live: Filter<'kind' | 'lapsed', boolean> = {
  takes: 'value',
  conditions: (holds) => ({ where: { kind: { eq: 'approval' }, lapsed: { isNull: holds } } }),
};

/** The ledger of decisions and approvals. */
export const ledger = listOf({
  name: 'approvals',
  projection: 'approvals',
  table: entry,
  orders: { occurred: 'occurredAt' },
  usual: { by: 'occurred', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    version: { ...is('version'), with: 'assetId' },
    digest: is('digest'),
    actorId: is('actor', 'actor'),
    kindIn: oneOf('kind'),
    decisionIn: oneOf('decision'),
    occurred: within('occurredAt'),
    recorded: within('recordedAt'),
    live,
  },
});

/** The approval of each asset that holds at a moment, in the order of the ids; undefined where none does. */
export async function liveApprovals(
  reader: ProjectionReader,
  assets: readonly string[],
  at?: At,
): Promise<readonly (LedgerRow | undefined)[]> {
  const rows = await reader.select(entry, {
    where: { asset: { in: assets }, kind: { eq: 'approval' }, lapsed: { isNull: true } },
    limit: assets.length,
    at,
  });
  const byAsset = new Map(rows.map((row) => [row.asset, row]));
  return assets.map((asset) => byAsset.get(asset));
}

/** Approvals by their ids, in that order; undefined where an id was unknown at that moment. */
export async function approvalsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (LedgerRow | undefined)[]> {
  const places = await reader.getMany(
    granted,
    ids.map((approval) => ({ approval })),
    at,
  );
  const known = places.flatMap((place) => (place === undefined ? [] : [{ position: place.position }]));
  const rows = await reader.getMany(entry, known, at);
  const byId = new Map(rows.map((row) => [row?.approval, row]));
  return ids.map((id) => byId.get(id));
}

/** The entry of the ledger made by the event at a position. */
export function entryAt(reader: ProjectionReader, position: string, at?: At): Promise<LedgerRow | undefined> {
  return reader.get(entry, { position }, at);
}
