import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { type Fault, faultOf, type Limits } from '../task';
import { guardedSharp } from './loaders';

const HEAD = 4_096;
/** Dots per inch of a drawing at its own size. */
const USUAL_DENSITY = 72;
const MOST_DENSITY = 100_000;

/** A decodable picture, and the content of its header. */
export interface Opened {
  readonly metadata: Metadata;
  /** Starts to decode it; a drawing is scaled by `scale`. */
  begin(scale?: number): Sharp;
  /** A drawing has no pixels of its own. */
  readonly drawing: boolean;
}

export async function openPicture(file: string, limits: Limits): Promise<Opened | Fault> {
  const sharp = guardedSharp();
  const drawing = isText(headOf(file, HEAD));
  if (drawing && statSync(file).size > limits.drawingBytes) return faultOf('TOO_LARGE');
  const source = drawing ? readFileSync(file) : file;
  const options: SharpOptions = {
    limitInputPixels: limits.pixels,
    failOn: 'error',
    unlimited: false,
    sequentialRead: true,
  };
  const begin = (scale = 1): Sharp => {
    if (!drawing) return sharp(source, options);
    const density = Math.min(MOST_DENSITY, Math.max(1, USUAL_DENSITY * scale));
    return sharp(source, { ...options, density });
  };
  return { metadata: await begin().metadata(), begin, drawing };
}

/** The first bytes of a file, up to `length`. */
export function headOf(file: string, length: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(length);
    return head.subarray(0, readSync(descriptor, head, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The first bytes of an XML document, compressed or not, in hexadecimal: no other picture format starts like this. */
const TEXTS = ['efbbbf', 'fffe', 'feff', '3c', '003c', '20', '09', '0a', '0d', '1f8b'];

function isText(head: Buffer): boolean {
  const start = head.toString('hex', 0, 3);
  return TEXTS.some((text) => start.startsWith(text));
}
