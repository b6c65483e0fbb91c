import type { Sharp } from 'sharp';
import { type Drawn, type Fault, faultOf, type Limits, type Look } from '../task';
import { type Opened, openPicture } from './opening';

const LEAST_QUALITY = 20;
const WHITE = '#ffffff';
const OPAQUE = ['jpeg'];

/** Draws a file according to a profile: the first page, upright, in the colours that a viewer shows. */
export async function draw(file: string, look: Look, limits: Limits): Promise<Drawn | Fault> {
  const opened = await openPicture(file, limits);
  if ('fault' in opened) return opened;
  const best = await encoded(opened, look, look.quality, limits);
  if (look.maxBytes === undefined || best.bytes.length <= look.maxBytes) return best;
  // Binary search for the best quality that fits: the effect of one step is unknown in advance.
  let fitting: Drawn | undefined;
  for (let low = LEAST_QUALITY, high = look.quality - 1; low <= high; ) {
    const quality = Math.floor((low + high) / 2);
    const drawn = await encoded(opened, look, quality, limits);
    const fits = drawn.bytes.length <= look.maxBytes;
    if (fits) fitting = drawn;
    if (fits) low = quality + 1;
    else high = quality - 1;
  }
  return fitting ?? faultOf('TOO_MANY_BYTES');
}

async function encoded(opened: Opened, look: Look, quality: number, limits: Limits): Promise<Drawn> {
  const made = formatted(sized(opened, look), look, quality).timeout({
    seconds: Math.ceil(limits.milliseconds / 1_000),
  });
  const { data, info } = await made.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, quality };
}

function sized(opened: Opened, look: Look): Sharp {
  const { width, height, fit, format, background } = look;
  const picture = opened.begin(opened.drawing ? scaleFor(opened, look) : 1).autoOrient();
  const resized = picture.resize({
    width,
    height,
    fit,
    background: background ?? (OPAQUE.includes(format) ? WHITE : '#00000000'),
    // Enlarging a picture adds nothing, but a channel that states a size gets that size.
    withoutEnlargement: fit === 'inside',
  });
  if (background === undefined && !OPAQUE.includes(format)) return resized;
  return resized.flatten({ background: background ?? WHITE });
}

/** The scale of a vector drawing, so that no pixels are enlarged. */
function scaleFor({ metadata }: Opened, { width, height, fit }: Look): number {
  const across = width === undefined ? undefined : width / (metadata.width || 1);
  const down = height === undefined ? undefined : height / (metadata.height || 1);
  const scales = [across, down].filter((scale) => scale !== undefined);
  return fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
}

function formatted(picture: Sharp, { format, colour }: Look, quality: number): Sharp {
  const coloured =
    colour === 'cmyk'
      ? picture.toColourspace('cmyk').withIccProfile('cmyk')
      : colour === 'p3'
        ? picture.withIccProfile('p3')
        : picture.toColourspace('srgb');
  switch (format) {
    case 'jpeg':
      return coloured.jpeg({ quality, mozjpeg: true });
    case 'png':
      return coloured.png(quality === 100 ? { compressionLevel: 9 } : { quality, palette: true });
    case 'avif':
      return coloured.avif({ quality, effort: 4 });
    default:
      return coloured.webp({ quality, effort: 4 });
  }
}
