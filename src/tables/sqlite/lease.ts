import { FileLock } from '../../store/sqlite/filelock';
import type { Lock } from '../engine';

/** Projecting and rebuilding are done by one process at a time. */
export class Lease extends FileLock implements Lock {
  readonly lost = undefined;
}
