import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentPath, openContentDirectory } from '../../src/store/content/directory';
import { openContentBucket, type S3Place } from '../../src/store/content/s3';
import type { OpenedContent } from './contract';

/** The part of the object-store server's interface that we use. */
interface ObjectServer {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
  readonly logger: { silent: boolean };
}

/** An object store on this machine, with an empty bucket. */
export async function objectServer(): Promise<{
  readonly directory: string;
  readonly place: S3Place;
  stop(): Promise<void>;
}> {
  const S3rver = require('s3rver') as new (options: object) => ObjectServer;
  const top = mkdtempSync(join(tmpdir(), 'palimpsest-objects-'));
  const directory = join(top, 'server');
  const configureBuckets = [{ name: 'content', configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
  const { port } = await server.run();
  let running = true;
  return {
    directory,
    place: {
      bucket: 'content',
      prefix: 'palimpsest/',
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      pathStyle: true,
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      incoming: join(top, 'incoming'),
    },
    async stop() {
      // It still logs readers that disconnected after the log is closed.
      server.logger.silent = true;
      if (running) await server.close();
      running = false;
      rmSync(top, { recursive: true, force: true });
    },
  };
}

export async function inBucket(): Promise<OpenedContent> {
  const server = await objectServer();
  const { place, directory } = server;
  const [store, other] = [openContentBucket(place), openContentBucket(place)];
  // The server keeps parts in `._S3rver_uploads` until an object is complete.
  const known = /^content(\/(\._S3rver_uploads|palimpsest(\/(sha256|derived)(\/.*)?)?))?$/;
  return {
    store,
    other,
    overwrite: (digest, bytes) =>
      writeFile(join(directory, 'content', 'palimpsest', 'sha256', `${digest}._S3rver_object`), bytes),
    cutOff: () => server.stop(),
    leftovers: async () => [...below(directory).filter((path) => !known.test(path)), ...below(place.incoming)],
    async close() {
      await store.close();
      await other.close();
      await server.stop();
    },
  };
}

export async function inDirectory(): Promise<OpenedContent> {
  const top = mkdtempSync(join(tmpdir(), 'palimpsest-content-'));
  const root = join(top, 'content');
  const store = openContentDirectory(root);
  const known = /^(sha256(\/[0-9a-f]{2}(\/[0-9a-f]{62})?)?|derived(\/.*)?|incoming)$/;
  return {
    store,
    other: openContentDirectory(root),
    overwrite: (digest, bytes) => writeFile(contentPath(root, digest), bytes),
    async cutOff() {
      renameSync(root, `${root}.away`);
      // A directory cannot be created or read below a file, not even by root.
      writeFileSync(root, '');
    },
    leftovers: async () => below(root).flatMap((path) => (known.test(path) ? [] : path.replace(/^incoming\//, ''))),
    async close() {
      await store.close();
      rmSync(top, { recursive: true, force: true });
    },
  };
}

function below(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
