import type { Recorded } from '../../src/domain/catalogue';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type ArchiveRow, type CurrentRow, tables } from './tables';

type Archive = RowsOf<typeof tables>;

/** What has left production, and what still runs. An entry goes when the thing comes back. */
export const archive = projection({
  name: 'archive',
  version: 3,
  tables,
  on: {
    VersionAdded: supersede,
    AssetRetired: retire,
    AssetRestored: restore,
    PlacementStarted: start,
    PlacementObserved: start,
    PlacementEnded: (event, rows) => end(event, rows, event.data.reason ?? null),
    PlacementEndObserved: (event, rows) => end(event, rows, null),
  },
});

function supersede(event: Recorded<'VersionAdded'>, rows: Archive): void {
  const asset = subjectOf(event);
  const { version, digest } = event.data;
  const before = currently(asset, rows);
  if (before.version > 0) {
    rows.entry.put({ ...left(event), what: 'version', version: before.version, digest: before.digest });
  }
  rows.current.put({ ...before, version, digest });
}

function currently(asset: string, rows: Archive): CurrentRow {
  return rows.current.get({ asset }) ?? { asset, version: 0, digest: null, retired: null };
}

function retire(event: Recorded<'AssetRetired'>, rows: Archive): void {
  const before = currently(subjectOf(event), rows);
  rows.entry.put({
    ...left(event),
    what: 'asset',
    version: before.version === 0 ? null : before.version,
    digest: before.digest,
    reason: event.data.reason ?? null,
  });
  rows.current.put({ ...before, retired: event.position });
}

function restore(event: Recorded<'AssetRestored'>, rows: Archive): void {
  const before = currently(subjectOf(event), rows);
  if (before.retired !== null) rows.entry.delete({ position: before.retired });
  rows.current.put({ ...before, retired: null });
}

function start(event: Recorded<'PlacementStarted' | 'PlacementObserved'>, rows: Archive): void {
  const { placement, version, digest } = event.data;
  rows.running.put({ placement, asset: subjectOf(event), version: version ?? null, digest });
}

function end(event: Recorded<'PlacementEnded' | 'PlacementEndObserved'>, rows: Archive, reason: string | null): void {
  const { placement } = event.data;
  const { version, digest } = found(rows.running.get({ placement }), event);
  rows.running.delete({ placement });
  rows.entry.put({ ...left(event), what: 'placement', version, digest, placement, reason });
}

function left(event: Recorded): Omit<ArchiveRow, 'what'> {
  return {
    position: event.position,
    asset: subjectOf(event),
    version: null,
    digest: null,
    placement: null,
    since: event.metadata.occurredAt,
    recordedAt: event.recordedAt,
    by: event.metadata.actorId,
    reason: null,
  };
}
