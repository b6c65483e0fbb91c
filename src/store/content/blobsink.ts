import { createHash, type Hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Content up to this size is held in memory; larger content goes through a temporary file. */
const IN_MEMORY = 8 * 1024 * 1024;

/** Content that was read: its digest, its size in bytes, and its first bytes, which reveal its type. */
export interface ReadContent {
  readonly digest: string;
  readonly bytes: number;
  /** The first 8 MiB. */
  readonly head: Buffer;
}

/** Receives content in chunks. `end` returns what was received; `keep` then stores it. */
export interface ContentSink {
  write(chunk: Buffer): void;
  end(keep: (read: ReadContent) => boolean): ReadContent;
}

/**
 * A content-addressed store: `<root>/ab/cdef…` by hex SHA-256. A file appears whole or not at all, and existing content
 * is not rewritten. Throws the file system's own errors, which name the path.
 */
export class BlobFiles {
  constructor(readonly root: string) {}

  pathOf(digest: string): string {
    return join(this.root, digest.slice(0, 2), digest.slice(2));
  }

  /** True if the store holds the content with this size. */
  holds(digest: string, bytes: number): boolean {
    return statSync(this.pathOf(digest), { throwIfNoEntry: false })?.size === bytes;
  }

  sink(): ContentSink {
    return new Sink(this);
  }
}

/** Hashes content without storing it. */
export function hashingSink(): ContentSink {
  return new Sink(undefined);
}

class Sink implements ContentSink {
  private readonly hash: Hash = createHash('sha256');
  private chunks: Buffer[] = [];
  private bytes = 0;
  private overflow: { readonly file: number; readonly path: string } | undefined;

  constructor(private readonly store: BlobFiles | undefined) {}

  write(chunk: Buffer): void {
    this.hash.update(chunk);
    if (this.bytes < IN_MEMORY) this.chunks.push(chunk.subarray(0, IN_MEMORY - this.bytes));
    this.bytes += chunk.length;
    if (this.store === undefined || this.bytes <= IN_MEMORY) return;
    if (this.overflow === undefined) this.spill(this.store, chunk);
    else writeAll(this.overflow.file, chunk);
  }

  end(keep: (read: ReadContent) => boolean): ReadContent {
    const read = { digest: this.hash.digest('hex'), bytes: this.bytes, head: Buffer.concat(this.chunks) };
    this.chunks = [];
    if (this.store === undefined) return read;
    const wanted = keep(read) && !this.store.holds(read.digest, read.bytes);
    if (this.overflow !== undefined) closeSync(this.overflow.file);
    if (wanted) this.place(this.store, read);
    else if (this.overflow !== undefined) rmSync(this.overflow.path);
    return read;
  }

  /** Moves the content held in memory to a file, followed by this chunk. */
  private spill(store: BlobFiles, chunk: Buffer): void {
    mkdirSync(store.root, { recursive: true });
    const path = join(store.root, `.incoming-${process.pid}`);
    this.overflow = { file: openSync(path, 'w'), path };
    const before = this.bytes - chunk.length;
    writeAll(this.overflow.file, Buffer.concat(this.chunks).subarray(0, before));
    writeAll(this.overflow.file, chunk);
  }

  private place(store: BlobFiles, read: ReadContent): void {
    const path = store.pathOf(read.digest);
    mkdirSync(dirname(path), { recursive: true });
    const incoming = this.overflow?.path ?? `${path}.${process.pid}.incoming`;
    if (this.overflow === undefined) {
      const file = openSync(incoming, 'w');
      try {
        writeAll(file, read.head);
      } finally {
        closeSync(file);
      }
    }
    renameSync(incoming, path);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
