import { type FieldNode, valueFromASTUntyped } from 'graphql';
import { COUNTED } from './counted';
import { wordOf } from './enums';

/** Number of input bytes of an act that cost as much as one object. */
const BYTES = 256;

/** A report of a campaign's contents also rewrites the list of its chunks. */
const ACTS: Readonly<Record<string, number>> = { campaignObserveContents: 800 };

/**
 * The cost of one entry of a list that causes rows of its own, whatever its size. Files of a campaign are stored in
 * chunks of up to 128 (`contents/leaves.ts`), so putting or removing one writes far more than its own size.
 */
const ENTRIES: Readonly<Record<string, number>> = {
  put: 2.4,
  gone: 2.4,
  contributors: 1,
  derivedFrom: 1,
  metadata: 1,
  set: 1,
  unset: 1,
  tags: 1,
};

/** The cost of going through all names, or of counting many assets. */
const MANY = 500;

/** What a question costs for how it is asked, with these variables. */
export function costOfQuestion(
  { arguments: given = [] }: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const looksAtMany = given.some(({ name: { value: name }, value }) => {
    if (name === 'nameMatches') return true;
    if (name !== 'having' && name !== 'orderBy') return false;
    const asked = Object(valueFromASTUntyped(value, variables)) as { readonly by?: unknown };
    // A literal has the words of the contract.
    const by = String(asked.by);
    return COUNTED.some((count) => count in asked || count === by || count === wordOf(by));
  });
  return looksAtMany ? MANY : 0;
}

/**
 * The cost of an act's input with these variables. A variable used by several acts is recorded by each of them, so it
 * counts each time.
 */
export function costOfInput({ name, arguments: given = [] }: FieldNode, variables: Readonly<Record<string, unknown>>) {
  let cost = ACTS[name.value] ?? 0;
  for (const { value } of given) {
    const input: unknown = valueFromASTUntyped(value, variables);
    cost += sizeOf(input) / BYTES + entriesOf(input);
  }
  return cost;
}

function entriesOf(input: unknown): number {
  if (typeof input !== 'object' || input === null) return 0;
  let cost = 0;
  for (const [name, value] of Object.entries(input)) {
    if (name === 'content') cost += entriesOf(value);
    else if (Array.isArray(value)) cost += value.length * (ENTRIES[name] ?? 0);
  }
  return cost;
}

/** A variable's object is the same wherever it is used, and is measured once. */
const measured = new WeakMap<object, number>();

/** Approximate size in bytes as JSON. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value !== 'object' || value === null) return 8;
  const known = measured.get(value);
  if (known !== undefined) return known;
  let size = 2;
  if (Array.isArray(value)) for (const entry of value) size += sizeOf(entry) + 1;
  else for (const [name, entry] of Object.entries(value)) size += name.length + 4 + sizeOf(entry);
  measured.set(value, size);
  return size;
}
