/** Where a value cannot be kept faithfully, and why: `data.metadata.price.value`, `integer beyond 2^53`. */
export interface JsonFault {
  readonly path: string;
  readonly reason: string;
}

export const MAX_NESTING = 16;
/** UTF-8 bytes of one string. */
export const MAX_STRING_BYTES = 16_384;

/**
 * The first place in a value that plain JSON, or one of the tools behind it, would change or refuse: an integer beyond
 * 2^53, NaN or Infinity, a lone surrogate, NUL, a string over 16 kB, nesting over 16, or something that is no JSON at
 * all. Undefined where the value comes back exactly as it went in. A property that is `undefined` counts as absent.
 */
export function checkJson(value: unknown, path = '', depth = 0): JsonFault | undefined {
  switch (typeof value) {
    case 'string':
      return fault(path, stringFault(value));
    case 'number':
      return fault(path, numberFault(value));
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth >= MAX_NESTING) return { path, reason: `nested deeper than ${MAX_NESTING}` };
      return Array.isArray(value) ? checkList(value, path, depth) : checkObject(value, path, depth);
    default:
      return { path, reason: `a ${typeof value} is no JSON value` };
  }
}

function checkList(list: readonly unknown[], path: string, depth: number): JsonFault | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = checkJson(list[index], at(path, String(index)), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkObject(value: object, path: string, depth: number): JsonFault | undefined {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return { path, reason: 'only plain objects are JSON values' };
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const badName = stringFault(name);
    if (badName !== undefined) return { path, reason: `property name: ${badName}` };
    // Assigning it while decoding would change the prototype of the result instead of adding a property.
    if (name === '__proto__') return { path, reason: 'property name: __proto__ is not kept' };
    const found = checkJson(member, at(path, name), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numberFault(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'NaN and Infinity are no JSON numbers';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'integer beyond 2^53';
  return undefined;
}

function stringFault(value: string): string | undefined {
  // A UTF-16 unit is at most three UTF-8 bytes, so most strings need no counting.
  if (value.length * 3 > MAX_STRING_BYTES && utf8Bytes(value) > MAX_STRING_BYTES) {
    return `string over ${MAX_STRING_BYTES} bytes`;
  }
  if (value.includes('\0')) return 'NUL character';
  if (!value.isWellFormed()) return 'lone surrogate';
  return undefined;
}

/** Bytes of a string in UTF-8, counted without an encoder. */
export function utf8Bytes(value: string): number {
  let bytes = value.length;
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    // A surrogate pair is two units and four bytes: each half counts for one more.
    if (unit >= 0x800) bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}

function at(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}

function fault(path: string, reason: string | undefined): JsonFault | undefined {
  return reason === undefined ? undefined : { path, reason };
}
