import { statSync } from 'node:fs';
import type { Metadata } from 'sharp';
import { boxIn } from '../headers/boxes';
import { dimensionsOf } from '../headers/dimensions';
import type { Facts, Fault, Limits } from '../task';
import { embeddedIn } from './embedded';
import { headOf, openPicture } from './opening';
import { hasManifest } from './provenance';

/** Number of bytes searched for metadata outside the pixels. */
const HEAD = 8 * 1024 * 1024;
const SECONDS = 1_000;

/** The metadata of a file. Unreadable parts are left out: a damaged file is still a version. */
export async function read(file: string, mediaType: string, limits: Limits): Promise<Facts> {
  const head = headOf(file, HEAD);
  const { size } = statSync(file);
  const shown = dimensionsOf(head, size);
  const metadata = await metadataOf(file, limits);
  const embedded = metadata === undefined ? {} : await embeddedIn(metadata);
  return {
    width: shown?.width,
    height: shown?.height,
    orientation: shown?.orientation,
    ...pictureFacts(metadata),
    ...(metadata === undefined ? pagesAndTime(head, mediaType) : {}),
    ...embedded,
    c2pa: hasManifest(head),
  };
}

async function metadataOf(file: string, limits: Limits): Promise<Metadata | undefined> {
  const opened: { readonly metadata: Metadata } | Fault = await openPicture(file, { ...limits, pixels: 0 }).catch(
    () => ({ fault: 'DAMAGED', message: '' }) as const,
  );
  return 'fault' in opened ? undefined : opened.metadata;
}

function pictureFacts(metadata: Metadata | undefined): Partial<Facts> {
  if (metadata === undefined) return {};
  const { space, hasAlpha, pages = 1, delay, format } = metadata;
  const animated = pages > 1 && (format === 'gif' || format === 'webp');
  const duration = animated ? (delay ?? []).reduce((sum, each) => sum + each, 0) / SECONDS : undefined;
  return { colourSpace: space, transparent: hasAlpha, pages: animated ? undefined : pages, animated, duration };
}

function pagesAndTime(head: Buffer, mediaType: string): Partial<Facts> {
  if (head.toString('latin1', 0, 5) === '%PDF-') return { pages: pagesOfPdf(head) };
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WAVE') return wave(head);
  return /^(video|audio)\//.test(mediaType) ? { duration: secondsOfMovie(head) } : {};
}

/** The largest count in a page tree. Absent if the file compresses its trees. */
function pagesOfPdf(head: Buffer): number | undefined {
  const text = head.toString('latin1');
  const counts = [...text.matchAll(/\/Type\s*\/Pages\b[^>]{0,2000}?\/Count\s+(\d{1,6})/g)].map(([, count]) =>
    Number(count),
  );
  const turned = [...text.matchAll(/\/Count\s+(\d{1,6})[^>]{0,2000}?\/Type\s*\/Pages\b/g)].map(([, count]) =>
    Number(count),
  );
  const all = [...counts, ...turned];
  return all.length === 0 ? undefined : Math.max(...all);
}

/** `mvhd` of an MP4 or QuickTime file that begins with its description. */
function secondsOfMovie(head: Buffer): number | undefined {
  const movie = boxIn(head, 'moov');
  const header = movie && boxIn(movie, 'mvhd');
  if (header === undefined || header.length < 32) return undefined;
  const long = header[0] === 1;
  const scale = header.readUInt32BE(long ? 20 : 12);
  const length = long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return scale === 0 ? undefined : Math.round((length / scale) * SECONDS) / SECONDS;
}

function wave(head: Buffer): Partial<Facts> {
  let rate: number | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const [name, size] = [head.toString('latin1', at, at + 4), head.readUInt32LE(at + 4)];
    if (name === 'fmt ' && at + 20 <= head.length) rate = head.readUInt32LE(at + 16);
    if (name === 'data' && rate) return { duration: Math.round((size / rate) * SECONDS) / SECONDS };
    at += 8 + size + (size % 2);
  }
  return {};
}
