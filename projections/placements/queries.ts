import type { At, ProjectionReader } from '../../src/tables/reader';
import { is, label, type Page, pageOf, type Window, within } from '../page';
import { type PlacementRow, placement } from './tables';

/** Which placements; all conditions hold together. */
export interface PlacementFilter {
  readonly asset?: string;
  readonly campaign?: string;
  readonly channel?: string;
  readonly market?: string;
  /** True for those that run (at the moment asked about), false for those that are over. */
  readonly running?: boolean;
  /** Started within this window, as their sources say. */
  readonly started?: Window;
}

/**
 * A page of placements, latest start first. `after`: `startedAt` and `placement` of the row to go on behind. What ran
 * at a moment is `running: true` with `at: { occurredAt }`.
 */
export function placements(
  reader: ProjectionReader,
  args: PlacementFilter & { readonly first: number; readonly after?: Partial<PlacementRow> },
  at?: At,
): Promise<Page<PlacementRow>> {
  return pageOf(reader, placement, {
    where: {
      asset: is(args.asset),
      campaign: is(args.campaign),
      channel: label(args.channel),
      market: label(args.market),
      ended: args.running === undefined ? [] : [{ isNull: args.running }],
      startedAt: within(args.started),
    },
    order: [{ by: 'startedAt', descending: true }],
    limit: args.first,
    after: args.after,
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
