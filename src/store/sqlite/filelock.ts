import { type Database, faultOf, openDatabase } from './driver';

/**
 * A lock of the operating system, held through a separate file: it ends with the process, however that ends. One
 * process holds it at a time.
 */
export class FileLock {
  private db: Database | undefined;

  constructor(private readonly file: string) {}

  get held(): boolean {
    return this.db !== undefined;
  }

  /** True if this process holds it now. */
  take(): boolean {
    if (this.db) return true;
    let db: Database | undefined;
    try {
      db = openDatabase(this.file, { synchronous: 'OFF' });
      db.exec('BEGIN IMMEDIATE');
      this.db = db;
      return true;
    } catch (error) {
      db?.close();
      if (faultOf(error) === 'busy') return false;
      throw error;
    }
  }

  release(): void {
    this.db?.rollback();
    this.db?.close();
    this.db = undefined;
  }
}
