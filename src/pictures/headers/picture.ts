/** How large a picture is, as a viewer shows it: turned as the file says. */
export interface Picture {
  /** Pixels; of a drawing CSS pixels, rounded. */
  readonly width: number;
  readonly height: number;
  /** The EXIF orientation (1–8) where the file states one; from 5 on the stored rows are the columns that are shown. */
  readonly orientation?: number | undefined;
}

/** A reader gets the first bytes of a file of its format; asking for a byte beyond them throws, which ends the reading. */
export type PictureReader = (bytes: Buffer) => Picture | undefined;

/** What is stored, turned as it is shown. Undefined where a length is no whole number of at least 1. */
export function shown(width: number, height: number, orientation?: number): Picture | undefined {
  if (!isLength(width) || !isLength(height)) return undefined;
  if (orientation === undefined) return { width, height };
  return orientation >= 5 ? { width: height, height: width, orientation } : { width, height, orientation };
}

/** The largest of several pictures of one thing, as in an icon file. */
export function largest(pictures: readonly (Picture | undefined)[]): Picture | undefined {
  let best: Picture | undefined;
  for (const picture of pictures) {
    if (picture === undefined) continue;
    if (best === undefined || picture.width * picture.height > best.width * best.height) best = picture;
  }
  return best;
}

/** Whether a reader asked for bytes beyond the end. */
export function isBeyondEnd(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS';
}

/** Lengths are kept as 32-bit numbers everywhere above. */
function isLength(length: number): boolean {
  return Number.isInteger(length) && length >= 1 && length <= 0x7fffffff;
}
