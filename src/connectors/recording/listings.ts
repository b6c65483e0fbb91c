import type { ContentsChange, ContentsEntry } from '../../domain/campaign/parts';
import { partsOf } from '../../domain/evidence';
import { streamOf } from '../../domain/stream';
import { upcast } from '../../domain/upcast';
import type { Store } from '../../store/store';

/** The contents of a campaign according to the log. */
export interface Listing {
  readonly files: ReadonlyMap<string, ContentsEntry>;
  /** The commit of the tag whose contents are reported completely; undefined if a report is unfinished. */
  readonly commit: string | undefined;
  /** Number of reports about it in the log. */
  readonly reports: number;
  /** Its initial contents: those of its base. */
  readonly before: ReadonlyMap<string, ContentsEntry>;
  /** Position of the last report; empty if there is none. */
  readonly position: string;
}

interface Report {
  readonly position: string;
  readonly change: ContentsChange;
}

/** Number of files, over all listings, that are cached; the last listing is cached whatever its size. */
const KEPT_FILES = 50_000;

/**
 * Reconstructs the contents of campaigns from their streams. Contents are recorded as changes to another campaign, so
 * the most recent listings are cached: releases are requested in the order in which they were recorded.
 */
export class Listings {
  private readonly kept = new Map<string, Listing>();

  constructor(private readonly store: Pick<Store, 'readStream'>) {}

  async of(campaign: string): Promise<Listing> {
    const parts: { readonly of: string; readonly reports: readonly Report[]; readonly all: number }[] = [];
    let known: Listing | undefined;
    let at: string | undefined = campaign;
    let until: string | undefined;
    while (at !== undefined && known === undefined) {
      const all: readonly Report[] = await this.reportsOf(at, until);
      known = this.keptAs(at, all);
      if (known !== undefined) break;
      // Reports before the naming of a base no longer count.
      const start = Math.max(
        0,
        all.findLastIndex(({ change }) => change.base !== undefined),
      );
      const reports = all.slice(start);
      parts.push({ of: at, reports, all: all.length });
      at = reports[0]?.change.base;
      until = reports[0]?.position;
    }
    for (const { of, reports, all } of parts.reverse()) {
      const before: ReadonlyMap<string, ContentsEntry> = known?.files ?? new Map();
      const files = new Map(before);
      for (const { change } of reports) apply(files, change);
      const last = reports.at(-1);
      const commit = last?.change.more === true ? undefined : commitOf(last?.change);
      known = { files, before, commit, reports: all, position: last?.position ?? '' };
      this.keep(of, known);
    }
    return known!;
  }

  private async reportsOf(campaign: string, until: string | undefined): Promise<readonly Report[]> {
    const reports: Report[] = [];
    for await (const page of this.store.readStream(streamOf('campaign', campaign))) {
      for (const { type, data, position } of page.map(upcast)) {
        if (type !== 'CampaignContentsObserved' || (until !== undefined && position >= until)) continue;
        reports.push({ position, change: data });
      }
    }
    return reports;
  }

  private keptAs(campaign: string, reports: readonly Report[]): Listing | undefined {
    const kept = this.kept.get(campaign);
    return kept?.position === (reports.at(-1)?.position ?? '') ? kept : undefined;
  }

  private keep(campaign: string, listing: Listing): void {
    this.kept.delete(campaign);
    this.kept.set(campaign, listing);
    let total = 0;
    for (const { files } of this.kept.values()) total += files.size;
    for (const [oldest, { files }] of this.kept) {
      if (total <= KEPT_FILES || this.kept.size === 1) break;
      this.kept.delete(oldest);
      total -= files.size;
    }
  }
}

function commitOf(change: ContentsChange | undefined): string | undefined {
  return change?.evidence === undefined ? undefined : partsOf(change.evidence)[0];
}

function apply(files: Map<string, ContentsEntry>, { put, gone = [] }: ContentsChange): void {
  for (const path of gone) files.delete(path);
  for (const entry of put) files.set(entry.path, entry);
}
