import type { NamedLook } from './picturing';

/** Widths of thumbnails; others are rounded up, so that few pictures are stored per content. */
export const THUMBNAIL_WIDTHS = [96, 200, 400, 800, 1_600, 2_400] as const;

/** Incremented when the look of thumbnails changes: existing ones are then drawn again. */
const VERSION = 1;
/** A picture may be this many times as high as wide before its height is limited. */
const HIGHEST = 2;

export function thumbnailOf(wanted: number): NamedLook {
  const width = THUMBNAIL_WIDTHS.find((each) => each >= wanted) ?? THUMBNAIL_WIDTHS.at(-1)!;
  return {
    name: `thumbnail-${width}@${VERSION}`,
    look: { width, height: width * HIGHEST, fit: 'inside', format: 'webp', quality: 80, colour: 'srgb' },
  };
}
