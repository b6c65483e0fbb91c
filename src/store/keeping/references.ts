import { isDigest } from '../content/contentstore';
import { START, type Store } from '../store';

/** What refers to contents in a log, up to a position. */
export interface References {
  /** Every digest that any event names, other than those that only tell of the bytes themselves. */
  readonly referred: ReadonlySet<string>;
  /** Digest → bytes, of every version. */
  readonly versions: ReadonlyMap<string, number>;
  /** Contents that a scanner or a check of this installation had before it: their bytes were here. */
  readonly seen: ReadonlySet<string>;
  /** Those of which the last check found nothing, or other bytes. */
  readonly faulty: ReadonlySet<string>;
  readonly position: string;
}

/**
 * Reads the whole log: every text in an event that is a digest counts as a reference. So an event type that comes later,
 * of a hold or a rendition, protects what it names without another line here.
 */
export class ReferenceReader implements References {
  readonly referred = new Set<string>();
  readonly versions = new Map<string, number>();
  readonly seen = new Set<string>();
  readonly faulty = new Set<string>();
  position = START;

  constructor(private readonly store: Pick<Store, 'readAll' | 'head'>) {}

  /** Goes on to what is the end of the log now. */
  async catchUp(signal?: AbortSignal): Promise<void> {
    const until = await this.store.head();
    if (until <= this.position) return;
    for await (const page of this.store.readAll({ after: this.position, until })) {
      signal?.throwIfAborted();
      for (const { stream, type, data } of page) {
        if (stream.startsWith('content-')) this.ofContent(type, data as Readonly<Record<string, unknown>>);
        else this.collect(data);
        if (type !== 'VersionAdded') continue;
        const { digest, bytes } = data as { readonly digest: string; readonly bytes: number };
        this.versions.set(digest, bytes);
      }
    }
    this.position = until;
  }

  private ofContent(type: string, { digest, outcome }: Readonly<Record<string, unknown>>): void {
    if (typeof digest !== 'string') return;
    if (type === 'ContentScanned' || outcome !== 'missing') this.seen.add(digest);
    if (type !== 'FixityChecked') return;
    if (outcome === 'good') this.faulty.delete(digest);
    else this.faulty.add(digest);
  }

  private collect(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length === 64 && isDigest(value)) this.referred.add(value);
    } else if (Array.isArray(value)) {
      for (const entry of value) this.collect(entry);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, entry] of Object.entries(value)) {
        this.collect(name);
        this.collect(entry);
      }
    }
  }
}
