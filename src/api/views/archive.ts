import type { ArchiveEntry } from '../../../projections/archive/queries';
import { assetId } from '../ids';
import type { Moment } from '../moment';
import { ActorView } from './actor';
import { VersionLinkView } from './asset';

const TYPES = { version: 'ArchivedVersion', asset: 'ArchivedAsset', placement: 'ArchivedPlacement' } as const;

/** What has left production, under the names of the schema. */
export class ArchiveView {
  constructor(
    readonly row: ArchiveEntry,
    readonly moment: Moment,
  ) {}

  get __typename(): string {
    return TYPES[this.row.what as keyof typeof TYPES];
  }
  get subjectId(): string {
    return this.moment.idOf(assetId(this.row.asset));
  }
  get content(): object | null {
    const { digest, locator, holders, stillRunning } = this.row;
    if (digest === null) return null;
    return {
      digest,
      locator,
      stillRunning,
      holders: holders.map((holder) => new VersionLinkView(holder, this.moment)),
    };
  }
  get version(): number | null {
    return this.row.version;
  }
  get lastVersion(): number | null {
    return this.row.version;
  }
  get placedVersion(): number | null {
    return this.row.version;
  }
  get since(): string {
    return this.row.since;
  }
  get by(): ActorView {
    return new ActorView(this.row.by, this.moment);
  }
  get recordedAt(): string {
    return this.row.recordedAt;
  }
  get reason(): string | null {
    return this.row.reason;
  }
  get position(): string {
    return this.row.position;
  }
}
