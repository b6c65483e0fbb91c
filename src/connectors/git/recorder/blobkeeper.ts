import { createReadStream, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobFiles, type ContentSink, type ReadContent } from '../../../store/content/blobsink';
import type { ContentStore } from '../../../store/content/contentstore';
import type { LfsPointer } from '../repository/lfs';

/** Contents on their way to a store elsewhere at once. */
const AT_ONCE = 8;

/**
 * Keeps blobs in the content store. Where that is a directory they are written into its tree as git gives them; for a store
 * elsewhere they are written beside first and sent from there, a few at once. What an import was killed over is kept by
 * the next one.
 */
export class BlobKeeper {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly content: ContentStore,
    private readonly files: BlobFiles,
    /** Where Git LFS has objects in this clone. */
    private readonly lfsObjects: string,
    /** Where files wait to be sent; undefined where they are in their place. */
    private readonly beside: string | undefined,
  ) {}

  static async open(content: ContentStore, lfsObjects: string): Promise<BlobKeeper> {
    if (content.tree !== undefined) return new BlobKeeper(content, new BlobFiles(content.tree), lfsObjects, undefined);
    const beside = await mkdtemp(join(await content.incoming(), 'git-'));
    return new BlobKeeper(content, new BlobFiles(beside), lfsObjects, beside);
  }

  sink(): ContentSink {
    return this.files.sink();
  }

  /** To be called with what a sink kept. */
  kept({ digest, bytes }: ReadContent): void | Promise<void> {
    if (this.beside !== undefined) return this.inTurn(() => this.send(this.files.pathOf(digest), digest, bytes));
  }

  /** Takes the content of a pointer from the clone, where it is there and whole. */
  async take({ digest, bytes }: LfsPointer): Promise<void> {
    const file = join(this.lfsObjects, digest.slice(0, 2), digest.slice(2, 4), digest);
    if (statSync(file, { throwIfNoEntry: false })?.size !== bytes) return;
    await this.inTurn(async () => {
      if ((await this.content.size(digest)) === bytes) return;
      await this.content.put(createReadStream(file), { digest }).catch((error: Error) => {
        // Other bytes than the pointer says: the clone is damaged there, and lacks this content.
        if (error.name !== 'ContentDiffers') throw error;
      });
    });
  }

  close(): void {
    if (this.beside !== undefined) rmSync(this.beside, { recursive: true, force: true });
  }

  private async send(file: string, digest: string, bytes: number): Promise<void> {
    if ((await this.content.size(digest)) === bytes) rmSync(file, { force: true });
    else if (statSync(file, { throwIfNoEntry: false })) await this.content.take(file, { digest, bytes });
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    try {
      await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
