import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ContentDiffers, ContentTooLarge } from './contentfaults';
import type { Kept, Wish } from './contentstore';

/** Number of bytes gathered before they are written: fewer, larger writes. */
const BATCH = 1024 * 1024;

/**
 * A file that grows at its end, and its SHA-256, which is computed while the disk writes. It can be suspended and
 * resumed: its content is then read once.
 */
export class Intake {
  private gathered: Uint8Array[] = [];
  private gatheredBytes = 0;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: FileHandle,
    private readonly hash: Hash,
    /** Bytes in the file, including those being written. */
    public bytes: number,
  ) {}

  /** A new file; throws if it already exists. */
  static async create(path: string): Promise<Intake> {
    return new Intake(await open(path, 'wx', 0o600), createHash('sha256'), 0);
  }

  /** Continues at the end of a file. `hash` is that of its content, if still known. */
  static async resume(path: string, hash?: Hash): Promise<Intake> {
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      return new Intake(file, hash ?? (await hashOf(path, size)), size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Must be awaited before the next call, so that at most two batches are in memory. */
  async write(chunk: Uint8Array): Promise<void> {
    this.gathered.push(chunk);
    this.gatheredBytes += chunk.length;
    this.bytes += chunk.length;
    if (this.gatheredBytes >= BATCH) await this.flush();
  }

  /** Syncs everything written so far to disk, and returns its digest and size. More may follow. */
  async sync(): Promise<Kept> {
    await this.flush();
    await this.writing;
    await this.file.sync();
    return { digest: this.hash.copy().digest('hex'), bytes: this.bytes };
  }

  /** Flushes everything to the operating system, and closes the file; the hash may be passed to `resume`. */
  async leave(): Promise<Hash> {
    try {
      await this.flush();
      await this.writing;
    } finally {
      await this.file.close();
    }
    return this.hash;
  }

  private async flush(): Promise<void> {
    await this.writing;
    if (this.gatheredBytes === 0) return;
    const batch = this.gathered;
    const at = this.bytes - this.gatheredBytes;
    this.gathered = [];
    this.gatheredBytes = 0;
    this.writing = this.writeAll(batch, at);
    // The next call reports the failure; until then it must not count as unhandled.
    this.writing.catch(() => {});
    for (const chunk of batch) this.hash.update(chunk);
  }

  /** The pieces as they came: putting them together first would copy every byte once more. */
  private async writeAll(batch: readonly Uint8Array[], at: number): Promise<void> {
    let [left, place] = [batch, at];
    while (left.length > 0) {
      const { bytesWritten } = await this.file.writev(left, place);
      place += bytesWritten;
      left = behind(left, bytesWritten);
    }
  }
}

/** What is left of the pieces when so many bytes are written. */
function behind(pieces: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let [index, skip] = [0, written];
  while (index < pieces.length && skip >= pieces[index]!.length) {
    skip -= pieces[index]!.length;
    index += 1;
  }
  const rest = pieces.slice(index);
  return skip === 0 ? rest : [rest[0]!.subarray(skip), ...rest.slice(1)];
}

/** Writes a stream into a new file and syncs it. On failure there is no file. */
export async function intoFile(path: string, source: AsyncIterable<Uint8Array>, wish: Wish = {}): Promise<Kept> {
  const intake = await Intake.create(path);
  try {
    const kept = await drained(intake, source, wish);
    await intake.leave();
    return kept;
  } catch (error) {
    await intake.leave().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

async function drained(intake: Intake, source: AsyncIterable<Uint8Array>, { limit, digest }: Wish): Promise<Kept> {
  for await (const chunk of source) {
    if (limit !== undefined && intake.bytes + chunk.length > limit) throw new ContentTooLarge(limit);
    await intake.write(chunk);
  }
  const kept = await intake.sync();
  if (digest !== undefined && kept.digest !== digest) throw new ContentDiffers(digest, kept.digest);
  return kept;
}

async function hashOf(path: string, size: number): Promise<Hash> {
  const hash = createHash('sha256');
  if (size === 0) return hash;
  for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: BATCH })) hash.update(chunk);
  return hash;
}
