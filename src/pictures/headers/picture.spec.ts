import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  app1,
  ascii,
  be32,
  bmp,
  box,
  clap,
  exif,
  exr,
  frame,
  ftyp,
  gif,
  heif,
  ico,
  imir,
  irot,
  ispe,
  j2k,
  jpeg,
  jxl,
  png,
  psd,
  sequence,
  svg,
  tga,
  tiff,
  webp,
} from '../../../test/pictures/drawn';
import { dimensionsOf } from './dimensions';

const EXIF = (orientation: number) => app1(Buffer.concat([ascii('Exif\0\0'), exif(orientation)]));
const SIZE = 'width="48" height="32"';
const text = (content: string) => Buffer.from(content);
const page = (width: number, height: number, more = {}) => ({ 256: width, 257: height, ...more });

describe('a picture is as large as a viewer shows it', () => {
  it.each([
    ['JPEG', jpeg(frame(48, 32))],
    ['progressive JPEG', jpeg(frame(48, 32, 0xc2))],
    ['lossless JPEG', jpeg(frame(48, 32, 0xc3))],
    ['JPEG with a thumbnail', jpeg(app1(Buffer.concat([ascii('Exif\0\0'), jpeg(frame(4, 3))])), frame(48, 32))],
    ['JPEG with fill bytes', jpeg(Buffer.from('ffffff', 'hex'), frame(48, 32))],
    ['PNG', png(48, 32)],
    ['GIF', gif('89a', [48, 32], [10, 10])],
    ['GIF without a canvas', gif('89a', [0, 0], [48, 32])],
    ['GIF with a frame larger than its canvas', gif('89a', [10, 10], [48, 32])],
    ['WebP', webp(48, 32)],
    ['TIFF of several pages', tiff(page(48, 32), page(96, 64))],
    ['icons of several sizes', ico([16, 16], [48, 32], [32, 32])],
    ['an icon that holds a PNG', ico([0, 0, png(48, 32)])],
    ['BMP', bmp(48, 32)],
    ['BMP from top to bottom', bmp(48, -32)],
    ['BMP with an old header', bmp(48, 32, 12)],
    ['AVIF', heif([ispe(48, 32)], [1])],
    ['AVIF with a thumbnail and tiles', heif([ispe(512, 512), ispe(48, 32), ispe(8, 8)], [2], [1], [3])],
    ['AVIF that is cropped', heif([ispe(64, 64), clap(48, 32)], [1, 2])],
    ['AVIF without any item', heif([ispe(48, 32)])],
    ['a moving AVIF', sequence(48, 32)],
    ['PSD', psd(48, 32)],
    ['OpenEXR', exr([48, 32], [48, 32])],
    ['Targa', tga(48, 32)],
    ['PPM with comments', text('P6 # drawn\n# 1 1\n48# wide\n32\n255\n')],
    ['PAM', text('P7\nWIDTH 48\nHEIGHT 32\nDEPTH 3\nMAXVAL 255\nENDHDR\n')],
    ['XPM', text('/* XPM */\nstatic char *a[] = {\n"48 32 2 1",\n')],
    ['JPEG 2000 that does not begin at the corner', j2k(58, 42, 10, 10)],
    [
      'JPEG 2000 in its container',
      Buffer.concat([Buffer.from('0000000c6a5020200d0a870a', 'hex'), box('jp2c', j2k(48, 32))]),
    ],
    ['JPEG XL by ratio', jxl([1, 1], [3, 5], [4, 3], [1, 1])],
    ['JPEG XL in numbers', jxl([0, 1], [0, 2], [31, 9], [0, 3], [0, 2], [47, 9], [1, 1])],
    ['XCF', Buffer.concat([ascii('gimp xcf v011\0'), be32(48, 32)])],
  ])('%s', (_format, bytes) => expect(dimensionsOf(bytes)).toEqual({ width: 48, height: 32 }));

  it.each([
    ['JPEG', (orientation: number) => jpeg(EXIF(orientation), frame(48, 32))],
    [
      'JPEG with XMP first',
      (orientation: number) => jpeg(app1(ascii('http://ns.adobe.com/xap/1.0/\0')), EXIF(orientation), frame(48, 32)),
    ],
    ['PNG', (orientation: number) => png(48, 32, ['tEXt', ascii('a\0b')], ['eXIf', exif(orientation)])],
    ['WebP', (orientation: number) => webp(48, 32, orientation)],
    ['TIFF', (orientation: number) => tiff(page(48, 32, { 274: orientation }))],
    [
      'JPEG XL',
      (orientation: number) =>
        jxl([0, 1], [0, 2], [31, 9], [0, 3], [0, 2], [47, 9], [0, 1], [1, 1], [orientation - 1, 3]),
    ],
  ])('%s, rotated as the file states, with the orientation kept', (_format, turned) => {
    for (const orientation of [1, 2, 3, 4])
      expect(dimensionsOf(turned(orientation))).toEqual({ width: 48, height: 32, orientation });
    for (const orientation of [5, 6, 7, 8])
      expect(dimensionsOf(turned(orientation))).toEqual({ width: 32, height: 48, orientation });
  });

  it.each([
    [[irot(1)], 8],
    [[irot(2)], 3],
    [[irot(3)], 6],
    [[imir(0)], 4],
    [[imir(1)], 2],
    [[irot(1), imir(0)], 5],
    [[imir(0), irot(1)], 7],
    [[irot(3), imir(0)], 7],
  ])('AVIF rotated by properties has an orientation too', (properties, orientation) => {
    const file = heif([ispe(48, 32), ...properties], [1, ...properties.map((_, index) => index + 2)]);
    const size = orientation >= 5 ? { width: 32, height: 48 } : { width: 48, height: 32 };
    expect(dimensionsOf(file)).toEqual({ ...size, orientation });
  });

  it('an invalid orientation is ignored', () => {
    for (const wrong of [0, 9, 60_000])
      expect(dimensionsOf(jpeg(EXIF(wrong), frame(48, 32)))).toEqual({ width: 48, height: 32 });
  });
});

describe('undefined if viewers disagree or nothing is certain', () => {
  it.each([
    ['a GIF87a whose frame is smaller than its canvas', gif('87a', [48, 32], [10, 10])],
    ['a TIFF whose first page is marked as a small copy', tiff(page(12, 8, { 254: 1 }), page(48, 32))],
    ['an AVIF of several sizes that belong to nobody', heif([ispe(48, 32), ispe(64, 64)])],
    [
      'a moving AVIF whose still picture has another size',
      sequence(48, 32, box('meta', be32(0), box('iprp', box('ipco', ispe(64, 64))))),
    ],
    ['an OpenEXR whose pixels fill another window', exr([48, 32], [40, 30])],
    ['a WebP that keeps its orientation beyond what was read', webp(48, 32, 6).subarray(0, 40)],
    ['a film', Buffer.concat([ftyp('isom', 'mp42'), box('moov')])],
    ['zeros', Buffer.alloc(4096)],
    ['bytes like a Targa without its pixels', tga(48, 32, 100)],
    ['a JPEG whose height comes later', jpeg(frame(48, 0))],
    ['a PNG of no width', png(0, 32)],
    ['a portable picture without a height', text('P6 48')],
    ['text', text('A note about the picture 48 × 32.')],
    ['nothing', Buffer.alloc(0)],
  ])('%s', (_what, bytes) => expect(dimensionsOf(bytes)).toBeUndefined());

  it('never fails, whatever part of a file is missing or damaged', () => {
    const files = [
      jpeg(EXIF(6), frame(48, 32)),
      png(48, 32, ['eXIf', exif(6)]),
      gif('89a', [48, 32], [1, 1]),
      webp(48, 32, 6),
    ];
    files.push(
      tiff(page(48, 32)),
      ico([0, 0, png(4, 4)]),
      heif([ispe(48, 32), irot(1)], [1, 2]),
      sequence(48, 32),
      svg(SIZE),
    );
    files.push(
      exr([4, 4], [4, 4]),
      j2k(48, 32),
      jxl([1, 1], [3, 5], [4, 3]),
      gzipSync(svg(SIZE)),
      text('P6 48 32 '),
      tga(2, 2),
    );
    const damaged = fc.tuple(
      fc.constantFrom(...files),
      fc.nat(),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(damaged, ([file, cut, changes]) => {
        const bytes = Buffer.from(file.subarray(0, cut % (file.length + 1)));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const size = dimensionsOf(bytes);
        expect(size === undefined || (size.width >= 1 && size.height >= 1)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
