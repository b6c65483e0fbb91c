import { statSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { startThread, type ThreadBody } from '../thread';
import { driverModule } from './driver';
import type { Row } from './logreader';
import { PAGE_AS_TEXT, type Page, parsed } from './pagetext';

/** Bytes of pages that wait to be taken: some ten pages of usual events, or one that is longer than that. */
const WAITING = 2_000_000;
/** Long readings of one store that have a thread at the same time; others are read directly. */
const THREADS = 2;

/** Tells a file from another one that has come to stand at its path. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

interface Start {
  readonly driver: string;
  readonly path: string;
  readonly identity: string | undefined;
  readonly sql: string;
  readonly waiting: number;
}

/** What a thread is started with that reads this file and no other. */
export function startOf(path: string, identity = identityOf(path)): Start {
  return { driver: driverModule(), path, identity, sql: PAGE_AS_TEXT, waiting: WAITING };
}

type Told = { readonly after: number; readonly until: number } | { readonly taken: number } | 'end';

/** Says that it stands ready, is told a range, and sends its pages as earlier ones are taken. A fault ends it. */
export const readPages: ThreadBody<Start> = (port, { driver, path, identity, sql, waiting }, load) => {
  const { DatabaseSync } = load(driver);
  const database = new DatabaseSync(path, { readOnly: true });
  const { dev, ino } = (load('node:fs') as typeof import('node:fs')).statSync(path, { bigint: true });
  if (`${dev}:${ino}` !== identity) throw new Error('another file stands in its place');
  // This thread may wait where another process recovers the file: nobody else is held up.
  database.exec('PRAGMA busy_timeout = 5000');
  const statement = database.prepare(sql);
  let [after, until, ahead] = [0, 0, 0];
  port.on('message', (told: Told) => {
    if (told === 'end') {
      database.close();
      port.close();
      return;
    }
    if ('taken' in told) ahead -= told.taken;
    else [after, until] = [told.after, told.until];
    while (ahead < waiting && after < until) {
      const page = statement.get(after, until) as Page;
      after = page.rows === 0 ? until : page.last;
      ahead += page.rows === 0 ? 0 : page.text.byteLength;
      port.postMessage(page);
    }
  });
  port.postMessage('ready');
};

/**
 * A thread that reads a long range of the event file ahead of whoever reads it. It only ever saves time: where it is
 * not ready, fails, or sends what is no page, the reader is told so, reads on directly from where it stands, and meets
 * there whatever there is to meet.
 */
class Ahead {
  private readonly thread: Worker;
  private readonly pages: Page[] = [];
  private state: 'starting' | 'ready' | 'reading' | 'over' = 'starting';
  private wake = () => {};
  /** When the thread is gone and has let go of the file. */
  readonly gone: Promise<void>;

  constructor(path: string, identity: string) {
    this.thread = startThread('reading ahead', readPages, startOf(path, identity));
    this.thread.on('message', (said: Page | 'ready') => {
      if (said !== 'ready') this.pages.push(said);
      else if (this.state === 'starting') this.state = 'ready';
      this.wake();
    });
    this.thread.on('error', () => this.over());
    this.gone = new Promise((resolve) => {
      this.thread.on('exit', () => {
        this.over();
        resolve();
      });
    });
    // A reading that nobody goes on with must not keep the process alive.
    this.thread.unref();
  }

  /** The next rows behind `after`, or undefined where they must be read directly. `patient`: waits until it is ready. */
  async next(after: number, until: number, patient: boolean): Promise<Row[] | undefined> {
    if (patient) await this.newsWhile(() => this.state === 'starting');
    if (this.state === 'ready') {
      this.state = 'reading';
      this.tell({ after, until });
    }
    if (this.state !== 'reading') return undefined;
    await this.newsWhile(() => this.state === 'reading' && this.pages.length === 0);
    const page = this.pages.shift();
    if (page === undefined) return undefined;
    const rows = page.rows === 0 ? undefined : parsed(page, after, until);
    if (rows === undefined) this.end();
    else this.tell({ taken: page.text.byteLength });
    return rows;
  }

  /** Resolves when the thread is gone. */
  end(): Promise<void> {
    if (this.state !== 'over') this.tell('end');
    this.over();
    return this.gone;
  }

  /** Lets the process wait for the end of the thread. */
  hold(): void {
    this.thread.ref();
  }

  private tell(told: Told): void {
    this.thread.postMessage(told);
  }

  private over(): void {
    this.state = 'over';
    this.pages.length = 0;
    this.wake();
  }

  private async newsWhile(waiting: () => boolean): Promise<void> {
    while (waiting()) {
      this.thread.ref();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.state !== 'over') this.thread.unref();
    }
  }
}

/** The threads that read one event file ahead. */
export class Aheads {
  private readonly running = new Set<Ahead>();
  private readonly identity: string | undefined;
  private closed = false;

  /** Of a file that is open already. */
  constructor(private readonly path: string) {
    this.identity = identityOf(path);
  }

  /** Undefined where there are enough already. */
  start(): Ahead | undefined {
    if (this.closed || this.identity === undefined || this.running.size >= THREADS) return undefined;
    const ahead = new Ahead(this.path, this.identity);
    this.running.add(ahead);
    void ahead.gone.then(() => this.running.delete(ahead));
    return ahead;
  }

  /** Resolves when every thread has let go of the file. */
  async close(): Promise<void> {
    this.closed = true;
    for (const ahead of this.running) ahead.hold();
    await Promise.all([...this.running].map((ahead) => ahead.end()));
  }
}
