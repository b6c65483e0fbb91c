import type { EventNamed } from '../../../domain/catalogue';
import type { AnyEvent } from '../../../domain/event';
import { partsOf } from '../../../domain/evidence';
import { subjectIn } from '../../../domain/stream';
import { upcast } from '../../../domain/upcast';
import { START, type Store } from '../../../store/store';

/** A placement that started with a release and that no following release has ended. */
export interface Running {
  readonly placement: string;
  /** The first release that contained it. */
  readonly campaign: string;
  /** Undefined if the bytes are no version of the asset. */
  readonly version: number | undefined;
  readonly digest: string;
}

/** What the log says about the releases of one repository. It can be rebuilt by reading the log from the start. */
export interface Shipped {
  /** Everything up to this position is included. */
  position: string;
  /** asset → its running placements. */
  readonly running: Map<string, Running[]>;
  /** campaign → the tag, and the commit whose contents are recorded completely. */
  readonly releases: Map<string, { readonly tag: string; readonly commit: string }>;
}

export function nothingShipped(): Shipped {
  return { position: START, running: new Map(), releases: new Map() };
}

/** Follows the log: which releases are recorded, and which placements run. */
export class Shipping {
  constructor(
    private readonly repository: string,
    private readonly shipped: Shipped,
  ) {}

  /** Reads the events added since the last read, by any writer: another import may run at the same time. */
  async catchUp(store: Pick<Store, 'readAll'>): Promise<void> {
    for await (const page of store.readAll({ after: this.shipped.position })) {
      for (const event of page) this.take(event.stream, upcast(event));
      this.shipped.position = page.at(-1)?.position ?? this.shipped.position;
    }
  }

  take(stream: string, event: AnyEvent): void {
    const subject = subjectIn(stream);
    switch (event.type) {
      case 'PlacementObserved':
        this.start(subject, event.data as EventNamed<'PlacementObserved'>['data']);
        break;
      case 'PlacementEnded':
      case 'PlacementEndObserved':
        this.end(subject, (event.data as EventNamed<'PlacementEndObserved'>['data']).placement);
        break;
      case 'CampaignContentsObserved':
        this.contents(subject, event.data as EventNamed<'CampaignContentsObserved'>['data']);
        break;
    }
  }

  isRecorded(campaign: string): boolean {
    return this.shipped.releases.has(campaign);
  }

  /** The commit whose contents are recorded for a release. */
  commitOf(campaign: string): string | undefined {
    return this.shipped.releases.get(campaign)?.commit;
  }

  /** Campaigns of this repository with their tags. */
  recorded(): ReadonlyMap<string, { readonly tag: string }> {
    return this.shipped.releases;
  }

  running(asset: string): readonly Running[] {
    return this.shipped.running.get(asset) ?? [];
  }

  private start(asset: string, data: EventNamed<'PlacementObserved'>['data']): void {
    const { placement, campaign, version, digest, evidence } = data;
    if (evidence?.kind !== 'releaseTag' || evidence.source !== this.repository) return;
    const others = this.running(asset).filter((live) => live.placement !== placement);
    this.shipped.running.set(asset, [...others, { placement, campaign, version, digest }]);
  }

  private end(asset: string, placement: string): void {
    const live = this.shipped.running.get(asset);
    const left = live?.filter((other) => other.placement !== placement);
    if (left === undefined) return;
    if (left.length > 0) this.shipped.running.set(asset, left);
    else this.shipped.running.delete(asset);
  }

  private contents(campaign: string, { evidence, more }: EventNamed<'CampaignContentsObserved'>['data']): void {
    if (evidence?.source !== this.repository || more === true) return;
    const [commit, tag] = partsOf(evidence);
    this.shipped.releases.set(campaign, { tag, commit });
  }
}
