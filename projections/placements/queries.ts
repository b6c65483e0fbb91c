import type { At, Conditions, ProjectionReader } from '../../src/tables/reader';
import { dayAfter } from '../calendar';
import { type Filter, idOf, label, oneOf, type Window, within } from '../filters';
import { listOf } from '../list';
import { lapse, type PlacementRow, placement } from './tables';

/** True for those that run (at the moment asked about), false for those that are over. */
const running: Filter<'ended', boolean> = {
  takes: 'value',
  conditions: (runs) => ({ where: { ended: { isNull: runs } } }),
};

/** Started before the window ends, and not over when it begins. */
const ranWithin = ({ from, to }: Window): Conditions<'startedAt' | 'endedAt'> => ({
  ...(to !== undefined && { where: { startedAt: { lt: to } } }),
  ...(from !== undefined && {
    anyOf: [[{ where: { endedAt: { isNull: true } } }, { where: { endedAt: { gt: from } } }]],
  }),
});

const ranDuring: Filter<'startedAt' | 'endedAt', Window> = { takes: 'window', conditions: ranWithin };

const ranOn: Filter<'startedAt' | 'endedAt', string> = {
  takes: 'value',
  conditions: (day) => ranWithin({ from: `${day}T00:00:00.000Z`, to: `${dayAfter(day)}T00:00:00.000Z` }),
};

/** This code is among those that were found. */
const found: Filter<'found', string> = {
  takes: 'value',
  conditions: (code) => ({ where: { found: { has: code } } }),
};

/** Why no approval stands behind a placement: it has lapsed, even after the end, or there never was one. */
const GAPS: { readonly [gap: string]: Conditions<'approval'> } = {
  lapsed: { some: [{ table: lapse, same: { approval: 'approval' }, where: {} }] },
  never: { where: { approval: { isNull: true } } },
};

const withoutApproval: Filter<'approval', readonly string[]> = {
  takes: 'words',
  conditions: (gaps) =>
    gaps.length === 0 ? { where: { approval: { in: [] } } } : { anyOf: [gaps.map((gap) => GAPS[gap]!)] },
};

/** What ran at a moment is `running: true` with `at: { occurredAt }`. */
export const placements = listOf({
  name: 'placements',
  projection: 'placements',
  table: placement,
  orders: { started: 'startedAt' },
  usual: { by: 'started', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    campaignId: idOf('campaign', 'campaign'),
    channel: label('channel'),
    market: label('market'),
    running,
    started: within('startedAt'),
    ranDuring,
    ranOn,
    withoutApproval,
  },
});

/** What the gate found about placements. */
export const findings = listOf({
  name: 'findings',
  projection: 'placements',
  table: placement,
  orders: { changed: 'findingCause' },
  usual: { by: 'changed', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    campaignId: idOf('campaign', 'campaign'),
    statusIn: oneOf('finding'),
    code: found,
    changed: within('findingAt'),
  },
  leftOut: { unless: [], but: { where: { finding: { isNull: false } } } },
});

/** What runs of these assets. */
export function runningOf(
  reader: ProjectionReader,
  assets: readonly string[],
  limit: number,
  at?: At,
): Promise<readonly PlacementRow[]> {
  return reader.select(placement, {
    where: { asset: { in: assets }, ended: { isNull: true } },
    order: [{ by: 'started' }],
    limit,
    at,
  });
}

/** Placements by their ids, in that order; undefined where an id was unknown at that moment. */
export function placementsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (PlacementRow | undefined)[]> {
  return reader.getMany(
    placement,
    ids.map((id) => ({ placement: id })),
    at,
  );
}
