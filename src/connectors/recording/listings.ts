import type { ContentsChange, ContentsEntry } from '../../domain/campaign/parts';
import { partsOf } from '../../domain/evidence';
import { streamOf } from '../../domain/stream';
import { upcast } from '../../domain/upcast';
import type { Store } from '../../store/store';

/** What a campaign contains, as the log says. */
export interface Listing {
  readonly files: ReadonlyMap<string, ContentsEntry>;
  /** The commit of the tag that is reported whole; undefined where a report is not at its end. */
  readonly commit: string | undefined;
  /** Reports about it in the log; 0 where nothing was reported. */
  readonly reports: number;
  /** What it began with: the contents of its base. */
  readonly before: ReadonlyMap<string, ContentsEntry>;
  /** Position of the last of them; empty where there is none. */
  readonly position: string;
}

interface Report {
  readonly position: string;
  readonly change: ContentsChange;
}

/** Files of all listings that are kept for the next question; the last one is kept whatever it holds. */
const KEPT_FILES = 50_000;

/**
 * Puts the contents of campaigns together from their streams. Contents are changes to those of another campaign, so the
 * last ones asked for are kept: releases are asked for in the order in which they were recorded.
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
      // What was reported before a base was named does not count any more.
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
