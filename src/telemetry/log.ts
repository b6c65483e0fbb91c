import { shownInLine, shownJson } from './out';

/** Words and numbers attached to a line. Never a name, a title, a token or anything else that a person wrote. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The log of a long-running process. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  /** A fault: its message, and its stack if it is not of a known kind. */
  fault(error: unknown): void;
}

export interface LogOptions {
  /** One JSON object per line, for a collector; otherwise text for a person. */
  readonly json: boolean;
  readonly write: (line: string) => void;
  /** Milliseconds since 1970; default: the system clock. */
  readonly clock?: () => number;
}

type Level = 'info' | 'warn' | 'error';

/** A fault that recurs within this time is counted but not logged again. Milliseconds. */
const QUIET_MS = 30_000;
/** Number of distinct faults remembered; beyond that the oldest is dropped. */
const REMEMBERED = 100;

/** Faults with a name of their own are explained by their message; any other needs its place in the code. */
const UNEXPECTED = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AggregateError']);

export function createLog({ json, write, clock = Date.now }: LogOptions): Log {
  const faults = new Map<string, { said: number; unsaid: number }>();
  const line = (level: Level, message: string, fields: Fields = {}): void => {
    write(json ? asJson(clock(), level, message, fields) : asText(level, message, fields));
  };
  return {
    info: (message, fields) => line('info', message, fields),
    warn: (message, fields) => line('warn', message, fields),
    fault: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      const now = clock();
      const before = faults.get(message);
      if (before !== undefined && now - before.said < QUIET_MS) {
        before.unsaid += 1;
        return;
      }
      if (faults.size >= REMEMBERED) faults.delete(faults.keys().next().value!);
      faults.set(message, { said: now, unsaid: 0 });
      const again = before === undefined || before.unsaid === 0 ? undefined : before.unsaid;
      line('error', message, { ...kindOf(error), repeated: again });
    },
  };
}

function kindOf(error: unknown): Fields {
  if (!(error instanceof Error)) return {};
  const { name, stack } = error;
  return { fault: name, stack: UNEXPECTED.has(name) ? stack : undefined };
}

function asJson(now: number, level: Level, message: string, fields: Fields): string {
  return shownJson({ time: new Date(now).toISOString(), level, message, ...fields });
}

function asText(level: Level, message: string, { stack, fault: _name, ...fields }: Fields): string {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  const behind =
    said.length === 0 ? '' : ` (${said.map(([name, value]) => `${name} ${shownInLine(String(value))}`).join(', ')})`;
  const first = `${level === 'info' ? '' : `${level}: `}${shownInLine(message)}${behind}`;
  return [first, ...placesIn(stack)].join('\n');
}

/**
 * The places in a stack, without its message: the message is logged on the first line and must not pass for further log
 * lines.
 */
function placesIn(stack: unknown): readonly string[] {
  if (typeof stack !== 'string') return [];
  return stack.split('\n').flatMap((line) => (/^\s+at /.test(line) ? shownInLine(line) : []));
}
