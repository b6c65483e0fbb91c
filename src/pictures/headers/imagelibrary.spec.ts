import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { bmp, frame, ico, jpeg, psd, svg } from '../../../test/pictures/drawn';
import { dimensionsOf } from './dimensions';

const SIZE = 'width="48" height="32"';
const NS = 'http://www.w3.org/2000/svg';
const text = (content: string) => Buffer.from(content);
const utf16 = (content: string, mark = '\ufeff') => Buffer.from(mark + content, 'utf16le');
const licence = `<!--\n${'  A line of the licence that every drawing of this set carries.\n'.repeat(60)}-->\n`;

/** The dimensions that the image library reports; undefined if it cannot read the file. */
async function libraryOf(bytes: Buffer): Promise<object | undefined> {
  const said = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  return said?.autoOrient;
}

describe('the image library', () => {
  const blank = sharp({ create: { width: 48, height: 32, channels: 3, background: '#c06' } });
  const formats = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const;

  it.each(formats)('agrees on every orientation of %s', async (format) => {
    for (const orientation of [undefined, 1, 2, 3, 4, 5, 6, 7, 8]) {
      const turned = orientation === undefined ? blank.clone() : blank.clone().withMetadata({ orientation });
      const bytes = await turned.toFormat(format).toBuffer();
      const { width, height } = dimensionsOf(bytes) ?? {};
      expect({ width, height }).toEqual(await libraryOf(bytes));
    }
  });

  it('agrees on animations and pages', async () => {
    const frames = await sharp(Buffer.alloc(48 * 96 * 3), {
      raw: { width: 48, height: 96, channels: 3, pageHeight: 32 },
    });
    for (const format of ['gif', 'webp'] as const) {
      const bytes = await frames.clone().toFormat(format).toBuffer();
      expect(dimensionsOf(bytes)).toEqual({ width: 48, height: 32 });
      expect(await libraryOf(bytes)).toEqual({ width: 48, height: 32 });
    }
  });

  it.each([
    [svg('viewBox="0,0,48,32"')],
    [svg('width="48" viewBox="0 0 24 12"')],
    [svg('width="48.4" height="32.6"')],
    [svg(SIZE, licence)],
    [gzipSync(svg(SIZE))],
  ])('agrees on drawings', async (drawing) => {
    expect(dimensionsOf(drawing)).toEqual(await libraryOf(drawing));
  });

  it('uses 72 pixels for 72 points, where a browser uses 96', async () => {
    const drawing = svg('width="72pt" height="1in"');
    expect([dimensionsOf(drawing), await libraryOf(drawing)]).toEqual([
      { width: 96, height: 96 },
      { width: 72, height: 72 },
    ]);
  });

  it('uses 12 pixels for an em, where a browser uses 16: undefined here', async () => {
    const drawing = svg('width="1em" height="1em"');
    expect([dimensionsOf(drawing), await libraryOf(drawing)]).toEqual([undefined, { width: 12, height: 12 }]);
  });

  it.each([
    ['UTF-16', utf16(`<?xml version="1.0" encoding="UTF-16"?>${svg(SIZE)}`)],
    ['a prefix', text(`<s:svg xmlns:s="${NS}" width="48" height="32"/>`)],
    ['Photoshop files', psd(48, 32)],
    ['icons', ico([48, 32])],
    ['bitmaps', bmp(48, 32)],
    ['headers whose pixels are missing', jpeg(frame(48, 32))],
  ])('cannot read %s', async (_what, bytes) => {
    expect([dimensionsOf(bytes), await libraryOf(bytes)]).toEqual([{ width: 48, height: 32 }, undefined]);
  });
});
