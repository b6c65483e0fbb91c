import { openDatabase } from './driver';
import { unavailable } from './file';

/**
 * Copies an event file as it is at one moment, while others read and write it, into a new file, which is whole and synced
 * afterwards. Blocks while it runs. Throws Unavailable if either cannot be used.
 */
export function snapshotEvents(path: string, target: string): void {
  unavailable(path, () => {
    const database = openDatabase(path, { readOnly: true, busyTimeoutMs: 5_000 });
    try {
      database.exec(`VACUUM INTO '${target.replaceAll("'", "''")}'`);
    } finally {
      database.close();
    }
  });
}
