import { MAX_FIELDS } from '../../src/domain/asset/parts';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { type AssetRow, asset, type DetailRow, detail, type FieldRow, field, type VersionRow, version } from './tables';

/** One asset, or undefined where there was none at that moment. */
export function assetById(reader: ProjectionReader, id: string, at?: At): Promise<AssetRow | undefined> {
  return reader.get(asset, { asset: id }, at);
}

/** Many assets in the order of their ids, in one round trip; undefined where there was none. */
export function assetsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (AssetRow | undefined)[]> {
  return reader.getMany(
    asset,
    ids.map((id) => ({ asset: id })),
    at,
  );
}

/** Where many assets come from, in one round trip; undefined where an asset comes from no other. */
export function details(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (DetailRow | undefined)[]> {
  return reader.getMany(
    detail,
    ids.map((id) => ({ asset: id })),
    at,
  );
}

/** Metadata of many assets in one round trip, in the order of their ids, each by name. */
export async function metadataOf(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (readonly FieldRow[])[]> {
  const rows = await reader.select(field, { where: { asset: { in: ids } }, limit: ids.length * MAX_FIELDS, at });
  const byAsset = new Map(ids.map((id): [string, FieldRow[]] => [id, []]));
  for (const row of rows) byAsset.get(row.asset)?.push(row);
  return ids.map((id) => byAsset.get(id) ?? []);
}

/** These fields of one asset, in the order of their names; undefined where one was not set. */
export function fieldsNamed(
  reader: ProjectionReader,
  asset: string,
  names: readonly string[],
  at?: At,
): Promise<readonly (FieldRow | undefined)[]> {
  return reader.getMany(
    field,
    names.map((name) => ({ asset, name })),
    at,
  );
}

/** Versions by asset and number in one round trip, whenever they came: a version never changes. */
export function versionsByNumber(
  reader: ProjectionReader,
  keys: readonly { readonly asset: string; readonly version: number }[],
): Promise<readonly (VersionRow | undefined)[]> {
  return reader.getMany(version, keys);
}

/** Some version that consists of these bytes; undefined where none does. */
export async function versionOfDigest(reader: ProjectionReader, digest: string): Promise<VersionRow | undefined> {
  const [row] = await reader.select(version, { where: { digest: { eq: digest } }, limit: 1 });
  return row;
}
