import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, openSqliteTarget, type SqliteStoreOptions } from '../../src/store/sqlite/adapter';
import { openDatabase } from '../../src/store/sqlite/driver';
import type { Store } from '../../src/store/store';
import type { Opened } from './contract';
import { event, newStream } from './given';
import type { OpenedTarget } from './received';

/** A directory for event files that is deleted after the test. */
export function place(): { readonly directory: string; readonly file: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-store-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return { directory, file: join(directory, 'events.sqlite'), remove };
}

/** The embedded store for the contract: a new file in its own directory. */
export async function embedded(options: SqliteStoreOptions = {}): Promise<Opened> {
  const { file, remove } = place();
  let store: Store = openSqliteStore(file, options);
  return {
    store,
    async reopen() {
      await store.close();
      store = openSqliteStore(file, options);
      return store;
    },
    async beginAt(stream, revision) {
      await moveFirstEvent(store, file, stream, revision);
    },
    async close() {
      await store.close();
      remove();
    },
  };
}

/** The embedded store as the target of a copy. */
export async function embeddedTarget(options: SqliteStoreOptions = {}): Promise<OpenedTarget> {
  const { file, remove } = place();
  const target = openSqliteTarget(file, options);
  let store: Store | undefined;
  return {
    target,
    async work() {
      await target.close();
      store = openSqliteStore(file, options);
      return store;
    },
    async close() {
      await (store ?? target).close();
      remove();
    },
  };
}

/** The store itself never skips a revision, so the file is prepared by hand: a copy of an event at a later revision. */
async function moveFirstEvent(store: Store, file: string, stream: string, revision: number): Promise<void> {
  await store.append(newStream(), 'none', [event()]);
  const database = openDatabase(file, { busyTimeoutMs: 1_000 });
  const [category, key] = [stream.slice(0, -37), Buffer.from(stream.slice(-36).replaceAll('-', ''), 'hex')];
  const { lastInsertRowid } = database.prepare('INSERT INTO stream (category, key) VALUES (?, ?)').run(category, key);
  database
    .prepare(
      `INSERT INTO event SELECT position + 1, ?, ?, kind, who, recorded, occurred, ids, extra, data, sum
       FROM event ORDER BY position DESC LIMIT 1`,
    )
    .run(lastInsertRowid, revision);
  database.close();
}
