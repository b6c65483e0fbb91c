import { type FieldNode, valueFromASTUntyped } from 'graphql';

/** Bytes of what an act says that count as one object. */
const BYTES = 256;

/** A report of what a campaign contains also writes its list of stretches anew. */
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

/**
 * What an act costs by what it says, with these variables: what many acts say through one variable is recorded by each of
 * them, so it counts each time.
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

/** Objects of variables are the same wherever they are used, and measured once. */
const measured = new WeakMap<object, number>();

/** Bytes, nearly, as JSON. */
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
