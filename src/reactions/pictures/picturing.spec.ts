import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { PictureMaker } from '../../pictures/maker';
import type { Fault } from '../../pictures/task';
import type { ContentStore } from '../../store/content/contentstore';
import { openContentDirectory } from '../../store/content/directory';
import { Picturing } from './picturing';
import { THUMBNAIL_WIDTHS, thumbnailOf } from './thumbnails';

const root = mkdtempSync(join(tmpdir(), 'palimpsest-picturing-'));
const content = openContentDirectory(root);
/** A remote store has no local files. */
const distant = Object.assign(Object.create(content) as ContentStore, { file: async () => undefined });
const maker = new PictureMaker();

afterAll(() => {
  maker.close();
  rmSync(root, { recursive: true });
});

const put = async (bytes: Buffer): Promise<string> => (await content.put(Readable.from([bytes]))).digest;
const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c02040' } })
    .png()
    .toBuffer();
/** Counts the tasks of the process. */
function counting(): { readonly maker: PictureMaker; readonly tasks: string[] } {
  const tasks: string[] = [];
  const own = Object.assign(Object.create(maker) as PictureMaker, {
    perform: (task: Parameters<PictureMaker['perform']>[0]) => {
      tasks.push(task.kind);
      return maker.perform(task);
    },
  });
  return { maker: own, tasks };
}

describe('a picture of stored content', () => {
  test.each([
    ['a directory', content],
    ['a store behind a network', distant],
  ])('is drawn once and stored, from %s', async (_which, store) => {
    const { maker: own, tasks } = counting();
    const picturing = new Picturing(store, own);
    const digest = await put(await red(900 + tasks.length, store === distant ? 601 : 600));
    const asked = await Promise.all([1, 2, 3].map(() => picturing.picture(digest, thumbnailOf(300))));
    expect(tasks).toEqual(['draw']);
    const [first] = asked as Buffer[];
    expect(await sharp(first).metadata()).toMatchObject({ width: 400, format: 'webp' });
    const again = await new Picturing(store, own).picture(digest, thumbnailOf(400));
    expect((again as Buffer).equals(first!)).toBe(true);
    expect(tasks).toEqual(['draw']);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('palimpsest-picture-'))).toEqual([]);
  });

  test('is refused if the content is not a picture, without a retry', async () => {
    const { maker: own, tasks } = counting();
    const picturing = new Picturing(content, own);
    const digest = await put(Buffer.from('a note'));
    for (let time = 0; time < 3; time += 1) {
      expect(await picturing.picture(digest, thumbnailOf(96))).toMatchObject({ fault: 'UNSUPPORTED' });
    }
    expect(tasks).toEqual(['draw']);
  });

  test('is drawn as soon as missing bytes have arrived', async () => {
    const picturing = new Picturing(content, maker);
    const bytes = await red(50, 40);
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(((await picturing.picture(digest, thumbnailOf(96))) as Fault).fault).toBe('NOT_HERE');
    await put(bytes);
    expect(await picturing.picture(digest, thumbnailOf(96))).toBeInstanceOf(Buffer);
  });

  test('includes its metadata', async () => {
    const picturing = new Picturing(distant, maker);
    expect(await picturing.facts(await put(await red(70, 30)), 'image/png')).toMatchObject({ width: 70, height: 30 });
    expect(await picturing.facts('ab'.repeat(32), 'image/png')).toMatchObject({ fault: 'NOT_HERE' });
  });
});

test('thumbnails have a few widths, each with its own name', () => {
  expect([1, 96, 97, 401, 99_999].map((width) => thumbnailOf(width).look.width)).toEqual([96, 96, 200, 800, 2_400]);
  expect(new Set(THUMBNAIL_WIDTHS.map((width) => thumbnailOf(width).name)).size).toBe(THUMBNAIL_WIDTHS.length);
});
