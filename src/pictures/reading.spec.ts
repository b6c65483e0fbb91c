import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ascii, be32, box, ftyp, jpeg, svg } from '../../test/pictures/drawn';
import { PictureMaker } from './maker';
import type { Facts } from './task';

const directory = mkdtempSync(join(tmpdir(), 'palimpsest-reading-'));
const maker = new PictureMaker();
let files = 0;

async function read(bytes: Buffer, mediaType = 'image/jpeg'): Promise<Facts> {
  files += 1;
  const file = join(directory, `content-${files}`);
  writeFileSync(file, bytes);
  const result = await maker.perform({ kind: 'read', file, mediaType });
  if ('fault' in result) throw new Error(result.message);
  return result;
}

afterAll(() => {
  maker.close();
  rmSync(directory, { recursive: true });
});

const blank = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#c06' } });
const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
/** A JPEG with an additional segment after its start. */
const withSegment = (bytes: Buffer, marker: number, data: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, 2), segment(marker, data), bytes.subarray(2)]);

const NAMESPACES = [
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"',
  'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
  'xmlns:cc="http://creativecommons.org/ns#"',
].join(' ');
const xmp = (creator: string) => `<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${NAMESPACES}
    photoshop:Credit="Agency X" Iptc4xmpExt:AISystemUsed="ImageFlow 3"
    Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia">
    <dc:creator><rdf:Seq>${creator}</rdf:Seq></dc:creator>
    <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© 2026 Ana</rdf:li></rdf:Alt></dc:rights>
    <cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
  </rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('a file’s metadata', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    'who made it and on what terms, in %s',
    async (format) => {
      const embedded = xmp('<rdf:li>Ana Rossi</rdf:li><rdf:li>Bo Li</rdf:li>');
      expect(await read(await blank().withXmp(embedded).toFormat(format).toBuffer(), `image/${format}`)).toMatchObject({
        width: 60,
        height: 40,
        creator: 'Ana Rossi, Bo Li',
        credit: 'Agency X',
        copyright: '© 2026 Ana',
        licence: 'https://creativecommons.org/licenses/by/4.0/',
        digitalSource: 'trainedAlgorithmicMedia',
        aiSystem: 'ImageFlow 3',
        c2pa: false,
      });
    },
  );

  test.each(['jpeg', 'png', 'webp'] as const)('the same in EXIF, in %s', async (format) => {
    const exif = { IFD0: { Artist: 'Bo Li', Copyright: '2025 Bo Li' } };
    const facts = await read(await blank().withExif(exif).toFormat(format).toBuffer(), `image/${format}`);
    expect(facts).toMatchObject({ creator: 'Bo Li', copyright: '2025 Bo Li' });
  });

  test('the same in IPTC', async () => {
    const record = (kind: number, text: string) =>
      Buffer.concat([Buffer.from([0x1c, 2, kind, 0, text.length]), ascii(text)]);
    const iptc = Buffer.concat([record(80, 'Cleo Diaz'), record(110, 'Wire'), record(116, '2024 Cleo')]);
    const resource = Buffer.concat([ascii('8BIM\x04\x04\0\0'), be32(iptc.length), iptc]);
    const bytes = withSegment(
      await blank().jpeg().toBuffer(),
      0xed,
      Buffer.concat([ascii('Photoshop 3.0\0'), resource]),
    );
    expect(await read(bytes)).toMatchObject({ creator: 'Cleo Diaz', credit: 'Wire', copyright: '2024 Cleo' });
  });

  test('its orientation, its colours, and its transparency', async () => {
    const turned = await blank().withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg().toBuffer();
    expect(await read(turned)).toMatchObject({
      width: 40,
      height: 60,
      orientation: 6,
      colourSpace: 'srgb',
      iccProfile: 'sP3C',
      transparent: false,
    });
    expect(await read(await blank().toColourspace('cmyk').jpeg().toBuffer())).toMatchObject({ colourSpace: 'cmyk' });
    expect(await read(await blank().ensureAlpha().png().toBuffer())).toMatchObject({ transparent: true });
    expect(await read(svg('width="24" height="16"'), 'image/svg+xml')).toMatchObject({ width: 24, height: 16 });
  });

  test('the number of frames, and their duration', async () => {
    const frames = Buffer.concat([0, 90, 180].map((value) => Buffer.alloc(16 * 16 * 3, value)));
    const raw = { width: 16, height: 48, channels: 3, pageHeight: 16 } as const;
    const gif = await sharp(frames, { raw })
      .gif({ delay: [100, 200, 200] })
      .toBuffer();
    expect(await read(gif, 'image/gif')).toMatchObject({ animated: true, duration: 0.5 });
    expect(await read(await blank().gif().toBuffer(), 'image/gif')).toMatchObject({ animated: false });
  });

  test('the number of pages, or its duration', async () => {
    const pdf = ascii('%PDF-1.7\n1 0 obj <</Type /Pages /Kids [3 0 R 4 0 R] /Count 12>> endobj');
    expect(await read(pdf, 'application/pdf')).toMatchObject({ pages: 12 });
    const mvhd = box('mvhd', be32(0, 0, 0, 600, 7_500), Buffer.alloc(80));
    expect(await read(Buffer.concat([ftyp('isom'), box('moov', mvhd)]), 'video/mp4')).toMatchObject({ duration: 12.5 });
    const le32 = (value: number) => be32(value).reverse();
    const fmt = Buffer.concat([
      ascii('fmt '),
      le32(16),
      Buffer.from([1, 0, 1, 0]),
      le32(8_000),
      le32(16_000),
      Buffer.alloc(4),
    ]);
    const wav = Buffer.concat([ascii('RIFF'), le32(0), ascii('WAVE'), fmt, ascii('data'), le32(40_000)]);
    expect(await read(wav, 'audio/wav')).toMatchObject({ duration: 2.5 });
  });

  test('whether it contains a C2PA manifest', async () => {
    const plain = await blank().jpeg().toBuffer();
    const jumbf = Buffer.concat([ascii('JP'), be32(1), box('jumb', box('jumd', ascii('c2pa\0')))]);
    expect(await read(withSegment(plain, 0xeb, jumbf))).toMatchObject({ c2pa: true, width: 60 });
    expect(await read(withSegment(plain, 0xeb, Buffer.concat([ascii('JP'), be32(1), box('jumb')])))).toMatchObject({
      c2pa: false,
    });
    const png = await blank().png().toBuffer();
    const chunk = Buffer.concat([be32(4), ascii('caBX'), be32(0), be32(0)]);
    expect(await read(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]), 'image/png')).toMatchObject({
      c2pa: true,
    });
    const uuid = box('uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'));
    expect(await read(Buffer.concat([ftyp('isom'), uuid]), 'video/mp4')).toMatchObject({ c2pa: true });
    expect(await read(svg('', '<!-- <c2pa:manifest> -->'), 'image/svg+xml')).toMatchObject({ c2pa: true });
  });

  test('nothing if it is damaged, without a fault', async () => {
    const whole = await blank().withXmp(xmp('<rdf:li>Ana</rdf:li>')).jpeg().toBuffer();
    for (const length of [0, 1, 3, 20, 100, 400]) {
      expect(await read(whole.subarray(0, length))).toMatchObject({ c2pa: false });
    }
    expect(await read(jpeg())).toEqual({ c2pa: false });
  });

  test('no control characters, and no endless text', async () => {
    const creator = `<rdf:li>Ana\u202e ${'x'.repeat(5_000)}</rdf:li>`;
    const { creator: said } = await read(await blank().withXmp(xmp(creator)).png().toBuffer(), 'image/png');
    expect(said).toMatch(/^Ana\s+x{400,}$/);
    expect(said!.length).toBeLessThanOrEqual(500);
  });
});
