import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { visible } from '../domain/characters';

/**
 * Names of actors. They are kept outside the log, so that a name can be corrected or erased without changing history.
 */
export interface People {
  nameOf(actorId: string): string | undefined;
  /** All recorded names by actor id, including those another process wrote; the same map while nothing has changed. */
  names(): ReadonlyMap<string, { readonly name: string }>;
  /**
   * Records the name an actor had at an instant (ISO 8601, UTC). Names change and histories arrive in any order, so the
   * name of the latest instant counts. Invisible characters are escaped. `flush` writes it to disk.
   */
  remember(actorId: string, name: string, at: string): void;
  /** Writes new names to `people.json`, keeping those another process wrote in the meantime. */
  flush(): Promise<void>;
}

/** A name and the latest instant at which it was seen. */
interface Named {
  readonly name: string;
  readonly at: string;
}

/** What `people-seen.json` keeps of a name, including the name it replaced, in case writing the other file fails. */
interface Seen extends Named {
  readonly before?: string | undefined;
}

/** The date of the name is unknown: any instant is later. */
const UNKNOWN = '';
/** A name that was written into the file by hand overrides every imported one. */
const BY_HAND = '\uffff';

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** Opens the names of a data directory; throws if one of its files is damaged. */
export async function openPeople(dataDir: string): Promise<People> {
  const file = join(dataDir, 'people.json');
  const seenFile = join(dataDir, 'people-seen.json');
  let changed = changedAt(file);
  let names = namesIn(file, seenFile);
  const fresh = new Map<string, Named>();
  let looked = false;
  /** True if another process has written names in the meantime. */
  const readAgain = (): boolean => {
    const now = changedAt(file);
    if (now === changed) return false;
    changed = now;
    names = namesIn(file, seenFile);
    return true;
  };
  /**
   * An import beside a running server adds names, so the file is reread for an unknown actor. This happens at most once
   * per turn of the event loop, since a page may refer to many actors without a name.
   */
  const lookedUpAgain = (actorId: string): string | undefined => {
    if (looked) return undefined;
    looked = true;
    setImmediate(() => {
      looked = false;
    });
    return readAgain() ? names.get(actorId)?.name : undefined;
  };
  return {
    nameOf: (actorId) => (fresh.get(actorId) ?? names.get(actorId))?.name ?? lookedUpAgain(actorId),
    names: () => {
      readAgain();
      return names;
    },
    remember: (actorId, name, at) => {
      const known = fresh.get(actorId) ?? names.get(actorId);
      const named = { name: visible(name.trim(), 'line'), at };
      if (named.name !== '' && later(known, named) === named) fresh.set(actorId, named);
    },
    flush: async () => {
      if (fresh.size === 0) return;
      const written = namesIn(file, seenFile);
      const seen = new Map(Object.entries(objectIn(seenFile)) as [string, Seen][]);
      for (const [actorId, named] of fresh) {
        const before = written.get(actorId);
        if (later(before, named) !== named) continue;
        written.set(actorId, named);
        seen.set(actorId, { ...named, before: before?.name });
      }
      names = written;
      fresh.clear();
      await mkdir(dirname(file), { recursive: true });
      await write(seenFile, seen);
      await write(file, new Map([...written].map(([actorId, { name }]) => [actorId, name])));
    },
  };
}

/**
 * Of two names with the same instant the same one wins in either order. Some sources put an address in place of a name,
 * so a real name wins over an address.
 */
function later(known: Named | undefined, named: Named): Named {
  if (known === undefined) return named;
  const nameless = ADDRESS.test(known.name);
  if (known.at !== BY_HAND && nameless !== ADDRESS.test(named.name)) return nameless ? named : known;
  if (named.at > known.at) return named;
  return named.at === known.at && named.name > known.name ? named : known;
}

/** Replaces the file atomically: a concurrent reader sees the old one. */
async function write(file: string, entries: ReadonlyMap<string, unknown>): Promise<void> {
  const incoming = `${file}.${process.pid}.incoming`;
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(incoming, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`, { mode: 0o600 });
  await rename(incoming, file);
}

/** Undefined if there is no file. The size distinguishes writes within one tick of the clock. */
function changedAt(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.mtimeMs} ${stats.ino} ${stats.size}`;
}

function namesIn(file: string, seenFile: string): Map<string, Named> {
  const seen = objectIn(seenFile);
  const names = new Map<string, Named>();
  for (const [actorId, name] of Object.entries(objectIn(file))) {
    if (typeof name !== 'string') continue;
    const known = Object.hasOwn(seen, actorId) ? (seen[actorId] as Seen) : undefined;
    const at = known === undefined || known.before === name ? UNKNOWN : known.name === name ? known.at : BY_HAND;
    names.set(actorId, { name, at });
  }
  return names;
}

function objectIn(file: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is damaged: ${(error as Error).message}`);
  }
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries))
    throw new Error(`${file} is damaged: not an object`);
  return entries as Readonly<Record<string, unknown>>;
}
