import type { RadiusTables } from './radius';
import type { ProjectionReader } from './reader';
import type { Runtime } from './runtime';

/** Placements of one recall that are looked at in one go. */
const MOST_LOOKED_AT = 1_000;

/** A placement that an open recall has not heard of, or one of its own that is over. */
interface News {
  readonly recall: string;
  readonly asset: string;
  readonly placement: string;
  readonly isOver: boolean;
}

/** The questions that are asked of the tables, as their projections answer them. */
export interface RecallingTables extends Pick<RadiusTables, 'reachedFrom'> {
  openRecalls(
    recalls: ProjectionReader,
  ): Promise<readonly { readonly recall: string; readonly asset: string; readonly openedAt: string }[]>;
  /** Its placements, with whether each is taken down or refused. */
  itemsOf(
    recalls: ProjectionReader,
    recall: string,
  ): Promise<readonly { readonly placement: string; readonly isResolved: boolean }[]>;
  runningOf(
    placements: ProjectionReader,
    assets: readonly string[],
    limit: number,
  ): Promise<readonly { readonly placement: string; readonly asset: string; readonly startedAt: string }[]>;
  placementsById(
    placements: ProjectionReader,
    ids: readonly string[],
  ): Promise<
    readonly ({ readonly placement: string; readonly asset: string; readonly endedAt: string | null } | undefined)[]
  >;
}

/** Tells what open recalls have not heard of: placements that came later, and their own that are over. */
export function recallingBy(runtime: Pick<Runtime, 'reader'>, tables: RecallingTables) {
  const [recalls, placements, lineage] = ['recalls', 'placements', 'lineage'].map((name) => runtime.reader(name)) as [
    ProjectionReader,
    ProjectionReader,
    ProjectionReader,
  ];
  const newsOf = async ({ recall, asset: from }: { readonly recall: string; readonly asset: string }) => {
    const items = await tables.itemsOf(recalls, recall);
    const known = new Set(items.map(({ placement }) => placement));
    const assets = (await tables.reachedFrom(lineage, from)) ?? [from];
    const running = await tables.runningOf(placements, assets, MOST_LOOKED_AT);
    const later = running
      .filter(({ placement }) => !known.has(placement))
      .map(({ placement, asset, startedAt: since }) => ({ fact: { recall, asset, placement, isOver: false }, since }));
    const open = items.filter(({ isResolved }) => !isResolved).map(({ placement }) => placement);
    const rows = await tables.placementsById(placements, open);
    const over = rows.flatMap((row) =>
      row === undefined || row.endedAt === null
        ? []
        : [{ fact: { recall, asset: row.asset, placement: row.placement, isOver: true }, since: row.endedAt }],
    );
    return [...later, ...over];
  };
  return async (): Promise<readonly { readonly fact: News; readonly since: string }[]> => {
    const open = await tables.openRecalls(recalls);
    const news = await Promise.all(open.map(newsOf));
    return news.flat().sort((one, other) => (one.since < other.since ? -1 : 1));
  };
}
