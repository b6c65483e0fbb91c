/** The dimensions of a picture as a viewer shows it, after the rotation that the file states. */
export interface Picture {
  /** Pixels; for a drawing, CSS pixels, rounded. */
  readonly width: number;
  readonly height: number;
  /** The EXIF orientation (1–8) if the file states one; from 5 on, width and height are swapped. */
  readonly orientation?: number | undefined;
}

/** Reads the first bytes of a file of its format; access beyond them throws, which ends the read. */
export type PictureReader = (bytes: Buffer) => Picture | undefined;

/** The stored dimensions after rotation. Undefined unless both are integers of at least 1. */
export function shown(width: number, height: number, orientation?: number): Picture | undefined {
  if (!isLength(width) || !isLength(height)) return undefined;
  if (orientation === undefined) return { width, height };
  return orientation >= 5 ? { width: height, height: width, orientation } : { width, height, orientation };
}

/** The largest of several pictures of the same thing, as in an icon file. */
export function largest(pictures: readonly (Picture | undefined)[]): Picture | undefined {
  let best: Picture | undefined;
  for (const picture of pictures) {
    if (picture === undefined) continue;
    if (best === undefined || picture.width * picture.height > best.width * best.height) best = picture;
  }
  return best;
}

/** Whether a reader accessed bytes beyond the end. */
export function isBeyondEnd(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS';
}

/** Every consumer stores lengths as 32-bit integers. */
function isLength(length: number): boolean {
  return Number.isInteger(length) && length >= 1 && length <= 0x7fffffff;
}
