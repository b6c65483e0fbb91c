import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NotAvailable } from '../../config/exit';

/** Progress of an export: the content of its unfinished file up to `bytes`. */
export interface Stand {
  readonly position: string;
  readonly cursor: string | null;
  readonly rows: number;
}

interface Kept extends Stand {
  /** The request: only the same export resumes the file. */
  readonly question: string;
  readonly bytes: number;
  /** The process that writes it. */
  readonly process: number;
}

/** Interval between two flushes to disk, in milliseconds. */
const SETTLE_MS = 1_000;

/**
 * A file that is written under a temporary name and renamed when it is complete. Its progress is stored beside it, so
 * that the same export can resume after any interruption.
 */
export class PartFile {
  readonly path: string;
  private readonly standing: string;
  private readonly hash: Hash = createHash('sha256');
  private handle: FileHandle | undefined;
  private kept: Kept | undefined;
  private bytes = 0;
  private settled = Date.now();
  private stand: Stand | undefined;

  constructor(
    private readonly file: string,
    private readonly question: string,
  ) {
    this.path = `${file}.part`;
    this.standing = `${file}.part.json`;
  }

  /**
   * The progress of an interrupted export of the same request; undefined if this one starts from scratch. Changes
   * nothing yet. Throws NotAvailable if another process is writing it.
   */
  stood(): Stand | undefined {
    const kept = this.read();
    if (kept !== undefined && kept.process !== process.pid && isRunning(kept.process)) {
      throw new NotAvailable(`another export (process ${kept.process}) writes ${this.file}`);
    }
    this.kept = kept?.question === this.question && existsSync(this.path) ? kept : undefined;
    return this.kept;
  }

  async write(text: string, stand: Stand): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    this.stand = stand;
    await this.saying(async () => {
      this.handle ??= await this.open();
      await this.handle.writeFile(bytes);
    });
    this.hash.update(bytes);
    this.bytes += bytes.length;
    if (this.settled + SETTLE_MS < Date.now()) await this.settle();
  }

  private async open(): Promise<FileHandle> {
    if (this.kept === undefined) {
      const handle = await open(this.path, 'w');
      // From now on other processes see that this one writes the file.
      await this.keep();
      return handle;
    }
    this.bytes = this.kept.bytes;
    await truncate(this.path, this.bytes);
    for await (const chunk of createReadStream(this.path)) this.hash.update(chunk as Buffer);
    return open(this.path, 'a');
  }

  /** Flushes what was written, then saves the progress. */
  async settle(): Promise<void> {
    await this.saying(async () => {
      await this.handle?.sync();
      await this.keep();
    });
    this.settled = Date.now();
  }

  private async keep(): Promise<void> {
    const { question, bytes, stand } = this;
    const { position, rows, cursor } = stand!;
    const from = bytes === 0 ? { position, rows: 0, cursor: null } : { position, rows, cursor };
    const kept: Kept = { ...from, question, bytes, process: process.pid };
    const beside = await open(`${this.standing}.new`, 'w');
    await beside
      .writeFile(JSON.stringify(kept))
      .then(() => beside.sync())
      .finally(() => beside.close());
    renameSync(`${this.standing}.new`, this.standing);
  }

  /** Renames the file. `made`: a file made from it, which is used instead. */
  async finish(made?: string): Promise<void> {
    await this.saying(() => this.handle!.sync());
    await this.close();
    renameSync(made ?? this.path, this.file);
    syncDirectory(this.file);
    rmSync(this.standing, { force: true });
    if (made !== undefined) rmSync(this.path, { force: true });
  }

  /** SHA-256 of everything written. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private read(): Kept | undefined {
    try {
      return JSON.parse(readFileSync(this.standing, 'utf8')) as Kept;
    } catch {
      // Missing or unusable: the export starts from scratch.
      return undefined;
    }
  }

  private async saying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw error;
      const why = { ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EFBIG: 'it is too large' }[code];
      const rest = 'free some space and run the same command again to resume';
      throw new NotAvailable(`${this.file} cannot be written: ${why}. No file of that name was touched; ${rest}`);
    }
  }
}

/** A renamed file is durable only once its directory is flushed. */
export function syncDirectory(file: string): void {
  const directory = openSync(dirname(file), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
