import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LRUCache } from 'lru-cache';
import { LIBRARY } from '../../pictures/library';
import type { PictureMaker } from '../../pictures/maker';
import { type Facts, type Fault, faultOf, isPassing, type Look } from '../../pictures/task';
import { ContentMissing } from '../../store/content/contentfaults';
import type { ContentStore } from '../../store/content/contentstore';

/** Content up to this size, in bytes, is copied from a remote store to this machine in order to be drawn. */
const LONGEST_COPY = 256 * 1024 * 1024;
/** Maximum number of undrawable files remembered. */
const REMEMBERED = 10_000;

/** A look with the name under which its pictures are stored. The name changes with the look. */
export interface NamedLook {
  readonly name: string;
  readonly look: Look;
}

/**
 * Pictures of stored content: each is drawn once and stored beside the content. Concurrent requests wait for the same
 * picture.
 */
export class Picturing {
  private readonly underWay = new Map<string, Promise<Buffer | Fault>>();
  private readonly refused = new LRUCache<string, Fault>({ max: REMEMBERED });

  constructor(
    private readonly content: ContentStore,
    private readonly maker: PictureMaker,
  ) {}

  /** The encoded picture, or the fault. Throws the content store's errors. */
  picture(digest: string, { name, look }: NamedLook): Promise<Buffer | Fault> {
    const kept = keptName(name);
    const key = `${digest}/${kept}`;
    const refused = this.refused.get(key);
    if (refused !== undefined) return Promise.resolve(refused);
    const known = this.underWay.get(key);
    if (known !== undefined) return known;
    const making = this.foundOrDrawn(digest, kept, look).finally(() => this.underWay.delete(key));
    this.underWay.set(key, making);
    return making;
  }

  /** A picture that was drawn before. */
  drawnBefore(digest: string, { name }: NamedLook): Promise<Buffer | undefined> {
    return this.content.derived(digest, keptName(name));
  }

  /** The metadata in the content. */
  facts(digest: string, mediaType: string): Promise<Facts | Fault> {
    return this.withFile(digest, (file) => this.maker.perform({ kind: 'read', file, mediaType }));
  }

  private async foundOrDrawn(digest: string, kept: string, look: Look): Promise<Buffer | Fault> {
    const there = await this.content.derived(digest, kept);
    if (there !== undefined) return there;
    const drawn = await this.withFile(digest, (file) => this.maker.perform({ kind: 'draw', file, look }));
    if ('fault' in drawn) {
      if (!isPassing(drawn.fault)) this.refused.set(`${digest}/${kept}`, drawn);
      return drawn;
    }
    await this.content.putDerived(digest, kept, drawn.bytes);
    return drawn.bytes;
  }

  private async withFile<T>(digest: string, use: (file: string) => Promise<T | Fault>): Promise<T | Fault> {
    const own = await this.content.file(digest);
    if (own !== undefined) return use(own);
    const size = await this.content.size(digest);
    if (size === undefined) return faultOf('NOT_HERE');
    if (size > LONGEST_COPY) return faultOf('TOO_LARGE');
    const directory = await mkdtemp(join(tmpdir(), 'palimpsest-picture-'));
    try {
      const file = join(directory, 'content');
      await pipeline(await this.content.open(digest), createWriteStream(file, { mode: 0o600 }));
      return await use(file);
    } catch (error) {
      if (error instanceof ContentMissing) return faultOf('NOT_HERE');
      throw error;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** A name of the content store for derived objects. */
const keptName = (name: string): string => `${name}.${LIBRARY}`;
