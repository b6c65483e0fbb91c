/** Where a value cannot be kept faithfully, and why: `data.metadata.price.value`, `must not be an integer beyond 2^53`. */
export interface JsonFault {
  readonly path: string;
  /** The same place, step by step, for names that hold a dot. */
  readonly steps: readonly string[];
  readonly reason: string;
}

export const MAX_NESTING = 16;
/** UTF-8 bytes of one string. */
export const MAX_STRING_BYTES = 16_384;

/** Read by code points, a surrogate is seen only where it is alone. */
export const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The first place in a value that plain JSON, or one of the tools behind it, would change or refuse: an integer beyond
 * 2^53, NaN or Infinity, a lone surrogate, NUL, a string over 16 kB, nesting over 16, or something that is no JSON at
 * all. Undefined where the value comes back exactly as it went in. A property that is `undefined` counts as absent.
 */
export function checkJson(value: unknown, path?: string): JsonFault | undefined {
  const found = find(value, 0);
  if (found === undefined) return undefined;
  const steps = found.climbed.reverse();
  return { path: (path === undefined ? steps : [path, ...steps]).join('.'), steps, reason: found.reason };
}

/** The steps are collected while climbing back from the fault, so that a good value costs no path at all. */
interface Found {
  readonly climbed: string[];
  readonly reason: string;
}

function find(value: unknown, depth: number): Found | undefined {
  switch (typeof value) {
    case 'string':
      return fault(stringFault(value));
    case 'number':
      return fault(numberFault(value));
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth >= MAX_NESTING) return fault(`must not be nested deeper than ${MAX_NESTING}`);
      return Array.isArray(value) ? findInList(value, depth) : findInObject(value, depth);
    default:
      return fault(`must be a JSON value, not a ${typeof value}`);
  }
}

function findInList(list: readonly unknown[], depth: number): Found | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = find(list[index], depth + 1);
    if (found !== undefined) return under(String(index), found);
  }
  return undefined;
}

function findInObject(value: object, depth: number): Found | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return fault('must be a plain object');
  }
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    const badName = stringFault(name);
    if (badName !== undefined) return under(name, { climbed: [], reason: `the name ${badName}` });
    // Assigning it while decoding would change the prototype of the result instead of adding a property.
    if (name === '__proto__') return under(name, { climbed: [], reason: 'the name must be another one' });
    const found = find(member, depth + 1);
    if (found !== undefined) return under(name, found);
  }
  return undefined;
}

function numberFault(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'must not be NaN or Infinity';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'must not be an integer beyond 2^53';
  return undefined;
}

function stringFault(value: string): string | undefined {
  // A UTF-16 unit is at most three UTF-8 bytes, so most strings need no counting.
  if (value.length * 3 > MAX_STRING_BYTES && utf8Bytes(value) > MAX_STRING_BYTES) {
    return `must have at most ${MAX_STRING_BYTES} bytes`;
  }
  if (value.includes('\0')) return 'must not hold the character NUL';
  if (LONE_SURROGATE.test(value)) return 'must not hold an unpaired surrogate';
  return undefined;
}

/** Bytes of a string in UTF-8, counted without an encoder. */
export function utf8Bytes(value: string): number {
  let bytes = value.length;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    if (unit < 0x80) continue;
    // Both halves of a surrogate pair together are four bytes; a lone one is written as three.
    if (unit < 0x800) bytes += 1;
    else bytes += 2;
    const next = value.charCodeAt(index + 1);
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) index += 1;
  }
  return bytes;
}

function fault(reason: string | undefined): Found | undefined {
  return reason === undefined ? undefined : { climbed: [], reason };
}

function under(step: string, found: Found): Found {
  found.climbed.push(step);
  return found;
}
