import type { RadiusKnown } from '../domain/decider';
import { MOST_RECALLED } from '../domain/recall/parts';
import type { Store } from '../store/store';
import { TablesBehind } from './engine';
import type { At, ProjectionReader } from './reader';
import type { Runtime } from './runtime';

const PATIENCE_MS = 5_000;

/** The questions that are asked of the tables, as their projections answer them. */
export interface RadiusTables {
  /** An asset and everything that came of it; undefined where that is too much. */
  reachedFrom(lineage: ProjectionReader, asset: string, at?: At): Promise<readonly string[] | undefined>;
  /** What runs of these assets. */
  runningOf(
    placements: ProjectionReader,
    assets: readonly string[],
    limit: number,
    at: At,
  ): Promise<readonly RunningRow[]>;
}

interface RunningRow {
  readonly asset: string;
  readonly placement: string;
  readonly campaign: string;
  readonly version: number | null;
  readonly channel: string;
  readonly market: string | null;
}

/**
 * Tells where an asset and everything that came of it runs, by everything that is in the log when it is asked. Throws
 * TablesBehind where the tables do not get there in time.
 */
export function radiusBy(
  store: Pick<Store, 'head'>,
  runtime: Pick<Runtime, 'reader' | 'waitFor'>,
  tables: RadiusTables,
) {
  return async (asset: string): Promise<RadiusKnown> => {
    const position = await store.head();
    const projections = ['lineage', 'placements'];
    if (!(await runtime.waitFor(position, { timeoutMs: PATIENCE_MS, projections }))) {
      throw new TablesBehind(await runtime.reader('placements').position());
    }
    const at = { position };
    const assets = await tables.reachedFrom(runtime.reader('lineage'), asset, at);
    if (assets === undefined) return { placements: undefined, position };
    const rows = await tables.runningOf(runtime.reader('placements'), assets, MOST_RECALLED + 1, at);
    return { placements: rows.map(placementOf), position };
  };
}

function placementOf({ version, market, ...row }: RunningRow) {
  const { asset, placement, campaign, channel } = row;
  return {
    asset,
    placement,
    campaign,
    ...(version !== null && { version }),
    channel,
    ...(market !== null && { market }),
  };
}
