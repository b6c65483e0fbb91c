import type { At, ProjectionReader } from '../../src/tables/reader';
import { is, oneOf, type Page, pageOf, type Window, within } from '../page';
import { type ArchiveRow, entry, holding, running } from './tables';

export type ArchiveWhat = 'version' | 'asset' | 'placement';

/** Which entries; all conditions hold together. */
export interface ArchiveFilter {
  readonly whats?: readonly ArchiveWhat[];
  readonly asset?: string;
  readonly digest?: string;
  /** Opaque id of who took it out of production. */
  readonly by?: string;
  /** Out of production since within this window. */
  readonly since?: Window;
}

export interface Holder {
  readonly asset: string;
  readonly version: number;
}

/** One thing that has left production, with what became of its content. */
export interface ArchiveEntry extends ArchiveRow {
  /** Key of the content in a content-addressed store, `sha256/ab/cdef…`; null where there never was content. */
  readonly locator: string | null;
  /** Every version, of any asset, that has this very content; itself included. At most 100. */
  readonly holders: readonly Holder[];
  /** Placements that run this very content at that moment, of whichever version. */
  readonly stillRunning: number;
}

export const MOST_HOLDERS = 100;

/** A page of the archive, latest `since` first. `after`: `since` and `position` of the row to go on behind. */
export async function archived(
  reader: ProjectionReader,
  args: ArchiveFilter & { readonly first: number; readonly after?: Partial<ArchiveRow> },
  at?: At,
): Promise<Page<ArchiveEntry>> {
  const page = await pageOf(reader, entry, {
    where: {
      what: oneOf(args.whats),
      asset: is(args.asset),
      digest: is(args.digest),
      by: is(args.by),
      since: within(args.since),
    },
    order: [{ by: 'since', descending: true }],
    limit: args.first,
    after: args.after,
    at,
  });
  const digests = [...new Set(page.rows.flatMap((row) => (row.digest === null ? [] : [row.digest])))];
  const holders = new Map(
    await Promise.all(digests.map(async (one) => [one, await holdersOf(reader, one, at)] as const)),
  );
  const runs = await runningCounts(reader, digests, at);
  const rows = page.rows.map((row) => ({
    ...row,
    locator: row.digest === null ? null : locatorOf(row.digest),
    holders: (row.digest === null ? undefined : holders.get(row.digest)) ?? [],
    stillRunning: (row.digest === null ? undefined : runs.get(row.digest)) ?? 0,
  }));
  return { rows, hasNext: page.hasNext };
}

/** Every version, of any asset, with this very content, at most 100. */
export async function holdersOf(reader: ProjectionReader, digest: string, at?: At): Promise<readonly Holder[]> {
  const rows = await reader.select(holding, { where: { digest: { eq: digest } }, limit: MOST_HOLDERS, at });
  return rows.map((row) => ({ asset: row.asset, version: row.version }));
}

/** The key of a digest's content in a content-addressed store. */
export function locatorOf(digest: string): string {
  return `sha256/${digest.slice(0, 2)}/${digest.slice(2)}`;
}

async function runningCounts(
  reader: ProjectionReader,
  digests: readonly string[],
  at: At | undefined,
): Promise<ReadonlyMap<string, number>> {
  if (digests.length === 0) return new Map();
  const groups = await reader.group(running, {
    where: { digest: { in: digests } },
    by: ['digest'],
    limit: digests.length,
    at,
  });
  return new Map(groups.map((group) => [group.digest ?? '', group.count]));
}
