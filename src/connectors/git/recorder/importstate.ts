import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AssetKind } from '../../../domain/kinds';
import { InputRefused, NeedUnavailable } from '../../recording/failure';
import { nothingShipped, type Shipped } from '../releases/shipping';

const FORMAT = 2;

/** What the import knows of one asset. */
export interface AssetRecord {
  readonly id: string;
  readonly kind: AssetKind;
  versions: number;
  digest: string;
  /** From which place of the line on it stood in which version; 0 where it was retired. */
  readonly marks: [place: number, version: number][];
  /** From which place of the line on it is at its path. */
  since: number;
}

/** An asset was at a path from one place of the line until before another; then it was retired, or had moved. */
export type Stay = readonly [from: number, until: number, asset: string, retired: boolean];

/** What a release in the log was compared with, and what of its tree is no file there. */
interface Compared {
  /** The tag's commit, and a digest of the contents in the log. */
  readonly said: string;
  readonly links: number;
  readonly link: string | undefined;
}

/** How far an import has come. Everything in it can be found again by importing from the start: it only saves time. */
export interface ImportState {
  readonly repository: string;
  /** Globs of the first run; others would make another record. */
  readonly filters: string;
  /** The last commit that is recorded whole, and the number of commits recorded. */
  last: string;
  place: number;
  readonly assets: Map<string, AssetRecord>;
  /** path → asset, of everything in the tree. */
  readonly live: Map<string, string>;
  /** path → retired asset that was there last. */
  readonly gone: Map<string, string>;
  /** path → who was there before, oldest first. */
  readonly past: Map<string, readonly Stay[]>;
  /** Symbolic links of the tree: path → target as it is written. */
  links: readonly (readonly [string, string])[];
  /** Links that lead to an asset: path → asset. */
  readonly aliases: Map<string, string>;
  readonly shipped: Shipped;
  /** tag → what was compared with git and found equal. */
  readonly compared: Map<string, Compared>;
  readonly submodules: Set<string>;
  readonly escaped: Set<string>;
  /** Digests of contents of which git keeps only a pointer. */
  readonly pointers: Set<string>;
}

export function freshProgress(repository: string, filters: string): ImportState {
  return {
    repository,
    filters,
    last: '',
    place: 0,
    assets: new Map(),
    live: new Map(),
    gone: new Map(),
    past: new Map(),
    links: [],
    aliases: new Map(),
    shipped: nothingShipped(),
    compared: new Map(),
    submodules: new Set(),
    escaped: new Set(),
    pointers: new Set(),
  };
}

/** Undefined where there is none, or one of another format: then the import begins again and repeats itself. */
export function loadProgress(file: string): ImportState | undefined {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) throw new InputRefused(`${file} is not a file`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NeedUnavailable(`${file} cannot be read: ${(error as Error).message}`);
  }
  const saved = parsed(text);
  if (saved?.format !== FORMAT) return undefined;
  return saved.progress;
}

/** The file is replaced whole: a killed run leaves the one before. */
export function saveProgress(file: string, progress: ImportState): void {
  mkdirSync(dirname(file), { recursive: true });
  const incoming = `${file}.${process.pid}.incoming`;
  writeFileSync(incoming, JSON.stringify({ format: FORMAT, progress }, packed));
  renameSync(incoming, file);
}

function parsed(text: string): { format: number; progress: ImportState } | undefined {
  try {
    return JSON.parse(text, unpacked) as { format: number; progress: ImportState };
  } catch {
    // Half a file can only come from a damaged disk; the log itself knows what is recorded.
    return undefined;
  }
}

function packed(_name: string, value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value] };
  if (value instanceof Set) return { $set: [...value] };
  return value;
}

function unpacked(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$map' in value) return new Map(value.$map as [unknown, unknown][]);
  if ('$set' in value) return new Set(value.$set as unknown[]);
  return value;
}
