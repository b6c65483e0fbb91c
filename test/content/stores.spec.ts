import { contentContract } from './contract';
import { bytesOf, given, MB, pieces } from './given';
import { inBucket, inDirectory } from './places';

contentContract('a directory', inDirectory);
contentContract('an object store', inBucket);

/** Unlike a real server, the server of these tests overwrites an object while it is read. */
describe('a directory', () => {
  test('returns the first byte alone', async () => {
    const { store, close } = await inDirectory();
    const { bytes, digest } = given(10);
    await store.put(pieces(bytes));
    expect((await bytesOf(await store.open(digest, { start: 0, end: 0 }))).equals(bytes.subarray(0, 1))).toBe(true);
    await close();
  });

  test('lets a reader continue while the content is written again', async () => {
    const { store, other, close } = await inDirectory();
    const { bytes, digest } = given(4 * MB);
    await store.put(pieces(bytes));
    const stream = await store.open(digest);
    await other.put(pieces(bytes));
    expect((await bytesOf(stream)).equals(bytes)).toBe(true);
    await close();
  });
});
