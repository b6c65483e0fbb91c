import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { svg } from '../../test/pictures/drawn';
import { blackPng } from '../../test/pictures/large';
import { PictureMaker } from './maker';
import type { Drawn, Fault, Look } from './task';

const LOOK: Look = { width: 96, height: 96, fit: 'inside', format: 'webp', quality: 80, colour: 'srgb' };
const PIC = 'xmlns="http://www.w3.org/2000/svg" width="60" height="40"';
const directory = mkdtempSync(join(tmpdir(), 'palimpsest-pictures-'));
let maker: PictureMaker;
let files = 0;

const fileOf = (bytes: Buffer | string): string => {
  files += 1;
  const path = join(directory, `content-${files}`);
  writeFileSync(path, bytes);
  return path;
};
const draw = (bytes: Buffer | string, look: Partial<Look> = {}, by = maker) =>
  by.perform({ kind: 'draw', file: fileOf(bytes), look: { ...LOOK, ...look } });
const drawn = async (bytes: Buffer | string, look: Partial<Look> = {}): Promise<Drawn> => {
  const result = await draw(bytes, look);
  if ('fault' in result) throw new Error(result.message);
  return result;
};
const faultOf = async (result: Promise<Drawn | Fault>): Promise<string> =>
  ((await result) as Partial<Fault>).fault ?? 'drawn';
/** Red, green and blue in the middle of a picture. */
const middle = async ({ bytes }: Drawn): Promise<readonly number[]> => {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  return [...data.subarray(at, at + 3)];
};
const plain = (background: string, width = 60, height = 40) =>
  sharp({ create: { width, height, channels: 3, background } });

beforeAll(() => {
  maker = new PictureMaker();
});
afterAll(() => {
  maker.close();
  rmSync(directory, { recursive: true });
});

describe('a picture is drawn', () => {
  test('of every kind of picture, in the requested size', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const { bytes, width, height } = await drawn(await plain('#cc0066', 480, 320).toFormat(format).toBuffer());
      expect([format, width, height]).toEqual([format, 96, 64]);
      expect((await sharp(bytes).metadata()).format).toBe('webp');
    }
  });

  test('upright', async () => {
    const lying = await plain('#cc0066').withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await drawn(lying)).toMatchObject({ width: 40, height: 60 });
  });

  test('in the colours that a viewer shows, also from print colours', async () => {
    const off = async (bytes: Buffer, colour: readonly number[]): Promise<number> => {
      const seen = await middle(await drawn(bytes, { format: 'png', quality: 100 }));
      return Math.max(...seen.map((value, index) => Math.abs(value - colour[index]!)));
    };
    const print = await plain('#8a7a6a').toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect(await off(print, [0x8a, 0x7a, 0x6a])).toBeLessThan(20);
    // Interpreted as plain red, green and blue, these numbers would be off by 30.
    const wide = await plain('#d21414').withIccProfile('p3').png().toBuffer();
    expect(await off(wide, [0xd2, 0x14, 0x14])).toBeLessThan(4);
  });

  test('never larger than it is, but a drawing as large as requested', async () => {
    expect(await drawn(await plain('#cc0066', 30, 20).png().toBuffer())).toMatchObject({ width: 30, height: 20 });
    expect(await drawn(svg('width="24" height="16"'))).toMatchObject({ width: 96, height: 64 });
  });

  test('from the first frame of an animation, with transparency', async () => {
    const frames = Buffer.concat([Buffer.alloc(16 * 16 * 4), Buffer.alloc(16 * 16 * 4, 200)]);
    const animation = await sharp(frames, { raw: { width: 16, height: 32, channels: 4, pageHeight: 16 } })
      .gif()
      .toBuffer();
    const { bytes } = await drawn(animation);
    expect(await sharp(bytes).metadata()).toMatchObject({ hasAlpha: true, height: 16 });
  });

  test('within the bytes that a profile allows, in the best quality that fits', async () => {
    const noise = sharp(Buffer.from(Array.from({ length: 96 * 96 * 3 }, (_, at) => (at * at * 7919) % 251)), {
      raw: { width: 96, height: 96, channels: 3 },
    });
    const bytes = await noise.png().toBuffer();
    const full = await drawn(bytes, { format: 'jpeg', quality: 90 });
    const fitting = await drawn(bytes, { format: 'jpeg', quality: 90, maxBytes: Math.floor(full.bytes.length / 2) });
    expect(fitting.bytes.length).toBeLessThanOrEqual(full.bytes.length / 2);
    expect(fitting.quality).toBeGreaterThan(20);
    expect(await faultOf(draw(bytes, { format: 'jpeg', maxBytes: 300 }))).toBe('TOO_MANY_BYTES');
  });

  test('with the same bytes each time', async () => {
    const bytes = await plain('#cc0066', 480, 320).jpeg().toBuffer();
    const [one, other] = await Promise.all([drawn(bytes), drawn(bytes)]);
    expect(one.bytes.equals(other.bytes)).toBe(true);
  });
});

describe('a picture is not drawn', () => {
  test('of 14,000 by 14,000 pixels, however few bytes they take', async () => {
    const bomb = blackPng(14_000, 14_000);
    expect(bomb.length).toBeLessThan(200_000);
    expect(await faultOf(draw(bomb))).toBe('TOO_LARGE');
  });

  test('of bytes that are not a picture', async () => {
    expect(await faultOf(draw('%PDF-1.7\n1 0 obj'))).toBe('UNSUPPORTED');
    expect(await faultOf(draw('a note'))).toBe('UNSUPPORTED');
    expect(await faultOf(draw(''))).toBe('UNSUPPORTED');
    expect(await faultOf(draw('<html><script>alert(1)</script></html>'))).not.toBe('drawn');
  });

  test('of a truncated file', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
      const whole = await sharp(blackPng(600, 600)).toColourspace('srgb').toFormat(format).toBuffer();
      const half = whole.subarray(0, Math.floor(whole.length / 2));
      expect([format, await faultOf(draw(half))]).toEqual([format, 'DAMAGED']);
    }
  });

  test('with anything outside the drawing that it refers to', async () => {
    const secret = fileOf(await plain('#ff0000').png().toBuffer());
    const other = secret.split('/').at(-1)!;
    const names = [other, secret, `file://${secret}`];
    const inside = [
      ...names.map((name) => `<image href="${name}" width="60" height="40"/>`),
      ...names.map((name) => `<style>@import url("${name}"); rect { fill: url("${name}") }</style>`),
      ...names.map((name) => `<use href="${name}#a"/>`),
      ...names.map((name) => `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${name}" parse="text"/>`),
      '<script>document.documentElement.remove()</script>',
    ];
    for (const part of inside) {
      const result = await drawn(`<svg ${PIC}><rect width="60" height="40" fill="#00ff00"/>${part}</svg>`, {
        format: 'png',
        quality: 100,
      });
      expect([part, await middle(result)]).toEqual([part, [0, 255, 0]]);
    }
    const entity = `<!DOCTYPE svg [<!ENTITY x SYSTEM "file://${secret}">]><svg ${PIC}><text>&x;</text></svg>`;
    expect(['DAMAGED', 'drawn']).toContain(await faultOf(draw(entity)));
  });

  test('of a drawing that expands itself', async () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const uses = `<use href="#l${at}"/>`.repeat(10);
      return `<g id="l${at + 1}">${uses}</g>`;
    });
    const bomb = `<svg ${PIC}><defs><rect id="l0" width="9" height="9"/>${levels.join('')}</defs><use href="#l12"/></svg>`;
    const begun = performance.now();
    await draw(bomb);
    expect(performance.now() - begun).toBeLessThan(25_000);
    const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`);
    const laughs = `<!DOCTYPE svg [<!ENTITY e0 "ha">${entities.join('')}]><svg ${PIC}><text>&e9;</text></svg>`;
    expect(['DAMAGED', 'TOO_MUCH_MEMORY']).toContain(await faultOf(draw(laughs)));
  });
});

describe('the drawing process', () => {
  test('is ended if a file takes too long, and the others are still drawn', async () => {
    const own = new PictureMaker({ limits: { milliseconds: 1_500 }, atOnce: 4 });
    const slow = `<svg ${PIC}><filter id="f">${'<feTurbulence numOctaves="9" baseFrequency=".9"/><feMorphology radius="9"/>'.repeat(60)}</filter><rect width="60" height="40" filter="url(#f)"/></svg>`;
    const quick = await plain('#cc0066').png().toBuffer();
    await draw(quick, {}, own);
    const results = await Promise.all([
      faultOf(draw(slow, { width: 8_000, height: 8_000 }, own)),
      ...Array.from({ length: 6 }, () => faultOf(draw(quick, {}, own))),
    ]);
    expect(results).toEqual(['TOO_SLOW', ...Array.from({ length: 6 }, () => 'drawn')]);
    own.close();
  });

  test('ends itself if a file takes too much memory, and only that file is refused', async () => {
    const own = new PictureMaker({ limits: { memoryBytes: 300 * 1024 * 1024 }, atOnce: 4 });
    const large = blackPng(9_500, 9_500, { interlaced: true, bits: 8 });
    const quick = await plain('#cc0066').png().toBuffer();
    const results = await Promise.all([
      faultOf(draw(quick, {}, own)),
      faultOf(draw(large, {}, own)),
      ...Array.from({ length: 4 }, () => faultOf(draw(quick, {}, own))),
    ]);
    expect(results).toEqual(['drawn', 'TOO_MUCH_MEMORY', ...Array.from({ length: 4 }, () => 'drawn')]);
    own.close();
  });

  test('gets no more tasks than its limit', async () => {
    const own = new PictureMaker({ waiting: 2, atOnce: 1 });
    const quick = await plain('#cc0066').png().toBuffer();
    const results = await Promise.all(Array.from({ length: 5 }, () => faultOf(draw(quick, {}, own))));
    expect(results).toEqual(['drawn', 'drawn', 'drawn', 'BUSY', 'BUSY']);
    own.close();
  });

  test('is restarted after an idle period', async () => {
    const own = new PictureMaker({ idleMs: 1 });
    const quick = await plain('#cc0066').png().toBuffer();
    expect(await faultOf(draw(quick, {}, own))).toBe('drawn');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await faultOf(draw(quick, {}, own))).toBe('drawn');
    own.close();
    expect(await faultOf(draw(quick, {}, own))).toBe('UNAVAILABLE');
  });
});
