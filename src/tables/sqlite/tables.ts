import { sortKey } from '../../domain/collation';
import { type Database, type OpenOptions, openDatabase } from '../../store/sqlite/driver';
import { SORT_KEY } from './schema';

/** Opens a tables file. Views of past rows call `sort_key`, so every connection that reads them has it. */
export function openTables(file: string, options?: OpenOptions): Database {
  const db = openDatabase(file, options);
  db.function(SORT_KEY, { deterministic: true }, (text) => (typeof text === 'string' ? sortKey(text) : null));
  return db;
}
