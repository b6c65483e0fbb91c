import type { MessagePort } from 'node:worker_threads';

/** What a value on a sheet is. */
export const KIND = { none: 0, number: 1, text: 2, bytes: 3 } as const;

/**
 * Shared memory for values in the order they are written: of each its kind, and the number it is or its length. A
 * statement is the number it came as, and then its values.
 */
export interface Sheet {
  readonly kinds: Uint8Array;
  readonly numbers: Float64Array;
  readonly bytes: Uint8Array;
}

/** A sheet on its way. Its texts stand one behind the other, and so do its bytes. */
export interface Filled {
  readonly sheet: Sheet;
  readonly count: number;
  readonly text: string;
  /** Statements that first come with it: SQL, and how many values each takes. */
  readonly statements: readonly (readonly [sql: string, width: number])[];
}

/** What the thread says of a sheet: everything on it is done, or why not. Nothing behind a failure is done. */
export type Said =
  | 'done'
  | { readonly company: boolean; readonly message: string; readonly code: unknown; readonly errcode: unknown };

export interface Start {
  /** A module with the class `DatabaseSync`. */
  readonly driver: string;
  readonly file: string;
  readonly pragmas: readonly string[];
  /** The statement that begins a transaction. */
  readonly begin: string;
  readonly kind: typeof KIND;
}

interface Connection {
  exec(sql: string): void;
  prepare(sql: string): { run(...values: unknown[]): unknown; get(): object };
  close(): void;
}

/** A statement, and the values it is run with next. */
interface Prepared {
  readonly values: unknown[];
  run(): void;
}

/** The body of a thread that writes tables: runs what is on the sheets it gets, in their order. */
export function writeDown(port: MessagePort, start: Start, load: NodeJS.Require): void {
  const { driver, file, pragmas, begin, kind } = start;
  const { DatabaseSync } = load(driver) as { DatabaseSync: new (file: string) => Connection };
  const db = new DatabaseSync(file);
  for (const pragma of pragmas) db.exec(pragma);
  // SQLite counts the commits of other connections. What it said when the first transaction began, it must say again.
  const others = db.prepare('PRAGMA data_version');
  const countOthers = (): unknown => Object.values(others.get())[0];
  let alone: unknown;
  let company = false;
  let failed = false;
  const statements: Prepared[] = [];
  let current: Prepared | undefined;
  /** Values of the current statement that are still to come; the next sheet may bring them. */
  let missing = 0;

  const prepared = (sql: string, width: number): Prepared => {
    const values = new Array(width).fill(null);
    let statement: ReturnType<Connection['prepare']> | undefined;
    const run = (): void => {
      // Not before: what it writes to may have been made by the statement before it.
      statement ??= db.prepare(sql);
      statement.run(...values);
    };
    if (sql !== begin) return { values, run };
    const beginAlone = (): void => {
      run();
      alone ??= countOthers();
      company = countOthers() !== alone;
      if (company) throw new Error('somebody else has written to these tables');
    };
    return { values, run: beginAlone };
  };

  const writeOn = ({ sheet: { kinds, numbers, bytes }, count, text, statements: more }: Filled): void => {
    for (const [sql, width] of more) statements.push(prepared(sql, width));
    let textAt = 0;
    let bytesAt = 0;
    for (let at = 0; at < count; at++) {
      const number = numbers[at]!;
      if (missing === 0) {
        current = statements[number]!;
        missing = current.values.length;
      } else {
        let value: unknown = null;
        if (kinds[at] === kind.number) value = number;
        else if (kinds[at] === kind.text) {
          value = text.slice(textAt, textAt + number);
          textAt += number;
        } else if (kinds[at] === kind.bytes) {
          value = bytes.slice(bytesAt, bytesAt + number);
          bytesAt += number;
        }
        current!.values[current!.values.length - missing] = value;
        missing -= 1;
      }
      if (missing === 0) current!.run();
    }
  };

  const rollback = (): void => {
    try {
      db.exec('ROLLBACK');
    } catch {
      // No transaction was open, or SQLite has rolled it back by itself.
    }
  };

  port.on('message', (message: Filled | 'close') => {
    if (message === 'close') {
      rollback();
      db.close();
      port.close();
    } else if (!failed) {
      try {
        writeOn(message);
        port.postMessage('done' satisfies Said);
      } catch (error) {
        failed = true;
        rollback();
        const { message, code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
        port.postMessage({ company, message, code, errcode } satisfies Said);
      }
    }
  });
}
