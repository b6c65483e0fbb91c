/**
 * Errors that end recording. The message is for a person; each door maps the class to its own signal, such as an exit
 * code of the command line.
 */

/** The input cannot be recorded. Nothing was written; the message says what to do. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused';
}

/** The source is damaged or incomplete. */
export class SourceDamaged extends Error {
  override readonly name = 'SourceDamaged';
}

/** A program or a file that the connector needs is missing or cannot be used. */
export class NeedUnavailable extends Error {
  override readonly name = 'NeedUnavailable';
}
