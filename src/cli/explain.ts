import { EXIT } from '../config/exit';
import { DatabaseFault, faultOf } from '../store/sqlite/driver';

/** What a person reads and what a script gets. */
export interface Explained {
  readonly message: string;
  readonly exitCode: number;
}

/** What the operating system says, in words; `{}` stands for what it was about. */
const SYSTEM: Readonly<Record<string, readonly [string, number]>> = {
  EADDRINUSE: [
    'the port is in use: {}. Stop what listens there, or choose another with PORT or --port',
    EXIT.unavailable,
  ],
  EISDIR: ['this is a directory and no file: {}', EXIT.usage],
  EEXIST: ['this exists already: {}', EXIT.unavailable],
  ELOOP: ['a symbolic link leads in a circle: {}', EXIT.usage],
  ENAMETOOLONG: ['the name is too long: {}', EXIT.usage],
  ENOTEMPTY: ['the directory is not empty: {}', EXIT.unavailable],
  EBUSY: ['it is in use: {}', EXIT.unavailable],
  ENFILE: ['too many files are open on this machine: {}', EXIT.unavailable],
  ENOMEM: ['there is not enough memory: {}', EXIT.unavailable],
  ECONNREFUSED: ['nothing listens at {}', EXIT.unavailable],
  ECONNRESET: ['the connection was ended by the other side: {}', EXIT.unavailable],
  ETIMEDOUT: ['no answer in time: {}', EXIT.unavailable],
  EHOSTUNREACH: ['this host cannot be reached: {}', EXIT.unavailable],
  ENETUNREACH: ['this network cannot be reached: {}', EXIT.unavailable],
  EAI_AGAIN: ['this host name cannot be looked up just now: {}', EXIT.unavailable],
  EADDRNOTAVAIL: ['this machine has no such address: {}', EXIT.usage],
  ENOTFOUND: ['this host name is not known: {}', EXIT.usage],
  EACCES: ['access is denied: {}', EXIT.unavailable],
  EPERM: ['access is denied: {}', EXIT.unavailable],
  EROFS: ['the file system is read-only: {}', EXIT.unavailable],
  ENOSPC: ['the disk is full: {}', EXIT.unavailable],
  EDQUOT: ['the disk quota is used up: {}', EXIT.unavailable],
  EMFILE: ['too many files are open: {}', EXIT.unavailable],
  EIO: ['the disk reports an error: {}', EXIT.unavailable],
  MODULE_NOT_FOUND: ['a part of this program is missing; install it again: {}', EXIT.unavailable],
  ENOENT: ['there is no such file or directory: {}', EXIT.usage],
  ENOTDIR: ['this is not a directory: {}', EXIT.usage],
};

/** Names of error classes, not the classes: the server is a bundle of its own with its own copies of them. */
const NAMED: Readonly<Record<string, number>> = {
  FaultFound: EXIT.fault,
  UsageError: EXIT.usage,
  NotAvailable: EXIT.unavailable,
  InputRefused: EXIT.usage,
  SourceDamaged: EXIT.fault,
  NeedUnavailable: EXIT.unavailable,
  NotACopy: EXIT.usage,
  CopyDisturbed: EXIT.fault,
  Interrupted: EXIT.interrupted,
  Unavailable: EXIT.unavailable,
  UnknownOutcome: EXIT.unavailable,
  RebuildBusy: EXIT.unavailable,
  TablesNotReady: EXIT.unavailable,
  ReadTooLong: EXIT.unavailable,
  TablesBehind: EXIT.unavailable,
  TablesUnavailable: EXIT.unavailable,
  TablesRefused: EXIT.fault,
  RebuildDiffers: EXIT.fault,
  RebuildPoisoned: EXIT.fault,
  NewerEvent: EXIT.fault,
  Invalid: EXIT.usage,
  TooLarge: EXIT.usage,
};

/**
 * The message and exit code of whatever ended a command. Expected endings have no stack trace; anything else is a
 * fault of this program, says what it was, and shows where.
 */
export function explain(error: unknown): Explained {
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.fault };
  const database = databaseFault(error);
  if (database?.fault === 'damaged' || database?.fault === 'notDatabase') {
    const mend = database.message.includes('tables.sqlite')
      ? 'delete it, since the next start makes it anew'
      : 'restore the file from a backup';
    const advice = `Run \`palimpsest doctor\`; ${mend}`;
    return { message: `${database.message}. ${advice}`, exitCode: EXIT.fault };
  }
  if (database !== undefined) return { message: database.message, exitCode: EXIT.unavailable };
  const named = NAMED[error.name];
  if (named !== undefined) return { message: error.message, exitCode: named };
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const system = code === undefined ? undefined : SYSTEM[code];
  if (system !== undefined) {
    const subject = path ?? addressOf(error) ?? syscall ?? error.message.split('\n', 1)[0]!;
    return { message: system[0].replace('{}', subject), exitCode: system[1] };
  }
  const said = `${error.name}: ${error.message}`;
  const message = `a fault of this program ended it (${said}); please report it with these lines\n${placesIn(error)}`;
  return { message, exitCode: EXIT.fault };
}

/** What is wrong with a database file, by the error itself or by what caused it. */
function databaseFault(error: Error): { readonly fault: string; readonly message: string } | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each.name === 'DatabaseFault') {
      return { fault: (each as Error & { fault: string }).fault, message: error.message };
    }
    // The event store names its file in every fault, so what the driver says alone is about the tables. A broken
    // constraint there is a fault of this program.
    const fault = faultOf(each);
    if (fault !== undefined && fault !== 'constraint') {
      return { fault, message: new DatabaseFault('tables.sqlite', fault, each).message };
    }
  }
  return undefined;
}

/** Where in the code it was. What the error says stands before it already. */
function placesIn({ stack = '' }: Error): string {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.join('\n');
}

function addressOf(error: Error): string | undefined {
  const { address, port, hostname } = error as Error & { address?: string; port?: number; hostname?: string };
  if (address === undefined) return hostname;
  return port === undefined ? address : `${address}:${port}`;
}
