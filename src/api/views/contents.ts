import type { File } from '../../../projections/contents/leaves';
import type { Moment } from '../moment';

/** A file that a campaign contains, under the names of the schema. */
export class CampaignFileView {
  readonly __typename = 'CampaignFile';

  constructor(
    readonly file: File,
    readonly moment: Moment,
  ) {}

  get path(): string {
    return this.file[0];
  }
  get digest(): string {
    return this.file[1];
  }
  get bytes(): string | null {
    return this.file[2] === null ? null : String(this.file[2]);
  }
  get version(): number | null {
    return this.file[4];
  }
}
