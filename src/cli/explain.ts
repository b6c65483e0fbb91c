import { EXIT } from '../config/exit';
import { DatabaseFault, faultOf } from '../store/sqlite/driver';

/** The message for a person and the exit code for a script. */
export interface Explained {
  readonly message: string;
  readonly exitCode: number;
}

/** Messages and exit codes for system errors; `{}` stands for the subject. */
const SYSTEM: Readonly<Record<string, readonly [string, number]>> = {
  EADDRINUSE: [
    'the port is in use: {}. Stop what listens there, or choose another with PORT or --port',
    EXIT.unavailable,
  ],
  EISDIR: ['this is a directory, not a file: {}', EXIT.usage],
  EEXIST: ['this exists already: {}', EXIT.unavailable],
  ELOOP: ['symbolic links form a loop: {}', EXIT.usage],
  ENAMETOOLONG: ['the name is too long: {}', EXIT.usage],
  ENOTEMPTY: ['the directory is not empty: {}', EXIT.unavailable],
  EBUSY: ['this is in use: {}', EXIT.unavailable],
  ENFILE: ['too many files are open on this machine: {}', EXIT.unavailable],
  ENOMEM: ['there is not enough memory: {}', EXIT.unavailable],
  ECONNREFUSED: ['nothing listens at {}', EXIT.unavailable],
  ECONNRESET: ['the connection was ended by the other side: {}', EXIT.unavailable],
  ETIMEDOUT: ['no answer in time: {}', EXIT.unavailable],
  EHOSTUNREACH: ['this host cannot be reached: {}', EXIT.unavailable],
  ENETUNREACH: ['this network cannot be reached: {}', EXIT.unavailable],
  EAI_AGAIN: ['this host name cannot be looked up just now: {}', EXIT.unavailable],
  EADDRNOTAVAIL: ['this machine has no such address: {}', EXIT.usage],
  ENOTFOUND: ['unknown host name: {}', EXIT.usage],
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

/** Names of error classes, not the classes: the server is a separate bundle with its own copies of them. */
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
 * The message and exit code for an error that ended a command. Expected errors have no stack trace; any other is a
 * fault of this program, and the message shows where it occurred.
 */
export function explain(error: unknown): Explained {
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.fault };
  const database = databaseFault(error);
  if (database?.fault === 'damaged' || database?.fault === 'notDatabase') {
    const mend = database.message.includes('tables.sqlite')
      ? 'delete it; the next start creates it again'
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

/** A fault of a database file, from the error itself or its cause. */
function databaseFault(error: Error): { readonly fault: string; readonly message: string } | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each.name === 'DatabaseFault') {
      return { fault: (each as Error & { fault: string }).fault, message: error.message };
    }
    // The event store names its file in every fault, so a bare driver error is about the tables. A constraint violation
    // there is a fault of this program.
    const fault = faultOf(each);
    if (fault !== undefined && fault !== 'constraint') {
      return { fault, message: new DatabaseFault('tables.sqlite', fault, each).message };
    }
  }
  return undefined;
}

/** The places in a stack, without its message, which was printed already. */
function placesIn({ stack = '' }: Error): string {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.join('\n');
}

function addressOf(error: Error): string | undefined {
  const { address, port, hostname } = error as Error & { address?: string; port?: number; hostname?: string };
  if (address === undefined) return hostname;
  return port === undefined ? address : `${address}:${port}`;
}
