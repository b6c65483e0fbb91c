import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { driverModule, type SqlValue } from '../../store/sqlite/driver';
import { startThread } from '../../store/thread';
import { type Filled, KIND, type Said, type Sheet, type Start, writeDown } from './scribe';
import type { Writes, Written } from './writes';

/** Values, and bytes of those that are bytes, on one sheet. */
const VALUES = 16_384;
const BYTES = 65_536;

const BEGIN = 'BEGIN IMMEDIATE';

/** Somebody else has written to tables that were filled alone: what memory knows of them may no longer hold. */
export class Company extends Error {
  override readonly name = 'Company';
}

/**
 * Statements that are run in another thread, over a connection of its own, in the order they were asked for. Nothing is
 * answered but how far it has come; a failure ends it. A sheet is shared memory: what crosses to the thread is copied
 * once, and no object is made for it here.
 */
export class Dictation implements Writes {
  private readonly thread: Worker;
  private readonly known = new Map<string, Written>();
  private numbered = 0;
  private statements: [string, number][] = [];
  private sheet = newSheet();
  private readonly blank: Sheet[] = [];
  private readonly away: Sheet[] = [];
  private count = 0;
  private bytes = 0;
  private text = '';
  private done = 0;
  private sent = 0;
  private fault: Error | undefined;
  private waiting: { readonly until: number; readonly resolve: () => void; readonly reject: (fault: Error) => void }[] =
    [];

  constructor(file: string, pragmas: readonly string[]) {
    const start: Start = { driver: driverModule(), file, pragmas, begin: BEGIN, kind: KIND };
    this.thread = startThread('tables', writeDown, start);
    this.thread.on('message', (said: Said) => this.hear(said));
    this.thread.on('error', (error) => this.fail(error));
    this.thread.on('exit', () => this.fail(new Error('the thread that writes tables has ended')));
  }

  prepare(sql: string): Written {
    const known = this.known.get(sql);
    if (known) return known;
    let number: number | undefined;
    const statement: Written = {
      run: (...values) => {
        // The thread counts statements as they first come to it.
        if (number === undefined) {
          number = this.numbered++;
          this.statements.push([sql, values.length]);
        }
        this.write(number);
        for (let at = 0; at < values.length; at++) this.write(values[at]!);
      },
    };
    this.known.set(sql, statement);
    return statement;
  }

  /** Fails with Company where somebody else has committed since the first one. */
  begin(): void {
    this.prepare(BEGIN).run();
  }

  /** A mark behind everything asked for so far, to wait for. */
  send(): number {
    if (this.count === 0) return this.sent;
    const { sheet, count, text, statements } = this;
    this.thread.postMessage({ sheet, count, text, statements } satisfies Filled);
    this.away.push(sheet);
    this.sheet = this.blank.pop() ?? newSheet();
    this.count = 0;
    this.bytes = 0;
    this.text = '';
    this.statements = [];
    this.sent += 1;
    return this.sent;
  }

  /** Waits while more than so many sheets are still to be written down. Rejects with what failed. */
  async atMost(sheets: number): Promise<void> {
    await this.reached(this.sent - sheets);
  }

  /** Waits until everything before a mark is done. Rejects with what failed. */
  reached(mark: number): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    if (this.done >= mark) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ until: mark, resolve, reject }));
  }

  /** What is not committed is lost. The file is closed when it resolves. */
  async close(): Promise<void> {
    this.fail(new Error('the tables are closed'));
    this.thread.postMessage('close');
    if (this.thread.threadId !== -1) await once(this.thread, 'exit');
  }

  private write(value: SqlValue): void {
    if (this.count === VALUES) this.send();
    const { kinds, numbers } = this.sheet;
    const at = this.count;
    if (typeof value === 'number') {
      kinds[at] = KIND.number;
      numbers[at] = value;
    } else if (typeof value === 'string') {
      kinds[at] = KIND.text;
      numbers[at] = value.length;
      this.text += value;
    } else if (value === null) {
      kinds[at] = KIND.none;
    } else if (value instanceof Uint8Array && value.length <= BYTES) {
      this.writeBytes(value);
      return;
    } else throw new TypeError(`${String(value)} cannot be written down`);
    this.count = at + 1;
  }

  private writeBytes(value: Uint8Array): void {
    if (this.bytes + value.length > BYTES) this.send();
    const { kinds, numbers, bytes } = this.sheet;
    kinds[this.count] = KIND.bytes;
    numbers[this.count] = value.length;
    bytes.set(value, this.bytes);
    this.bytes += value.length;
    this.count += 1;
  }

  private hear(said: Said): void {
    if (said === 'done') {
      this.done += 1;
      this.blank.push(this.away.shift()!);
      const { done } = this;
      for (const { until, resolve } of this.waiting) if (until <= done) resolve();
      this.waiting = this.waiting.filter(({ until }) => until > done);
    } else if (said.company) this.fail(new Company(said.message));
    else this.fail(Object.assign(new Error(said.message), { code: said.code, errcode: said.errcode }));
  }

  private fail(fault: Error): void {
    this.fault ??= fault;
    for (const { reject } of this.waiting) reject(this.fault);
    this.waiting = [];
  }
}

function newSheet(): Sheet {
  return {
    kinds: new Uint8Array(new SharedArrayBuffer(VALUES)),
    numbers: new Float64Array(new SharedArrayBuffer(VALUES * 8)),
    bytes: new Uint8Array(new SharedArrayBuffer(BYTES)),
  };
}
