import { SourceDamaged } from '../../recording/failure';
import type { Git, RunningGit } from './run';

/** Receives the bytes of one object, in order. */
export interface BlobSink<T> {
  write(chunk: Buffer): void;
  end(): T | Promise<T>;
}

/** The error for an object that is missing or unreadable. */
function missing(blob: string): SourceDamaged {
  return new SourceDamaged(
    `object ${blob} cannot be read from the repository; \`git fsck\` says more (a partial clone lacks contents)`,
  );
}

interface Waiting {
  readonly blob: string;
  readonly sink: (size: number) => BlobSink<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** One long-lived `git cat-file --batch`: any number of objects are requested, and answered in order. */
export class Blobs {
  private readonly waiting: Waiting[] = [];
  private readonly running: RunningGit;
  private head: Buffer = Buffer.alloc(0);
  private left = 0;
  private sink: BlobSink<unknown> | undefined;
  private failed: Error | undefined;
  private readonly pumping: Promise<void>;

  constructor(git: Git) {
    this.running = git.run(['cat-file', '--batch']);
    this.running.ended.catch(() => {});
    this.pumping = this.pump().catch((error: Error) => this.fail(error));
  }

  /** Streams one object into a sink, which is created once the object's size in bytes is known. */
  read<T>(blob: string, sink: (size: number) => BlobSink<T>): Promise<T> {
    if (this.failed !== undefined) return Promise.reject(this.failed);
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ blob, sink, resolve: resolve as (value: never) => void, reject });
      this.running.input.write(`${blob}\n`);
    });
  }

  async close(): Promise<void> {
    this.running.input.end();
    this.running.stop();
    await this.running.ended.catch(() => {});
    await this.pumping;
  }

  private async pump(): Promise<void> {
    for await (const chunk of this.running.output) this.take(chunk as Buffer);
    await this.running.ended;
    if (this.waiting.length > 0) throw missing(this.waiting[0]!.blob);
  }

  private take(chunk: Buffer): void {
    let data = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    this.head = Buffer.alloc(0);
    while (data.length > 0) {
      if (this.sink === undefined) {
        const end = data.indexOf(10);
        if (end === -1) break;
        this.open(data.toString('latin1', 0, end));
        data = data.subarray(end + 1);
      } else {
        const part = data.subarray(0, this.left);
        if (part.length > 0) this.sink.write(part);
        this.left -= part.length;
        // The line feed after the object belongs to the framing.
        if (this.left > 0 || data.length === part.length) return;
        data = data.subarray(part.length + 1);
        this.settle();
      }
    }
    this.head = Buffer.from(data);
  }

  private open(header: string): void {
    const [, type, size] = header.split(' ');
    const next = this.waiting[0];
    if (next === undefined) throw new Error(`git cat-file answered without being asked: ${header}`);
    if (type !== 'blob') {
      this.waiting.shift();
      next.reject(missing(next.blob));
      return;
    }
    this.left = Number(size);
    this.sink = next.sink(this.left);
  }

  private settle(): void {
    const next = this.waiting.shift()!;
    try {
      next.resolve(this.sink!.end() as never);
    } catch (error) {
      next.reject(error as Error);
    }
    this.sink = undefined;
  }

  private fail(error: Error): void {
    this.failed = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
