import { bare, calledBy, contradiction, isOfKind, typeOfBytes } from './bytetype';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n');
const SVG = Buffer.from('<?xml version="1.0"?>\n<!-- <html> --><svg xmlns="http://www.w3.org/2000/svg"/>');
const HTML = Buffer.from('\uFEFF <!doctype html><script>alert(1)</script>');
const TEXT = Buffer.from('Summer is here.\n');

const said = async (bytes: Buffer, mediaType?: string, fileName?: string) =>
  contradiction(await typeOfBytes(bytes), { mediaType, fileName });

describe('the type of bytes', () => {
  it.each([
    ['a PNG', PNG, 'image/png'],
    ['a JPEG', JPEG, 'image/jpeg'],
    ['a PNG that goes on beyond what is looked at', Buffer.concat([PNG, Buffer.alloc(65_000, 1)]), 'image/png'],
    [
      'music behind a long description',
      Buffer.concat([Buffer.from('4944330400000fffffff', 'hex'), Buffer.alloc(65_000)]),
      'audio/mpeg',
    ],
    ['a PDF', PDF, 'application/pdf'],
    ['a drawing, behind a declaration and a comment', SVG, 'image/svg+xml'],
    ['a page, behind a mark of its encoding', HTML, 'text/html'],
    ['a drawing in UTF-16', Buffer.from('\uFEFF<svg/>', 'utf16le'), 'image/svg+xml'],
    ['words', TEXT, undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('is read from them: %s', async (_what, bytes, type) => {
    expect((await typeOfBytes(bytes))?.mediaType).toBe(type);
  });

  it.each([
    ['a PNG that is one', PNG, 'image/png', 'poster.PNG'],
    ['anything of which nothing is said', HTML, undefined, undefined],
    ['anything said to be bytes', SVG, 'application/octet-stream', 'x.bin'],
    ['a text', TEXT, 'text/markdown; charset=utf-8', 'read.me'],
    ['a drawing in its XML', SVG, 'image/svg+xml', 'logo.svg'],
    [
      'an office document, which is an archive',
      Buffer.from('504b0304140000000800', 'hex'),
      'application/vnd.ms-excel',
      'a.xlsm',
    ],
    ['a font whose bytes are not known', TEXT, 'application/vnd.ms-fontobject', undefined],
  ])('contradicts no claim: %s', async (_what, bytes, mediaType, fileName) => {
    expect(await said(bytes, mediaType, fileName)).toBeUndefined();
  });

  it.each([
    [
      'a page said to be a picture',
      HTML,
      'image/png',
      undefined,
      'the media type image/png, but its bytes are text/html',
    ],
    [
      'a page said to be words',
      HTML,
      'text/plain',
      undefined,
      'the media type text/plain, but its bytes are text/html',
    ],
    [
      'a drawing said to be a photograph',
      SVG,
      undefined,
      'me.jpg',
      'a name that ends in .jpg, but its bytes are image/svg+xml',
    ],
    [
      'a picture of another kind',
      PNG,
      'image/jpeg',
      undefined,
      'the media type image/jpeg, but its bytes are image/png',
    ],
    [
      'words said to be a picture',
      TEXT,
      'image/png',
      undefined,
      'the media type image/png, but its bytes do not say so',
    ],
    [
      'nothing said to be a film',
      Buffer.alloc(0),
      'video/mp4',
      undefined,
      'the media type video/mp4, but its bytes do not say so',
    ],
    [
      'a name that says otherwise',
      PDF,
      'application/pdf',
      '../../x.png',
      'a name that ends in .png, but its bytes are application/pdf',
    ],
  ])('contradicts %s', async (_what, bytes, mediaType, fileName, why) => {
    expect(await said(bytes, mediaType, fileName)).toBe(why);
  });

  it('is called as the client calls it where both mean the same', async () => {
    expect(calledBy(await typeOfBytes(SVG), { mediaType: 'IMAGE/SVG+XML; charset=utf-8' })).toBe(
      'IMAGE/SVG+XML; charset=utf-8',
    );
    expect(calledBy(undefined, { mediaType: 'text/css' })).toBe('text/css');
    expect(calledBy(undefined, {})).toBe('application/octet-stream');
    expect(calledBy(await typeOfBytes(PNG), { mediaType: 'application/octet-stream' })).toBe('image/png');
  });

  it('is of a kind', () => {
    expect(bare('Image/PNG; x=y')).toBe('image/png');
    expect(isOfKind('image/PNG', ['image/*'])).toBe(true);
    expect(isOfKind('image/png', ['image/jpeg', 'application/pdf'])).toBe(false);
    expect(isOfKind('imagery/png', ['image/*'])).toBe(false);
    expect(isOfKind('anything/else', ['*/*'])).toBe(true);
  });
});
