import { imageSize } from 'image-size';

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** Width and height in pixels (for vector images: user units, rounded), undefined where they cannot be read. */
export function dimensionsOf(bytes: Buffer): Dimensions | undefined {
  try {
    const { width, height } = imageSize(bytes);
    const size = { width: Math.round(width), height: Math.round(height) };
    return valid(size.width) && valid(size.height) ? size : undefined;
  } catch {
    // A damaged or unusual image is still a version; it only has no dimensions.
    return undefined;
  }
}

function valid(length: number): boolean {
  return Number.isSafeInteger(length) && length >= 1;
}
