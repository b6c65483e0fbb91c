import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Place } from '../store/places';
import { START } from '../store/store';

/** How far the log was followed, and which events behind that wait for bytes that are not here yet. */
export interface Bookmark {
  readonly position: string;
  readonly later: readonly Place[];
  /** What the reactions were made of then: where that changed, the log is followed from its beginning again. */
  readonly print: string;
}

/** Where a file is lost or cut short, the log is followed from its beginning: what was done is found there. */
export function readBookmark(file: string, print: string): Bookmark {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Bookmark;
    if (read.print === print && /^\d{20}$/.test(read.position) && Array.isArray(read.later)) return read;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  return { position: START, later: [], print };
}

/** Appears whole or not at all. */
export function writeBookmark(file: string, bookmark: Bookmark): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(bookmark), { mode: 0o600 });
  renameSync(draft, file);
}
