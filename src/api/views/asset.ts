import type { AssetRow, FieldRow, VersionRow } from '../../../projections/library/tables';
import type { VersionRef } from '../../domain/asset/parts';
import { assetId, versionId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';

/** An asset's row under the names of the schema. */
export class AssetView {
  readonly __typename = 'Asset';

  constructor(
    readonly row: AssetRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(assetId(this.row.asset));
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get kind(): string {
    return this.row.kind;
  }
  get title(): string {
    return this.row.title;
  }
  get tags(): readonly string[] {
    return this.row.tags;
  }
  get status(): string {
    return this.row.status;
  }
  get revision(): number {
    return this.row.revision;
  }
  get position(): string {
    return this.row.changed;
  }
  get versionCount(): number {
    return this.row.version;
  }
  get livePlacements(): number {
    return this.row.livePlacements;
  }
  get registeredBy(): ActorView {
    return new ActorView(this.row.registeredBy, this.moment);
  }
  get registeredAt(): string {
    return this.row.registeredAt;
  }
  get changedAt(): string {
    return this.row.changedAt;
  }
}

/** A version's row under the names of the schema. */
export class VersionView {
  readonly __typename = 'Version';

  constructor(
    readonly row: VersionRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(versionId(this.row.asset, this.row.version));
  }
  get number(): number {
    return this.row.version;
  }
  get digest(): string {
    return this.row.digest;
  }
  get bytes(): number {
    return this.row.bytes;
  }
  get mediaType(): string {
    return this.row.mediaType;
  }
  get width(): number | null {
    return this.row.width;
  }
  get height(): number | null {
    return this.row.height;
  }
  get orientation(): number | null {
    return this.row.orientation;
  }
  get note(): string | null {
    return this.row.note;
  }
  get madeWith(): object {
    const { tool, toolVersion, ai, system } = this.row;
    return { tool, toolVersion, ai, system };
  }
  get author(): ActorView {
    return new ActorView(this.row.author, this.moment);
  }
  get authorKind(): string {
    return this.row.authorKind;
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get contributors(): readonly ActorView[] {
    return (this.row.contributors ?? []).map((id) => new ActorView(id, this.moment));
  }
  get occurredAt(): string {
    return this.row.occurredAt;
  }
  get recordedAt(): string {
    return this.row.recordedAt;
  }
  get position(): string {
    return this.row.position;
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

export const assetView = (row: AssetRow | undefined, moment: Moment): AssetView | null =>
  row === undefined ? null : new AssetView(row, moment);

export const versionView = (row: VersionRow | undefined, moment: Moment): VersionView | null =>
  row === undefined ? null : new VersionView(row, moment);

/** A value in the field for its type. */
export function metadataField({ name, type, value, material }: Omit<FieldRow, 'asset'>): object {
  return { name, type, material, [type === 'date' ? 'text' : type]: value };
}
