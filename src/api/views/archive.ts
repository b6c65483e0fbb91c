import { locatorOf } from '../../../projections/archive/queries';
import type { ArchiveRow } from '../../../projections/archive/tables';
import { assetId } from '../ids';
import type { Moment } from '../moment';
import { ActorView } from './actor';
import { viewOf } from './rowview';

const TYPES = { version: 'ArchivedVersion', asset: 'ArchivedAsset', placement: 'ArchivedPlacement' } as const;

/** Content that has left production; its holders and placements are loaded on demand. */
export interface ContentView {
  readonly digest: string;
  readonly locator: string;
  readonly moment: Moment;
}

/** An archive entry, under the names of the schema. */
export class ArchiveView extends viewOf<ArchiveRow>()('version', 'since', 'recordedAt', 'reason', 'position') {
  get __typename(): string {
    return TYPES[this.row.what as keyof typeof TYPES];
  }
  get subjectId(): string {
    return this.moment.idOf(assetId(this.row.asset));
  }
  get content(): ContentView | null {
    const { digest } = this.row;
    return digest === null ? null : { digest, locator: locatorOf(digest), moment: this.moment };
  }
  get lastVersion(): number | null {
    return this.row.version;
  }
  get placedVersion(): number | null {
    return this.row.version;
  }
  get by(): ActorView {
    return new ActorView(this.row.by, this.moment);
  }
}
