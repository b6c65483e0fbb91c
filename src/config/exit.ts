/**
 * Exit codes, a contract that scripts rely on: 0 done; 1 the command ran and found a difference or a fault in the data;
 * 2 wrong usage or bad input; 3 something it needs is unavailable or locked; 130 interrupted, and repeating the command
 * resumes it.
 */
export const EXIT = { done: 0, fault: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;

/** The command ran and found a difference or a fault in the data. */
export class FaultFound extends Error {
  override readonly name = 'FaultFound';
}

/** Wrong usage or bad input, such as a path, a date or an option. Nothing was written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something the command needs is unavailable or locked: a file, a port, a tool, disk space. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';
}

/** Stopped by a signal. Completed work is kept, and repeating the command continues from there. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(
    message = 'interrupted; run the same command again to resume',
    /** The signal: SIGINT comes from a person's Ctrl-C, SIGTERM from a supervisor. */
    readonly by: string = 'SIGINT',
  ) {
    super(message);
  }
}
