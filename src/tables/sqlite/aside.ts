import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { SqlValue } from '../../store/sqlite/driver';
import { ReadTooLong } from '../engine';

/** Threads that read at the same time, each with a connection of its own. */
const THREADS = 2;
/** Questions that wait for a thread, at most. */
const WAITING = 500;
/** Whoever asks waits no longer, in milliseconds. */
const LONGEST_MS = 15_000;
/** A question that took no longer than this lately is asked without a thread. Milliseconds. */
const QUICK_MS = 1;
/** What is left, with each time, of the longest time that a question has taken. */
const FADING = 0.9;
/** Statements whose times are remembered. */
const REMEMBERED = 500;
/** How long the end of the process waits for what a thread is just doing, in milliseconds. */
const LAST_MS = 10_000;

/** Numbers that both sides see: questions the thread is in the middle of, and whether the process ends. */
export const CELLS = { busy: 0, ending: 1 } as const;

export interface ReadingStart {
  readonly file: string;
  readonly cells: Int32Array;
}

/** A statement, and the projection whose place shall be told with its answer. */
export interface Question {
  readonly id: number;
  readonly projection: string;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export type Answer =
  | {
      readonly id: number;
      /** Where the live tables stood; undefined where there were none. */
      readonly position: number | undefined;
      readonly rows: readonly (readonly SqlValue[])[];
      readonly milliseconds: number;
    }
  | {
      readonly id: number;
      readonly fault: { message: string; code?: string | undefined; errcode?: number | undefined };
    };

export type Read = Extract<Answer, { readonly rows: unknown }>;

interface Asked {
  readonly question: Question;
  readonly resolve: (read: Read) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Reads that may be long, in threads beside the process, so that nobody else waits for them. Threads are started with
 * the first of them. A statement cannot be broken off: whoever waits too long for one is told so, and its thread goes on
 * to its end; so no more than two such statements ever run.
 */
export class Aside {
  private readonly threads: Reading[] = [];
  private readonly waiting: Asked[] = [];
  private readonly times = new LRUCache<string, number>({ max: REMEMBERED });
  private asked = 0;
  private closed = false;

  constructor(
    private readonly file: string,
    /** What a thread runs. */
    private readonly program: string,
    private readonly longestMs = LONGEST_MS,
  ) {}

  /** Whether a statement was so quick lately that a thread would only cost time. */
  isQuick(text: string): boolean {
    const time = this.times.get(text);
    return time !== undefined && time <= QUICK_MS;
  }

  /** A statement has taken so long. */
  took(text: string, milliseconds: number): void {
    this.times.set(text, Math.max(milliseconds, (this.times.get(text) ?? 0) * FADING));
  }

  /** Rejects with ReadTooLong, or with what went wrong. */
  read(projection: string, text: string, values: readonly SqlValue[]): Promise<Read> {
    if (this.closed) return Promise.reject(new Error('the tables are closed'));
    if (this.waiting.length >= WAITING) return Promise.reject(new ReadTooLong(0));
    this.asked += 1;
    const question = { id: this.asked, projection, text, values };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(question.id), this.longestMs);
      this.waiting.push({ question, resolve, reject, timer });
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    for (const { reject, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      reject(new Error('the tables are closed'));
    }
    for (const thread of this.threads.splice(0)) thread.end();
  }

  private next(): void {
    let free = this.threads.find(({ at }) => at === undefined);
    if (!free && this.threads.length < THREADS && this.waiting.length > 0) {
      free = this.start();
      this.threads.push(free);
    }
    const asked = free && this.waiting.shift();
    if (asked) free!.ask(asked);
  }

  private start(): Reading {
    const reading: Reading = new Reading(this.program, this.file, {
      free: () => this.next(),
      gone: () => {
        const at = this.threads.indexOf(reading);
        if (at >= 0) this.threads.splice(at, 1);
        if (!this.closed) this.next();
      },
    });
    return reading;
  }

  private giveUp(id: number): void {
    const at = this.waiting.findIndex(({ question }) => question.id === id);
    const asked = at < 0 ? this.threads.find((each) => each.at?.question.id === id)?.at : this.waiting.splice(at, 1)[0];
    asked?.reject(new ReadTooLong(this.longestMs));
  }
}

/** One thread, and the question it is at. */
class Reading {
  at: Asked | undefined;
  private readonly thread: Worker;
  private readonly cells = new Int32Array(new SharedArrayBuffer(8));

  constructor(program: string, file: string, told: { readonly free: () => void; readonly gone: () => void }) {
    const workerData: ReadingStart = { file, cells: this.cells };
    this.thread = new Worker(program, { name: 'reading', workerData });
    this.thread.unref();
    const onEnd = () => this.letFinish();
    process.on('exit', onEnd);
    this.thread.on('message', (answer: Answer) => {
      this.settle((asked) => {
        if ('rows' in answer) asked.resolve(answer);
        else asked.reject(Object.assign(new Error(answer.fault.message), answer.fault));
      });
      told.free();
    });
    this.thread.on('error', (error) => this.settle(({ reject }) => reject(error)));
    this.thread.once('exit', () => {
      process.off('exit', onEnd);
      this.settle(({ reject }) => reject(new Error('the thread that read has ended')));
      told.gone();
    });
  }

  ask(asked: Asked): void {
    this.at = asked;
    this.thread.ref();
    this.thread.postMessage(asked.question);
  }

  end(): void {
    this.thread.postMessage('end');
  }

  private settle(by: (asked: Asked) => void): void {
    const asked = this.at;
    this.at = undefined;
    this.thread.unref();
    if (!asked) return;
    clearTimeout(asked.timer);
    by(asked);
  }

  /** Whoever of both is second sees what the other did: so no question is begun that nobody waits for. */
  private letFinish(): void {
    const { cells } = this;
    Atomics.store(cells, CELLS.ending, 1);
    for (let busy = 1; busy > 0; ) {
      busy = Atomics.load(cells, CELLS.busy);
      if (busy > 0 && Atomics.wait(cells, CELLS.busy, busy, LAST_MS) === 'timed-out') return;
    }
  }
}
