/**
 * How recording ends where it cannot go on. The message is for a person; a door turns the class into a sign of its own,
 * as the command line does with exit codes.
 */

/** The input cannot be recorded as it is. Nothing was written; the message says what to do. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused';
}

/** The source is damaged, or lacks a part of what it should hold. */
export class SourceDamaged extends Error {
  override readonly name = 'SourceDamaged';
}

/** A program or a file that the connector needs is missing or cannot be used. */
export class NeedUnavailable extends Error {
  override readonly name = 'NeedUnavailable';
}
