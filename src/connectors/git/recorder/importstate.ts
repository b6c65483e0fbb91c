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
  /** The commit indexes from which the asset had each version; version 0 means retired. */
  readonly marks: [place: number, version: number][];
  /** The commit index since which the asset is at its path. */
  since: number;
}

/** An asset was at a path from one commit index until before another; then it was retired or moved. */
export type Stay = readonly [from: number, until: number, asset: string, retired: boolean];

/** The result of comparing a recorded release with git, and the entries of its tree that are not files. */
interface Compared {
  /** The tag's commit and a digest of the contents in the log. */
  readonly said: string;
  readonly links: number;
  readonly link: string | undefined;
}

/** Progress of an import. All of it can be reconstructed by importing from the start: it only saves time. */
export interface ImportState {
  readonly repository: string;
  /** Globs of the first run; different globs would give a different record. */
  readonly filters: string;
  /** The last commit recorded completely, and the number of commits recorded. */
  last: string;
  place: number;
  readonly assets: Map<string, AssetRecord>;
  /** path → asset, for everything in the tree. */
  readonly live: Map<string, string>;
  /** path → the retired asset that was there last. */
  readonly gone: Map<string, string>;
  /** path → earlier assets at the path, oldest first. */
  readonly past: Map<string, readonly Stay[]>;
  /** Symbolic links of the tree: path → unresolved target. */
  links: readonly (readonly [string, string])[];
  /** Links that lead to an asset: path → asset. */
  readonly aliases: Map<string, string>;
  readonly shipped: Shipped;
  /** tag → what was compared with git and found equal. */
  readonly compared: Map<string, Compared>;
  readonly submodules: Set<string>;
  readonly escaped: Set<string>;
  /** Digests of contents of which git holds only a pointer. */
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

/** Undefined if there is none or it has another format: the import then restarts, which is idempotent. */
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

/** The file is replaced atomically: a killed run leaves the previous one. */
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
    // A truncated file can only come from a damaged disk; the log itself shows what is recorded.
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
