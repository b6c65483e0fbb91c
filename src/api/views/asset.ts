import type { AssetRow, FieldRow, VersionRow } from '../../../projections/library/tables';
import type { VersionRef } from '../../domain/asset/parts';
import { assetId, versionId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';
import { orNull, viewOf } from './rowview';

/** An asset's row under the names of the schema. */
export class AssetView extends viewOf<AssetRow>()(
  'kind',
  'title',
  'tags',
  'status',
  'revision',
  'livePlacements',
  'registeredAt',
  'changedAt',
) {
  readonly __typename = 'Asset';

  get id(): string {
    return this.moment.idOf(assetId(this.row.asset));
  }
  get position(): string {
    return this.row.changed;
  }
  get versionCount(): number {
    return this.row.version;
  }
  get registeredBy(): ActorView {
    return new ActorView(this.row.registeredBy, this.moment);
  }
}

/** A version's row under the names of the schema. */
export class VersionView extends viewOf<VersionRow>()(
  'digest',
  'bytes',
  'mediaType',
  'width',
  'height',
  'orientation',
  'note',
  'authorKind',
  'occurredAt',
  'recordedAt',
  'position',
) {
  readonly __typename = 'Version';

  get id(): string {
    return this.moment.idOf(versionId(this.row.asset, this.row.version));
  }
  get number(): number {
    return this.row.version;
  }
  get madeWith(): object {
    const { tool, toolVersion, ai, system } = this.row;
    return { tool, toolVersion, ai, system };
  }
  get author(): ActorView {
    return new ActorView(this.row.author, this.moment);
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get contributors(): readonly ActorView[] {
    return (this.row.contributors ?? []).map((id) => new ActorView(id, this.moment));
  }
}

/** A reference to one version of another asset; the asset itself is loaded on demand. */
export class VersionLinkView {
  readonly version: number;

  constructor(
    readonly reference: VersionRef,
    readonly moment: Moment,
  ) {
    this.version = reference.version;
  }
}

export const assetView = orNull(AssetView);

export const versionView = orNull(VersionView);

/** A value in the field for its type. */
export function metadataField({ name, type, value, material }: Omit<FieldRow, 'asset'>): object {
  return { name, type, material, [type === 'date' ? 'text' : type]: value };
}
