import type { Database } from '../../store/sqlite/driver';
import type { Words } from './dictionary';
import type { Writes } from './writes';

/** What a fold reads tables with and writes them with. */
export interface Desk {
  readonly db: Database;
  readonly writes: Writes;
  readonly words: Words;
  /** `db` does not see what is written before it is committed, and then not at once. */
  readonly behind: boolean;
}
