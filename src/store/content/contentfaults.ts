/** The store does not have this content. */
export class ContentMissing extends Error {
  override readonly name = 'ContentMissing';
  constructor(readonly digest: string) {
    super(`the bytes of ${digest} are not kept here`);
  }
}

export class ContentTooLarge extends Error {
  override readonly name = 'ContentTooLarge';
  constructor(readonly limit: number) {
    super(`the content has more than ${limit} bytes`);
  }
}

/** The bytes do not have the announced digest. */
export class ContentDiffers extends Error {
  override readonly name = 'ContentDiffers';
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(`the content has the SHA-256 ${found} instead of ${expected}`);
  }
}

/** `full`: no room. `denied`: no right. `false`: it answered with something other than it was given or asked for. */
export type Trouble = 'full' | 'denied' | 'unreachable' | 'false';

export class ContentUnavailable extends Error {
  override readonly name = 'ContentUnavailable';
  constructor(
    readonly trouble: Trouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const WORDS: Readonly<Record<string, readonly [Trouble, string]>> = {
  ENOSPC: ['full', 'the disk is full'],
  EDQUOT: ['full', 'the quota is used up'],
  EACCES: ['denied', 'access is denied'],
  EPERM: ['denied', 'access is denied'],
  EROFS: ['denied', 'the file system is read-only'],
  EIO: ['unreachable', 'the disk reports an error'],
  EMFILE: ['unreachable', 'too many files are open'],
  ENFILE: ['unreachable', 'too many files are open'],
  ENOTDIR: ['denied', 'a part of the path is no directory'],
  ENOENT: ['unreachable', 'the directory is gone'],
};

/** A file-system error as an error of this port; any other is unchanged. */
export function asContentFault(error: unknown, place: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  if (words === undefined) return error;
  return new ContentUnavailable(words[0], `the content in ${place} cannot be used: ${words[1]}`, { cause: error });
}
