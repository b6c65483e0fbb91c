import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SENTENCES } from '../verifier/sentences';
import { LIMITS, STYLE } from '../verifier/story';

const NAMES = ['verify.mjs', 'verify.py', 'verify.html'];

/** The programs of a pack, from the directory that they were built into. */
export function programsIn(directory: string): ReadonlyMap<string, string> {
  return programsOf(Object.fromEntries(NAMES.map((name) => [name, readFileSync(join(directory, name), 'utf8')])));
}

/** The verifier in Python gets the words of the report: it shares data with the other, and no code. */
export function programsOf(built: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const words = JSON.stringify({ sentences: SENTENCES, style: STYLE, limits: LIMITS });
  return new Map(Object.entries(built).map(([name, text]) => [name, text.replace('@WORDS@', () => words)]));
}
