import type { Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { asContentFault, ContentUnavailable } from '../content/contentfaults';
import type { ContentStore } from '../content/contentstore';
import { Intake } from '../content/intake';
import { bare, isOfKind } from './bytetype';
import { judge } from './judging';
import type { Scan } from './scanners';
import { type Arrived, filesOf, isUploadId, newUploadId, readSession, type Session, writeSession } from './session';
import { tryLock } from './uploadlock';

/** What one may upload. */
export interface UploadLimits {
  /** Of one file. */
  readonly bytes: number;
  /** Of all that one actor began within 24 hours. */
  readonly bytesPerDay: number;
  /** Media types: `image/*`, `application/pdf`, or any of them. */
  readonly kinds: readonly string[];
  /** How long an upload may take from its beginning to its last byte. Milliseconds. */
  readonly lifetime: number;
}

export interface Wanted {
  readonly owner: string;
  readonly bytes: number;
  readonly mediaType?: string | undefined;
  readonly fileName?: string | undefined;
  readonly digest?: string | undefined;
}

export interface UploadOptions {
  readonly directory: string;
  readonly content: ContentStore;
  readonly limits: UploadLimits;
  readonly scan?: Scan | undefined;
  /** Told of what a scanner found, before anybody can use the bytes. */
  readonly onScanned?: ((arrived: Arrived) => Promise<void>) | undefined;
  /** Told that the bytes are kept, whole and as they came. */
  readonly onKept?: ((arrived: Arrived) => Promise<void>) | undefined;
  readonly clock?: () => number;
}

/** Why an upload is not begun. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  constructor(
    readonly why: 'tooLarge' | 'dayUsedUp' | 'kind',
    message: string,
  ) {
    super(message);
  }
}

const DAY = 86_400_000;
/** How long what became of an upload is remembered, and what was put aside is kept. */
const REMEMBERED = 7 * DAY;
const QUARANTINE = 30 * DAY;
/** How long to wait for another who works on the same upload, and between two tries. */
const LOCK_PATIENCE = 20_000;
const LOCK_PAUSE = 50;
/** Uploads whose hash is kept between two requests. */
const HASHES = 200;

/**
 * Uploads on their way: each is a file that grows, and a file beside it that says whose it is. What both say survives
 * any process, so that an upload can go on after a restart, and at another process that shares the directory.
 */
export class Uploads {
  private readonly hashes = new LRUCache<string, { readonly hash: Hash; readonly bytes: number }>({ max: HASHES });
  private readonly clock: () => number;
  readonly limits: UploadLimits;

  constructor(private readonly options: UploadOptions) {
    this.clock = options.clock ?? Date.now;
    this.limits = options.limits;
  }

  /** Throws UploadRefused, or ContentUnavailable. */
  async begin(wanted: Wanted): Promise<Session> {
    const { directory, limits } = this.options;
    if (wanted.bytes > limits.bytes) {
      throw new UploadRefused('tooLarge', `a file may have ${limits.bytes} bytes; this one has ${wanted.bytes}`);
    }
    if (wanted.mediaType !== undefined && !isOfKind(wanted.mediaType, limits.kinds)) {
      throw new UploadRefused(
        'kind',
        `${bare(wanted.mediaType)} is not accepted; accepted are ${limits.kinds.join(', ')}`,
      );
    }
    return this.told(async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const used = await this.usedToday(wanted.owner);
      if (used + wanted.bytes > limits.bytesPerDay) {
        const left = Math.max(limits.bytesPerDay - used, 0);
        throw new UploadRefused('dayUsedUp', `of ${limits.bytesPerDay} bytes in 24 hours ${left} are left`);
      }
      const session: Session = { ...wanted, id: newUploadId(), createdAt: this.clock(), state: 'open' };
      const { bytes } = filesOf(directory, session.id);
      await writeSession(directory, session);
      await (await open(bytes, 'wx', 0o600)).close();
      return session;
    });
  }

  /** Undefined where there is none, its time is over, or it is not this owner's. */
  async find(id: string, owner?: string): Promise<Session | undefined> {
    if (!isUploadId(id)) return undefined;
    const session = await this.told(() => readSession(this.options.directory, id));
    if (session === undefined || this.isOver(session)) return undefined;
    return owner === undefined || session.owner === owner ? session : undefined;
  }

  /** How many bytes are here. */
  async offset(session: Session): Promise<number> {
    if (session.state !== 'open') return session.bytes;
    return this.told(async () => {
      const found = await stat(filesOf(this.options.directory, session.id).bytes).catch(() => undefined);
      return found?.size ?? 0;
    });
  }

  expiresAt({ createdAt }: Session): number {
    return createdAt + this.limits.lifetime;
  }

  /**
   * Appends what comes, until it ends or breaks off; what came by then is kept. Gives the new offset. The caller holds
   * the lock.
   */
  async append({ id, bytes: limit }: Session, source: AsyncIterable<Uint8Array>): Promise<number> {
    return this.told(async () => {
      const path = filesOf(this.options.directory, id).bytes;
      const known = this.hashes.get(id);
      this.hashes.delete(id);
      const { size } = await stat(path);
      const intake = await Intake.resume(path, known?.bytes === size ? known.hash : undefined);
      let fault: unknown;
      try {
        for await (const chunk of source) {
          if (intake.bytes + chunk.length > limit) break;
          await intake.write(chunk);
        }
      } catch (error) {
        fault = error;
      }
      const hash = await intake.leave();
      this.hashes.set(id, { hash, bytes: intake.bytes });
      const { code } = (fault ?? {}) as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO') throw fault;
      return intake.bytes;
    });
  }

  /** Waits while another process works on it. Gives what ends the lock; throws where it takes too long. */
  async lock(id: string, signal?: AbortSignal): Promise<() => Promise<void>> {
    const path = `${filesOf(this.options.directory, id).session}.lock`;
    for (const until = Date.now() + LOCK_PATIENCE; Date.now() < until; ) {
      const release = await this.told(() => tryLock(path));
      if (release !== undefined) return release;
      await pause(LOCK_PAUSE, undefined, { signal });
    }
    throw new ContentUnavailable('unreachable', 'another request works on this upload; try again');
  }

  /**
   * What became of an upload whose bytes are all here: they are looked at, and kept or put aside. Can be repeated after
   * any failure, and after a kill at any moment.
   */
  async finish({ id }: Session): Promise<Session> {
    const release = await this.lock(id);
    try {
      const session = await this.told(() => readSession(this.options.directory, id));
      if (session === undefined) throw new ContentUnavailable('unreachable', 'the upload is gone');
      return await this.finished(session);
    } finally {
      await release();
    }
  }

  private async finished(session: Session): Promise<Session> {
    if (session.state === 'finished' || session.state === 'quarantined') return session;
    return this.told(async () => {
      const { directory, content } = this.options;
      const path = filesOf(directory, session.id).bytes;
      if (session.state === 'whole') {
        const { arrived } = session;
        const moved = (await stat(path).catch(() => undefined)) === undefined;
        if (moved && (await content.size(arrived!.digest)) === arrived!.bytes) {
          await this.options.onKept?.(arrived!);
          return this.became(session, 'finished');
        }
      }
      const { hash, bytes } = this.hashes.get(session.id) ?? {};
      const { limits, scan } = this.options;
      const [arrived, aside] = await judge(session, path, {
        kinds: limits.kinds,
        scan,
        hash: bytes === session.bytes ? hash : undefined,
      });
      if (arrived.scanned !== undefined) await this.options.onScanned?.(arrived);
      if (aside !== undefined) return this.putAside({ ...session, arrived, aside });
      const whole = await this.became({ ...session, arrived }, 'whole');
      await content.take(path, arrived);
      await this.options.onKept?.(arrived);
      this.hashes.delete(session.id);
      return this.became(whole, 'finished');
    });
  }

  /** Ends an upload of which nothing is to be kept. */
  async remove({ id }: Session): Promise<void> {
    const { bytes, session } = filesOf(this.options.directory, id);
    this.hashes.delete(id);
    await this.told(async () => {
      await rm(bytes, { force: true });
      await rm(session, { force: true });
    });
  }

  /** Removes what was abandoned, and what is remembered no longer. Gives their number. */
  async sweep(): Promise<number> {
    let removed = 0;
    for (const session of await this.sessions()) {
      if (!this.isOver(session) && !(await this.isOut(session))) continue;
      await rm(this.quarantined(session.id), { force: true });
      await this.remove(session);
      removed += 1;
    }
    return removed;
  }

  /** Files that were put aside, for whoever looks after the server. */
  async putAsides(): Promise<readonly Session[]> {
    return (await this.sessions()).filter(({ state }) => state === 'quarantined');
  }

  private async putAside(session: Session): Promise<Session> {
    const done = await this.became(session, 'quarantined');
    await mkdir(join(this.options.directory, 'quarantine'), { recursive: true, mode: 0o700 });
    await rename(filesOf(this.options.directory, session.id).bytes, this.quarantined(session.id));
    return done;
  }

  private quarantined(id: string): string {
    return join(this.options.directory, 'quarantine', id);
  }

  private async became(session: Session, state: Session['state']): Promise<Session> {
    const now = { ...session, state };
    await writeSession(this.options.directory, now);
    return now;
  }

  private async usedToday(owner: string): Promise<number> {
    const since = this.clock() - DAY;
    const own = (await this.sessions()).filter((each) => each.owner === owner && each.createdAt > since);
    return own.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private async sessions(): Promise<readonly Session[]> {
    const { directory } = this.options;
    const names = await readdir(directory).catch(() => [] as string[]);
    const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
    const sessions = await Promise.all(ids.filter(isUploadId).map((id) => readSession(directory, id)));
    return sessions.filter((session) => session !== undefined);
  }

  private isOver(session: Session): boolean {
    const age = this.clock() - session.createdAt;
    if (session.state === 'open') return age > this.limits.lifetime;
    return age > Math.max(session.state === 'quarantined' ? QUARANTINE : REMEMBERED, this.limits.lifetime);
  }

  /** Begun by a process that was killed before the file of bytes was there. */
  private async isOut(session: Session): Promise<boolean> {
    if (session.state !== 'open' || this.clock() - session.createdAt < 60_000) return false;
    return (await stat(filesOf(this.options.directory, session.id).bytes).catch(() => undefined)) === undefined;
  }

  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asContentFault(error, this.options.directory);
    }
  }
}
