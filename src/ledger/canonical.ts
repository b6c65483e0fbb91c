import canonicalize from 'canonicalize';

/**
 * RFC 8785: the canonical text of a JSON value. Names are sorted by UTF-16 code units and numbers are written as
 * ECMAScript writes them, so that −0 is 0: two events that differ only in this have equal leaves. Accepts only plain
 * values.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} is no JSON value`);
  return text;
}
