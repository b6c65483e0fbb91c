import type { NamedLook } from './picturing';

/** Widths in which thumbnails are made; any other is rounded up, so that few pictures are kept of each content. */
export const THUMBNAIL_WIDTHS = [96, 200, 400, 800, 1_600, 2_400] as const;

/** Raised when the look of thumbnails changes: earlier ones are then drawn anew. */
const VERSION = 1;
/** A picture may be this many times as high as it is wide before its height limits it. */
const HIGHEST = 2;

export function thumbnailOf(wanted: number): NamedLook {
  const width = THUMBNAIL_WIDTHS.find((each) => each >= wanted) ?? THUMBNAIL_WIDTHS.at(-1)!;
  return {
    name: `thumbnail-${width}@${VERSION}`,
    look: { width, height: width * HIGHEST, fit: 'inside', format: 'webp', quality: 80, colour: 'srgb' },
  };
}
