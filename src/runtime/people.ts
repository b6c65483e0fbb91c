import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Names of actors. They are kept outside the log, so that a name can be corrected or forgotten without touching history. */
export interface People {
  nameOf(actorId: string): string | undefined;
  /** The latest name counts: people change theirs. `flush` writes it down. */
  remember(actorId: string, name: string): void;
  /** Writes new names into `people.json`, beside those another process wrote meanwhile. */
  flush(): Promise<void>;
}

/** Opens the names of a data directory; throws when `people.json` is there and is not what it should be. */
export async function openPeople(dataDir: string): Promise<People> {
  const file = join(dataDir, 'people.json');
  let seen = changedAt(file);
  let names = namesIn(file);
  const fresh = new Map<string, string>();
  let looked = false;
  /**
   * An import beside a running server adds names: whoever is not known yet may be in the file by now. It is looked at
   * once in a turn of the event loop, since a page may name many who never get a name.
   */
  const lookedUpAgain = (actorId: string): string | undefined => {
    if (looked) return undefined;
    looked = true;
    setImmediate(() => {
      looked = false;
    });
    const changed = changedAt(file);
    if (changed === seen) return undefined;
    seen = changed;
    names = namesIn(file);
    return names.get(actorId);
  };
  return {
    nameOf: (actorId) => fresh.get(actorId) ?? names.get(actorId) ?? lookedUpAgain(actorId),
    remember: (actorId, name) => {
      const trimmed = name.trim();
      if (trimmed !== '' && (fresh.get(actorId) ?? names.get(actorId)) !== trimmed) fresh.set(actorId, trimmed);
    },
    flush: async () => {
      if (fresh.size === 0) return;
      names = new Map([...namesIn(file), ...fresh]);
      fresh.clear();
      await mkdir(dirname(file), { recursive: true });
      const incoming = `${file}.${process.pid}.incoming`;
      const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
      await writeFile(incoming, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`, { mode: 0o600 });
      await rename(incoming, file);
    },
  };
}

/** Undefined while there is no file. The size tells apart what one tick of the clock does not. */
function changedAt(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.mtimeMs} ${stats.ino} ${stats.size}`;
}

function namesIn(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  const names = JSON.parse(text) as unknown;
  if (typeof names !== 'object' || names === null || Array.isArray(names))
    throw new Error(`${file} is damaged: not an object`);
  const known = Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return new Map(known);
}
