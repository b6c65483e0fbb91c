import { setTimeout as pause } from 'node:timers/promises';
import {
  type Asker,
  Group,
  nameOf,
  type ParserOf,
  type PgRow,
  type Question,
  STATEMENTS,
  type Statement,
  takeGroup,
} from './questions';

/** A connection for questions that is not used for so long goes. Milliseconds. */
const IDLE_MS = 60_000;
const ENDED = 'client was closed and is not queryable';

/** A connection of those for questions, and whether it is free for the next ones. */
interface Line {
  readonly client: Asker;
  readonly prepared: Set<string>;
  free: boolean;
  used: boolean;
  /** Resolves when what was sent last is over. */
  done: Promise<void>;
}

/** Connections for questions that stand alone. They come as they are needed, and go when nothing is asked for a while. */
export class Connections {
  private readonly statements = new Map<string, Statement>();
  private readonly lines = new Set<Line>();
  private readonly opening = new Set<Promise<void>>();
  private readonly sweeping: NodeJS.Timeout;
  private waiting: Question[] = [];
  private dealing = false;
  private ended = false;

  constructor(
    private readonly make: () => Asker,
    private readonly parserOf: ParserOf,
    /** `max`: connections at once. `patience`: milliseconds that the end waits for what is under way. */
    private readonly options: { readonly max: number; readonly patience: number },
  ) {
    this.sweeping = setInterval(() => this.sweep(), IDLE_MS).unref();
  }

  /** @param planned the statement is planned once and for all; otherwise for these values */
  query<R extends PgRow = PgRow>(text: string, values: readonly unknown[], planned = true): Promise<R[]> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw new Error(ENDED);
      const statement = this.statementOf(text, planned);
      this.ask({ statement, values, resolve: resolve as (rows: PgRow[]) => void, reject });
    });
  }

  /** Lets go of every connection: what is under way is asked once more over new ones. */
  renew(): void {
    for (const line of [...this.lines]) this.drop(line);
  }

  /** What is under way is answered first, if that is soon. */
  async end(): Promise<void> {
    this.ended = true;
    clearInterval(this.sweeping);
    await Promise.all(this.opening);
    const late = new AbortController();
    const over = Promise.all([...this.lines].map(({ done }) => done));
    await Promise.race([over, pause(this.options.patience, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    await Promise.all([...this.lines].map(({ client }) => client.end().catch(() => undefined)));
  }

  private statementOf(text: string, planned: boolean): Statement {
    const known = this.statements.get(text);
    if (known) return known;
    const name = planned ? nameOf(text) : undefined;
    const statement: Statement = { name, text, columns: undefined, took: undefined };
    if (this.statements.size < STATEMENTS) this.statements.set(text, statement);
    return statement;
  }

  /** What comes in one turn of the event loop is dealt at its end. */
  private ask(question: Question): void {
    this.waiting.push(question);
    if (this.dealing) return;
    this.dealing = true;
    setImmediate(() => {
      this.dealing = false;
      this.deal();
    });
  }

  private deal(): void {
    if (this.ended) for (const question of this.waiting.splice(0)) question.reject(new Error(ENDED));
    for (const line of this.lines) {
      if (this.waiting.length === 0) return;
      if (line.free) this.send(line, takeGroup(this.waiting));
    }
    let more = Math.min(this.waiting.length, this.options.max - this.lines.size) - this.opening.size;
    for (; more > 0; more--) this.open();
  }

  private send(line: Line, questions: readonly Question[]): void {
    line.free = false;
    line.used = true;
    line.done = new Promise((resolve) => {
      const done = (unanswered: readonly Question[], failed: boolean) => {
        resolve();
        this.over(line, unanswered, failed);
      };
      new Group(questions, line.prepared, this.parserOf, done).send(line.client);
    });
  }

  private over(line: Line, unanswered: readonly Question[], failed: boolean): void {
    for (const question of unanswered) this.ask(Object.assign(question, { again: (question.again ?? 0) + 1 }));
    if (!failed) {
      line.free = true;
      if (this.waiting.length > 0) this.deal();
      return;
    }
    // Which statements were prepared before the failure is not known.
    line.prepared.clear();
    (line.client.query('DEALLOCATE ALL') as Promise<unknown>).then(
      () => {
        line.free = true;
        this.deal();
      },
      () => this.drop(line),
    );
  }

  private open(): void {
    const client = this.make();
    const line: Line = { client, prepared: new Set(), free: true, used: true, done: Promise.resolve() };
    client.on('error', () => this.drop(line));
    client.on('end', () => this.drop(line));
    const opened = client.connect().then(
      () => {
        this.opening.delete(opened);
        this.lines.add(line);
        this.deal();
      },
      (error) => {
        this.opening.delete(opened);
        // Who waits for a connection, and would wait in vain, is told why.
        if (this.lines.size === 0) for (const question of this.waiting.splice(0)) question.reject(error);
      },
    );
    this.opening.add(opened);
  }

  private drop(line: Line): void {
    if (!this.lines.delete(line)) return;
    line.free = false;
    line.client.end().catch(() => undefined);
    if (this.waiting.length > 0) this.deal();
  }

  private sweep(): void {
    for (const line of [...this.lines]) {
      if (line.free && !line.used) this.drop(line);
      line.used = !line.free;
    }
  }
}
