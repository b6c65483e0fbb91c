import * as exifr from 'exifr';
import type { Metadata } from 'sharp';
import type { Facts } from '../task';

/** Maximum length of texts kept from a file. */
const LONGEST = 500;

type Words = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Words | undefined>>;

/** The author and terms of a picture from its embedded metadata: XMP before IPTC before EXIF. */
export async function embeddedIn(metadata: Metadata): Promise<Partial<Facts>> {
  const [xmp, iptc, exif, icc] = await Promise.all([
    quietly<Blocks>(() => aside(metadata.xmp, 'xmp', { mergeOutput: false, xmp: { parse: true } })),
    quietly<Words>(() => aside(metadata.iptc, 'iptc', {})),
    quietly<Words>(() => exifOf(metadata)),
    quietly<Words>(() => aside(metadata.icc, 'icc', {})),
  ]);
  const { dc, photoshop, xmpRights, Iptc4xmpExt: extension, cc, plus } = xmp ?? {};
  return {
    iccProfile: said(icc?.ProfileDescription),
    creator: said(dc?.creator) ?? said(iptc?.Byline) ?? said(exif?.Artist),
    credit: said(photoshop?.Credit) ?? said(iptc?.Credit),
    copyright: said(dc?.rights) ?? said(iptc?.CopyrightNotice) ?? said(exif?.Copyright),
    licence:
      said(cc?.license) ?? said(xmpRights?.UsageTerms) ?? said(plus?.LicensorURL) ?? said(xmpRights?.WebStatement),
    digitalSource: said(extension?.DigitalSourceType)?.split('/').at(-1),
    aiSystem: said(extension?.AISystemUsed),
  };
}

function aside(block: Buffer | undefined, kind: string, options: object): Promise<unknown> {
  if (block === undefined) return Promise.resolve(undefined);
  // The library's types cover only files, and omit the kind of block.
  const { sidecar } = exifr as unknown as { sidecar(block: Buffer, options: object, kind: string): Promise<unknown> };
  return sidecar(block, options, kind);
}

/** PNG stores the block bare, other formats with a prefix. */
function exifOf({ exif }: Metadata): Promise<unknown> {
  if (exif === undefined) return Promise.resolve(undefined);
  return exifr.parse(exif.toString('latin1', 0, 4) === 'Exif' ? exif.subarray(6) : exif);
}

/** An unreadable block is ignored. */
async function quietly<T>(reading: () => Promise<unknown>): Promise<T | undefined> {
  try {
    return (await reading()) as T | undefined;
  } catch {
    return undefined;
  }
}

/** The text of an XMP value: plain, in a language, a reference, or several of those. */
function said(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const all = value.map(said).filter((each) => each !== undefined);
    return all.length === 0 ? undefined : clipped(all.join(', '));
  }
  if (typeof value === 'object' && value !== null) {
    const { value: text, resource } = value as { readonly value?: unknown; readonly resource?: unknown };
    return said(text ?? resource);
  }
  return typeof value === 'string' ? clipped(value) : undefined;
}

/** Untrusted text: without control characters, and of limited length. */
function clipped(text: string): string | undefined {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
  return plain === '' ? undefined : [...plain].slice(0, LONGEST).join('').trim();
}
