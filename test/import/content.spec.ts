import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app1, ascii, exif as exifOf, frame, jpeg } from '../pictures/drawn';
import { ADA, BEN, History, icon } from './history';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

describe('the versions of a design repository', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('registers a new file with its title, directories, path and first version', async () => {
    const drawing = icon(1, 32);
    history.commit([{ path: 'icons/24/arrow-left_filled.svg', content: drawing }], {
      message: 'Draw the arrow',
    });
    const story = await history.imported();
    expect(story.events.map(({ type }) => type)).toEqual(['AssetRegistered', 'VersionAdded']);
    const [registered, added] = story.events;
    expect(registered).toMatchObject({
      data: {
        kind: 'image',
        title: 'arrow left filled',
        tags: ['icons', '24'],
        metadata: { path: { type: 'text', value: 'icons/24/arrow-left_filled.svg', material: false } },
      },
      metadata: { actorKind: 'import', tool: 'git', occurredAt: '2019-05-01T01:00:00.000Z' },
    });
    expect(added?.data).toEqual({
      version: 1,
      digest: sha256(drawing),
      bytes: Buffer.byteLength(drawing),
      mediaType: 'image/svg+xml',
      width: 32,
      height: 32,
      note: 'Draw the arrow',
      madeWith: { tool: 'git', ai: 'none' },
    });
  });

  it('records the displayed dimensions of a picture, and its orientation', async () => {
    const exif = Buffer.concat([ascii('Exif\0\0'), exifOf(6)]);
    history.commit([{ path: 'a.jpg', content: jpeg(app1(exif), frame(48, 32)) }]);
    const story = await history.imported();
    expect(story.data('VersionAdded')).toMatchObject([{ width: 32, height: 48, orientation: 6 }]);
  });

  it('stores the bytes of every version under their digest, and none if asked not to', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    const digest = sha256(icon(1));
    const kept = (dataDir: string) => join(dataDir, 'content', 'sha256', digest.slice(0, 2), digest.slice(2));
    await history.import();
    expect(readFileSync(kept(history.dataDir), 'utf8')).toBe(icon(1));
    const dataDir = join(history.directory, 'without');
    await history.import({ dataDir, content: false });
    expect(existsSync(join(dataDir, 'content'))).toBe(false);
    expect((await history.events(dataDir)).map(({ id }) => id)).toEqual((await history.events()).map(({ id }) => id));
  });

  it('adds a version if the content changed and none if only the mode did', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ path: 'a.svg', content: icon(1), mode: '100755' }]);
    history.commit([{ path: 'a.svg', content: icon(2), mode: '100755' }], { author: BEN });
    const story = await history.imported();
    expect(story.life('a.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'VersionAdded']);
    expect(story.data('VersionAdded')).toMatchObject([{ version: 1 }, { version: 2, digest: sha256(icon(2)) }]);
    expect(story.result).toMatchObject({ assets: 1, versions: 2, authors: 2, reconciled: true });
  });

  it('keeps the asset through a rename, and adds a version only if the drawing changed too', async () => {
    history.commit([
      { path: 'old/a.svg', content: icon(1) },
      { path: 'old/b.svg', content: icon('b') },
    ]);
    history.commit([{ rename: 'old/a.svg', to: 'new/call-start.svg' }]);
    history.commit([{ remove: 'old/b.svg' }, { path: 'new/b.svg', content: icon('bb') }]);
    const story = await history.imported();
    expect(story.life('old/a.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'MetadataChanged']);
    expect(story.life('old/b.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'MetadataChanged', 'VersionAdded']);
    expect(story.data('MetadataChanged')[0]).toEqual({
      title: 'call start',
      tags: ['new'],
      set: { path: { type: 'text', value: 'new/call-start.svg', material: false } },
    });
    expect(story.result).toMatchObject({ assets: 2, renames: 2, reconciled: true });
  });

  it('lets two drawings swap places in one commit', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: 'something else entirely, drawn by hand and never like the other\n'.repeat(9) },
    ]);
    history.commit([
      { rename: 'a.svg', to: 'c.svg' },
      { rename: 'b.svg', to: 'a.svg' },
      { rename: 'c.svg', to: 'b.svg' },
    ]);
    const story = await history.imported();
    expect(story.result).toMatchObject({ assets: 2, versions: 4, reconciled: true });
  });

  it('retires what is deleted and restores what returns, with a new version only for new content', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ remove: 'a.svg' }]);
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    history.commit([{ remove: 'a.svg' }]);
    history.commit([{ path: 'a.svg', content: icon(2) }]);
    const story = await history.imported();
    const first = ['AssetRegistered', 'VersionAdded', 'AssetRetired', 'AssetRestored'];
    expect(story.life('a.svg')).toEqual([...first, 'AssetRetired', 'AssetRestored', 'VersionAdded']);
    expect(story.result).toMatchObject({ assets: 1, versions: 2, deletions: 2, reconciled: true });
  });

  it('treats two files with the same bytes as two assets, and ignores code', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon(1) },
      { path: 'build.js', content: 'code' },
      { path: 'logo.psd', content: 'layers' },
      { path: 'type.woff2', content: 'glyphs' },
    ]);
    const story = await history.imported();
    expect(story.data('AssetRegistered')).toMatchObject([
      { kind: 'image' },
      { kind: 'image' },
      { kind: 'design' },
      { kind: 'font' },
    ]);
    expect(story.data('VersionAdded')[2]).toMatchObject({ madeWith: { tool: 'Adobe Photoshop', ai: 'none' } });
  });

  it('treats a rename to a non-asset kind as a retirement, and the reverse as a registration', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.txt', content: icon('text') },
    ]);
    history.commit([
      { rename: 'a.svg', to: 'a.txt' },
      { rename: 'b.txt', to: 'b.svg' },
    ]);
    const story = await history.imported();
    expect(story.life('a.svg')).toEqual(['AssetRegistered', 'VersionAdded', 'AssetRetired']);
    expect(story.life('b.svg')).toEqual(['AssetRegistered', 'VersionAdded']);
    expect(story.result.reconciled).toBe(true);
  });

  it('imports only paths that match the patterns', async () => {
    history.commit([
      { path: 'icons/a.svg', content: icon(1) },
      { path: 'icons/old/b.svg', content: icon(2) },
      { path: 'docs/c.png', content: 'x' },
    ]);
    const story = await history.imported({ include: ['icons/**'], exclude: ['**/old/**'] });
    expect(story.of('AssetRegistered')).toHaveLength(1);
    expect(story.result.reconciled).toBe(true);
    await expect(history.import()).rejects.toThrow('imported with other --include and --exclude patterns');
  });

  it('adds nothing the second time, and only new commits later', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    const first = await history.import();
    expect(first.events).toBe(2);
    const second = await history.import();
    expect(second).toMatchObject({ ...first, events: 0, seconds: second.seconds });
    history.commit([
      { path: 'a.svg', content: icon(2) },
      { path: 'b.svg', content: icon(3) },
    ]);
    const third = await history.import();
    expect(third).toMatchObject({ events: 3, assets: 2, versions: 3, reconciled: true });
  });

  it('gives the same log in one run as in several, and from another clone', async () => {
    const dataDir = join(history.directory, 'at-once');
    for (let seed = 0; seed < 5; seed += 1) {
      history.commit([
        { path: `${seed % 2}.svg`, content: icon(seed) },
        { path: `n${seed}.svg`, content: icon(seed) },
      ]);
      await history.import();
    }
    const clone = join(history.directory, 'clone');
    history.git(['clone', '--quiet', history.path, clone]);
    await history.import({ dataDir, path: clone });
    const told = (events: Awaited<ReturnType<History['events']>>) => events.map(({ recordedAt: _, ...event }) => event);
    expect(told(await history.events(dataDir))).toEqual(told(await history.events()));
  });

  it('keeps names of people out of the log', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }], { author: ADA });
    const [event] = (await history.imported()).events;
    const names = JSON.parse(readFileSync(join(history.dataDir, 'people.json'), 'utf8')) as Record<string, string>;
    expect(names[event!.metadata.actorId]).toBe('Ada Draw');
    expect(JSON.stringify(await history.events())).not.toMatch(/Ada|studio\.example/);
  });
});
