import { LRUCache } from 'lru-cache';
import { type Dimensions, dimensionsOf } from '../../../pictures/headers/dimensions';
import { hashingSink } from '../../../store/content/blobsink';
import type { Commit, FileChange } from '../history/gitlog';
import { type BlobSink, Blobs } from '../repository/blobs';
import { lfsPointerOf } from '../repository/lfs';
import { readPath } from '../repository/path';
import type { Git } from '../repository/run';
import type { BlobKeeper } from './blobkeeper';

/** The content of one blob. */
export interface Content {
  readonly digest: string;
  readonly bytes: number;
  readonly dimensions?: Dimensions | undefined;
  /** True if git holds only a pointer and the bytes are stored elsewhere. */
  readonly pointer: boolean;
}

/** Read-ahead in commits: enough for git to read while events are written, few enough to hold in memory. */
const AHEAD_COMMITS = 64;
const AHEAD_CHANGES = 4_000;
/** Number of contents whose digests are kept for reuse; larger than the read-ahead. */
const KEPT = 4 * AHEAD_CHANGES;
const LONGEST_TARGET = 4096;

/** Reads each blob once, however many nearby commits show it, and stores its bytes on the way. */
export class Contents {
  private readonly blobs: Blobs;
  private readonly known = new LRUCache<string, Promise<Content>>({ max: KEPT });
  private readonly targets = new LRUCache<string, Promise<string>>({ max: KEPT });

  constructor(
    git: Git,
    /** Absent where bytes are not to be kept. */
    private readonly keeper: BlobKeeper | undefined,
  ) {
    this.blobs = new Blobs(git);
  }

  of(blob: string): Promise<Content> {
    return once(this.known, blob, () => this.blobs.read(blob, () => contentSink(this.keeper)));
  }

  /** The target of a symbolic link, unresolved. */
  target(blob: string): Promise<string> {
    return once(this.targets, blob, () => this.blobs.read(blob, targetSink));
  }

  close(): Promise<void> {
    return this.blobs.close();
  }
}

/** Yields commits whose contents are already being read: the consumer works on one while git reads for the next. */
export async function* readAhead(
  commits: AsyncIterable<Commit>,
  begin: (change: FileChange) => void,
): AsyncGenerator<Commit> {
  const ahead: Commit[] = [];
  let changes = 0;
  for await (const commit of commits) {
    for (const change of commit.changes.slice(0, AHEAD_CHANGES)) begin(change);
    ahead.push(commit);
    changes += commit.changes.length;
    while (ahead.length > 0 && (ahead.length >= AHEAD_COMMITS || changes >= AHEAD_CHANGES)) {
      const next = ahead.shift()!;
      changes -= next.changes.length;
      yield next;
    }
  }
  yield* ahead;
}

function once<T>(map: LRUCache<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  // The consumer handles the rejection; until then it must not count as unhandled.
  made.catch(() => {});
  map.set(key, made);
  return made;
}

function contentSink(keeper: BlobKeeper | undefined): BlobSink<Content> {
  const sink = keeper?.sink() ?? hashingSink();
  return {
    write: (chunk) => sink.write(chunk),
    end: () => {
      const read = sink.end(({ head }) => lfsPointerOf(head) === undefined);
      const { digest, bytes, head } = read;
      const pointer = lfsPointerOf(head);
      if (pointer !== undefined) return after(keeper?.take(pointer), { ...pointer, pointer: true });
      return after(keeper?.kept(read), { digest, bytes, pointer: false, dimensions: dimensionsOf(head, bytes) });
    },
  };
}

function after<T>(work: void | Promise<void>, value: T): T | Promise<T> {
  return work === undefined ? value : work.then(() => value);
}

function targetSink(): BlobSink<string> {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => void chunks.push(Buffer.from(chunk)),
    end: () => readPath(Buffer.concat(chunks).subarray(0, LONGEST_TARGET)).path,
  };
}
