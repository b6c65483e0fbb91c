import { setTimeout as pause } from 'node:timers/promises';
import type { Standing } from '../engine';
import type { Connection } from './driver';
import { type Open, reachable } from './reachable';
import { type Names, prepareState, type Read, readState } from './state';

const RETRY_MS = { first: 100, last: 2_000 };
/** How often it is made sure that the connection on which progress is told is still one. */
const SIGN_EVERY_MS = 4_000;
const ANSWER_MS = 4_000;
/** The same for the first questions, which may make tables or wait for who makes them. */
const PREPARED_MS = 20_000;

/** What one batch did, as it is told to every process: generation, position, and whether it stopped, by projection. */
type News = Readonly<Record<string, readonly [generation: number, position: number, stuck: boolean]>>;

export function newsOf(standings: readonly Standing[]): string {
  const news = standings.map(({ name, generation, position, poison }) => [name, [generation, position, !!poison]]);
  const text = JSON.stringify(Object.fromEntries(news));
  // A longer one PostgreSQL does not carry: whoever hears an empty one reads for itself.
  return Buffer.byteLength(text) < 7_900 ? text : '';
}

/** Knows where the live tables stand, by being told. When the connection breaks it is made again, and read anew. */
export class Listener {
  private standings: ReadonlyMap<string, Standing> = new Map();
  private readonly ending = new AbortController();
  private connection: Connection | undefined;
  private running: Promise<void> | undefined;
  private failure: unknown = new Error('it has not been asked yet');

  constructor(
    private readonly open: Open,
    private readonly names: Names,
    private readonly on: {
      readonly changed: () => void;
      /** The server is silent, though the connection is still open. */
      readonly silent: () => void;
    },
  ) {}

  /** Resolves after the first attempt, whether it succeeded or not. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.running = this.keepListening(resolve);
    });
  }

  get live(): ReadonlyMap<string, Standing> {
    return this.standings;
  }

  /** Why nothing is heard; undefined while everything is. */
  get deaf(): unknown {
    return this.failure;
  }

  /** This process wrote, or read, and so knows first. */
  learn(standings: readonly Standing[]): void {
    const next = new Map(this.standings);
    for (const standing of standings) if (standing.role === 'live') next.set(standing.name, standing);
    this.standings = next;
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.connection?.end().catch(() => undefined);
    await this.running;
  }

  private async keepListening(tried: () => void): Promise<void> {
    const { signal } = this.ending;
    let wait = RETRY_MS.first;
    while (!signal.aborted) {
      try {
        const connection = await reachable(this.open('palimpsest listener'));
        this.connection = connection;
        // Who ended it meanwhile knew of no connection to end.
        signal.throwIfAborted();
        const gone = new Promise<void>((resolve) => connection.onGone(resolve));
        await reachable(inTime(this.listenOn(connection), PREPARED_MS));
        this.failure = undefined;
        wait = RETRY_MS.first;
        tried();
        this.on.changed();
        await this.untilGone(connection, gone);
      } catch (error) {
        this.failure = error;
        await this.connection?.end().catch(() => undefined);
      }
      this.failure ??= new Error('the connection broke');
      tried();
      await pause(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, RETRY_MS.last);
    }
  }

  private async listenOn(connection: Connection): Promise<void> {
    await prepareState(connection, this.names);
    connection.onNotification((payload) => this.hear(connection, payload));
    await connection.script(`LISTEN "${this.names.channel.replaceAll('"', '""')}"`);
    this.take(await readState(connection, this.names));
  }

  /** A peer that is gone without a word would never be noticed by listening alone. */
  private async untilGone(connection: Connection, gone: Promise<void>): Promise<void> {
    let over = false;
    const ended = gone.then(() => {
      over = true;
    });
    while (!over) {
      const resting = new AbortController();
      await Promise.race([ended, pause(SIGN_EVERY_MS, undefined, { signal: resting.signal }).catch(() => undefined)]);
      resting.abort();
      if (over) return;
      await inTime(Promise.race([ended, connection.query('SELECT 1')]), ANSWER_MS, this.on.silent);
    }
  }

  private hear(connection: Connection, payload: string): void {
    const news = payload === '' ? undefined : (JSON.parse(payload) as News);
    const known = Object.entries(news ?? {}).map(([name, [generation, position, stuck]]) => {
      const standing = this.standings.get(name);
      return standing?.generation === generation && !stuck && !standing.poison
        ? { ...standing, position: Math.max(position, standing.position) }
        : undefined;
    });
    if (news !== undefined && known.every((standing) => standing !== undefined)) {
      this.learn(known as Standing[]);
      this.on.changed();
      return;
    }
    // Other tables than this process knows, or something stopped: what exactly is read.
    readState(connection, this.names).then(
      (read) => {
        this.take(read);
        this.on.changed();
      },
      () => undefined,
    );
  }

  private take(read: Read): void {
    this.standings = new Map(
      read.standings.filter(({ role }) => role === 'live').map((standing) => [standing.name, standing]),
    );
  }
}

/** Rejects where a peer that may be gone without a word takes longer. */
async function inTime<T>(answer: Promise<T>, milliseconds: number, expired?: () => void): Promise<T> {
  const enough = new AbortController();
  const late = pause(milliseconds, undefined, { signal: enough.signal }).then(() => {
    expired?.();
    throw new Error('the connection does not answer: timeout expired');
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    late.catch(() => undefined);
    enough.abort();
  }
}
