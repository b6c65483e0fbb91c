/**
 * Questions to PostgreSQL that each stand alone, asked with as little ado as the protocol allows: what comes in the same
 * turn of the event loop is sent together and answered together, and what a statement answers with is described once.
 */

import { brokeOff } from './faults';

export type PgRow = readonly unknown[];
type Parser = (text: string) => unknown;
/** How a column of a type, known by its number, is read. */
export type ParserOf = (type: number) => Parser;

/** A connection of the driver, as far as questions need it. */
export interface Asker {
  connect(): Promise<void>;
  /** Text, or what submits itself. */
  query(what: unknown): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
  end(): Promise<void>;
}

/** Statements that stay prepared on a connection, at most. */
export const STATEMENTS = 1_000;
const names = new Map<string, string>();

/** One name for each text, on whatever connection; undefined where there are too many to keep. */
export function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= STATEMENTS) return known;
  const name = `p${names.size}`;
  names.set(text, name);
  return name;
}

/** What is known of a statement by now: how its columns are read, and how long it takes. */
export interface Statement {
  /** Under which it stays prepared on a connection; undefined where it is planned for each question's values. */
  readonly name: string | undefined;
  readonly text: string;
  columns: readonly Parser[] | undefined;
  /** Milliseconds, of late; undefined where it was never answered. */
  took: number | undefined;
}

export interface Question {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  readonly resolve: (rows: PgRow[]) => void;
  readonly reject: (error: unknown) => void;
  /**
   * How often it went unanswered because another one, sent with it, failed, or the connection did: it is then asked
   * again, alone.
   */
  again?: number;
}

/** One of them alone may take the time of them all. */
const TOGETHER = 4;
/** A statement that takes longer than this is asked alone. Milliseconds. */
const QUICK_MS = 5;
const WEIGHT = 1 / 8;
/**
 * How often a question is asked again whose connection went: an operator who ends one may be ending them all; what the
 * server did not survive must not be put to it again and again.
 */
const TRIES = { ended: 10, broke: 1 };

/** As many of the first questions as should be sent together. Takes them out. */
export function takeGroup(waiting: Question[]): readonly Question[] {
  let count = 1;
  while (count < Math.min(TOGETHER, waiting.length) && isQuick(waiting[count - 1]!) && isQuick(waiting[count]!))
    count += 1;
  return waiting.splice(0, count);
}

function isQuick({ statement: { took }, again }: Question): boolean {
  return !again && took !== undefined && took < QUICK_MS;
}

/** A value as PostgreSQL reads it: texts, numbers, truth values, nothing, and lists of texts or numbers. */
function written(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return String(value);
  return `{${value.map((item) => `"${String(item).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

/** What the driver gives of itself to who submits a query of his own. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: (string | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  sync(): void;
}

/** Some questions on their way over one connection, as the driver takes them. */
export class Group {
  private readonly rows: PgRow[][];
  private at = 0;
  private since = performance.now();

  constructor(
    private readonly questions: readonly Question[],
    /** Names of the statements that are prepared on this connection. */
    private readonly prepared: Set<string>,
    private readonly parserOf: ParserOf,
    /** Called at the end, with the questions that are to be asked once more. */
    private readonly done: (unanswered: readonly Question[], failed: boolean) => void,
  ) {
    this.rows = questions.map(() => []);
  }

  send(client: Asker): void {
    client.query(this);
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    try {
      for (const { statement, values } of this.questions) {
        const name = statement.name ?? '';
        if (name === '' || !this.prepared.has(name)) wire.parse({ name, text: statement.text });
        if (name !== '') this.prepared.add(name);
        wire.bind({ statement: name, values: values.map(written) });
        if (!statement.columns) wire.describe({ type: 'P', name: '' });
        wire.execute({});
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly dataTypeID: number }[] }): void {
    this.questions[this.at]!.statement.columns = fields.map(({ dataTypeID }) => this.parserOf(dataTypeID));
  }

  handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    const columns = this.questions[this.at]!.statement.columns!;
    const row: unknown[] = new Array(fields.length);
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at]!;
      row[at] = field === null ? null : columns[at]!(field);
    }
    this.rows[this.at]!.push(row);
  }

  handleCommandComplete(): void {
    const { statement } = this.questions[this.at]!;
    const now = performance.now();
    const took = now - this.since;
    statement.took = statement.took === undefined ? took : statement.took + (took - statement.took) * WEIGHT;
    this.since = now;
    this.at += 1;
  }

  /** Whatever stands behind the one that failed is not answered. */
  handleError(error: unknown): void {
    this.answer();
    const failed = this.questions[this.at];
    // A question changes nothing, so one whose connection broke may be asked over another.
    const why = brokeOff(error);
    const again = failed !== undefined && why !== undefined && (failed.again ?? 0) < TRIES[why];
    if (!again) failed?.reject(error);
    this.done(this.questions.slice(again ? this.at : this.at + 1), true);
  }

  handleReadyForQuery(): void {
    this.done([], false);
    this.answer();
  }

  private answer(): void {
    for (let at = 0; at < this.at; at++) this.questions[at]!.resolve(this.rows[at]!);
  }
}
