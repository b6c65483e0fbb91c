import type { At, ProjectionReader, Test } from '../../src/tables/reader';
import { is, oneOf, type Page, pageOf, type Window, within } from '../page';
import { entry, granted, type LedgerRow } from './tables';

export type LedgerKind = 'decision' | 'attestation' | 'approval';

/** Which entries; all conditions hold together. */
export interface LedgerFilter {
  readonly asset?: string;
  readonly version?: number;
  readonly digest?: string;
  /** Opaque id of the person, service or agent. */
  readonly actor?: string;
  readonly kinds?: readonly LedgerKind[];
  readonly decisions?: readonly string[];
  /** Done within this window, as their sources say. */
  readonly occurred?: Window;
  /** Written to the log within this window. */
  readonly recorded?: Window;
  /** True for approvals that hold, false for approvals that lapsed. */
  readonly live?: boolean;
}

/** A page of the ledger, latest `occurredAt` first. `after`: `occurredAt` and `position` of the row to go on behind. */
export function ledger(
  reader: ProjectionReader,
  args: LedgerFilter & { readonly first: number; readonly after?: Partial<LedgerRow> },
  at?: At,
): Promise<Page<LedgerRow>> {
  return pageOf(reader, entry, {
    where: {
      asset: is(args.asset),
      version: is(args.version),
      digest: is(args.digest),
      actor: is(args.actor),
      kind: [...oneOf(args.kinds), ...(args.live === undefined ? [] : [{ eq: 'approval' }])],
      decision: oneOf(args.decisions),
      occurredAt: within(args.occurred),
      recordedAt: within(args.recorded),
      lapsed: holds(args.live),
    },
    order: [{ by: 'occurredAt', descending: true }],
    limit: args.first,
    after: args.after,
    at,
  });
}

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

function holds(live: boolean | undefined): readonly Test[] {
  return live === undefined ? [] : [{ isNull: live }];
}
