import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobFiles, hashingSink } from './blobsink';

describe('blobs of a repository', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'palimpsest-content-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(content: Buffer, keep = true) {
    const sink = new BlobFiles(root).sink();
    for (let at = 0; at < content.length; at += 1_000_000) sink.write(content.subarray(at, at + 1_000_000));
    return sink.end(() => keep);
  }

  it.each([
    ['nothing at all', 0],
    ['a small file', 5_000],
    ['a film that does not fit in memory', 9_000_001],
  ])('stores %s whole under its digest', (_what, size) => {
    const content = randomBytes(size);
    const digest = createHash('sha256').update(content).digest('hex');
    expect(put(content)).toMatchObject({ digest, bytes: size });
    const store = new BlobFiles(root);
    expect(readFileSync(store.pathOf(digest)).equals(content)).toBe(true);
    expect(store.holds(digest, size)).toBe(true);
    expect(readdirSync(root)).toEqual([digest.slice(0, 2)]);
  });

  it('does not rewrite existing content', () => {
    const { digest } = put(Buffer.from('once'));
    const path = new BlobFiles(root).pathOf(digest);
    const before = statSync(path).ino;
    put(Buffer.from('once'));
    expect(statSync(path).ino).toBe(before);
  });

  it('stores nothing that is not kept', () => {
    put(Buffer.from('pointer'), false);
    put(randomBytes(9_000_000), false);
    expect(readdirSync(root)).toEqual([]);
  });

  it('computes the same digest without storing', () => {
    const sink = hashingSink();
    sink.write(Buffer.from('once'));
    expect(sink.end(() => true).digest).toBe(put(Buffer.from('once')).digest);
  });
});
