import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContentStore } from '../../src/store/content/contentstore';
import { openContentBucket } from '../../src/store/content/s3';
import { History, icon } from '../import/history';
import { bytesOf, given, listed, sha256 } from './given';
import { objectServer } from './places';

const pointerTo = (digest: string, bytes: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${bytes}\n`;

let history: History;
beforeEach(() => {
  history = new History();
});
afterEach(() => history.dispose());

/** Puts an object where Git LFS has it in a clone. */
function lfsObject(digest: string, bytes: Buffer): void {
  const file = join(history.path, 'lfs', 'objects', digest.slice(0, 2), digest.slice(2, 4), digest);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const kept = (digest: string) => join(history.dataDir, 'content', 'sha256', digest.slice(0, 2), digest.slice(2));

describe('an import', () => {
  it('keeps contents in an object store, each once', async () => {
    const server = await objectServer();
    const content: ContentStore = openContentBucket(server.place);
    try {
      const film = given(9_000_001);
      for (let n = 0; n < 30; n += 1) history.commit([{ path: `icons/${n}.svg`, content: icon(n % 10) }]);
      history.commit([{ path: 'film.mp4', content: film.bytes }]);
      const { reconciled } = await history.import({ content: true, destination: { content } });
      expect(reconciled).toBe(true);
      const digests = Array.from({ length: 10 }, (_, n) => sha256(Buffer.from(icon(n))));
      expect((await listed(content)).map(({ digest }) => digest)).toEqual([...digests, film.digest].sort());
      expect((await bytesOf(await content.open(film.digest))).equals(film.bytes)).toBe(true);
    } finally {
      await content.close();
      await server.stop();
    }
  });

  it('says so where the object store cannot be reached', async () => {
    const server = await objectServer();
    await server.stop();
    const content = openContentBucket(server.place);
    history.commit([{ path: 'a.svg', content: icon(1) }]);
    await expect(history.import({ destination: { content } })).rejects.toMatchObject({ name: 'ContentUnavailable' });
    await content.close();
  });

  it('takes what Git LFS has in the clone, and what it has not is elsewhere', async () => {
    const [here, away, broken] = [given(70_000), given(80_000), given(90_000)];
    lfsObject(here.digest, here.bytes);
    lfsObject(broken.digest, Buffer.alloc(90_000));
    for (const [name, { digest, bytes }] of Object.entries({ here, away, broken })) {
      history.commit([{ path: `${name}.png`, content: pointerTo(digest, bytes.length) }]);
    }
    const { reconciled } = await history.import();
    expect(reconciled).toBe(true);
    expect(readFileSync(kept(here.digest)).equals(here.bytes)).toBe(true);
    for (const { digest } of [away, broken]) expect(() => readFileSync(kept(digest))).toThrow('ENOENT');
  });
});
