import { nfc } from '../characters';
import type { Context } from '../decider';
import type { Digest, MetadataValue } from './parts';

export type MetadataFields = { readonly [name: string]: MetadataValue };

/** What an approval vouches for besides the content: the material fields, in one canonical spelling. */
export function materialHash(
  metadata: MetadataFields,
  context: Pick<Context, 'sha256'>,
  materialFields: readonly string[] = [],
): Digest {
  const names = Object.keys(metadata).filter((name) => metadata[name]?.material || materialFields.includes(name));
  const fields = names.sort().map((name) => [name, metadata[name]?.type, metadata[name]?.value]);
  return context.sha256(JSON.stringify(fields));
}

/** A field may be called `constructor`; only what was set counts. */
export function fieldOf(metadata: MetadataFields, name: string): MetadataValue | undefined {
  return Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}

/**
 * The names under which a field stands that is called this: itself first, then what older events call it in another normal
 * form, which is kept because approvals vouch for it.
 */
export function spellings(metadata: MetadataFields, name: string): readonly string[] {
  const others = Object.keys(metadata).filter((other) => other !== name && nfc(other) === name);
  return Object.hasOwn(metadata, name) ? [name, ...others] : others;
}

export function sameValue(left: MetadataValue | undefined, right: MetadataValue | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (left.type !== right.type || left.material !== right.material) return false;
  return left.type === 'list' ? JSON.stringify(left.value) === JSON.stringify(right.value) : left.value === right.value;
}

/** Whether a change touches what an approval vouches for; a field becoming material or ceasing to be counts too. */
export function isMaterial(
  metadata: MetadataFields,
  set: MetadataFields | undefined,
  unset: readonly string[] | undefined,
  /** Names of fields that are material whatever they say themselves. */
  materialFields: readonly string[] = [],
): boolean {
  const changed = (name: string, value: MetadataValue | undefined) => {
    const before = fieldOf(metadata, name);
    const vouchedFor = before?.material === true || value?.material === true || materialFields.includes(name);
    return vouchedFor && !sameValue(before, value);
  };
  return (
    Object.entries(set ?? {}).some(([name, value]) => changed(name, value)) ||
    (unset ?? []).some((name) => changed(name, undefined))
  );
}

export function withChange(
  metadata: MetadataFields,
  set: MetadataFields | undefined,
  unset: readonly string[] | undefined,
): MetadataFields {
  if (set === undefined && unset === undefined) return metadata;
  const next: Record<string, MetadataValue> = { ...metadata, ...set };
  for (const name of unset ?? []) delete next[name];
  return next;
}

/** The order of tags means nothing. */
export function sameTags(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((tag) => right.includes(tag));
}
