import type { Category } from '../../src/domain/catalogue';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { is, oneOf, type Page, pageOf, type Window, within } from '../page';
import { event, type HistoryRow } from './tables';

/**
 * The story of one asset or campaign in the order of the log, a row for each event. `newestFirst` reads it backwards;
 * `after` is the position of the row to go on behind, in either direction. `sentence` (sentences.ts) words a row.
 */
export function historyOf(
  reader: ProjectionReader,
  args: {
    readonly category: Category;
    readonly subject: string;
    readonly types?: readonly string[];
    readonly occurred?: Window;
    readonly newestFirst?: boolean;
    readonly first: number;
    readonly after?: string;
  },
  at?: At,
): Promise<Page<HistoryRow>> {
  return pageOf(reader, event, {
    where: {
      subject: { eq: args.subject },
      category: { eq: args.category },
      type: oneOf(args.types),
      occurredAt: within(args.occurred),
    },
    order: [{ by: 'position', descending: args.newestFirst ?? false }],
    limit: args.first,
    at,
    after: args.after === undefined ? undefined : { position: args.after },
  });
}

/** What happened everywhere within a window of time, in the order it was done. `after`: position and occurredAt. */
export function historyWithin(
  reader: ProjectionReader,
  args: {
    readonly occurred: Window;
    readonly types?: readonly string[];
    readonly actor?: string;
    readonly newestFirst?: boolean;
    readonly first: number;
    readonly after?: Partial<HistoryRow>;
  },
  at?: At,
): Promise<Page<HistoryRow>> {
  return pageOf(reader, event, {
    where: {
      type: oneOf(args.types),
      actor: is(args.actor),
      occurredAt: within(args.occurred),
    },
    order: [{ by: 'occurredAt', descending: args.newestFirst ?? false }],
    limit: args.first,
    at,
    after: args.after,
  });
}

/** The event at a position, or undefined where the log had none there. */
export function eventAt(reader: ProjectionReader, position: string, at?: At): Promise<HistoryRow | undefined> {
  return reader.get(event, { position }, at);
}

/** The events at these positions, in their order; undefined where the log had none. An event never changes. */
export function eventsByPosition(
  reader: ProjectionReader,
  positions: readonly string[],
): Promise<readonly (HistoryRow | undefined)[]> {
  return reader.getMany(
    event,
    positions.map((position) => ({ position })),
  );
}
