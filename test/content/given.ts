import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ContentStore, Listed } from '../../src/store/content/contentstore';

export const MB = 1024 * 1024;

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Random bytes and their digest. */
export function given(size: number): { readonly bytes: Buffer; readonly digest: string } {
  const bytes = randomBytes(size);
  return { bytes, digest: sha256(bytes) };
}

/** The bytes in chunks, as from a network. */
export async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function listed(store: ContentStore, after?: string): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  for await (const each of store.list(after)) all.push(each);
  return all;
}

/** The error of a rejected promise; throws if it resolved. */
export async function refusalOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('this should have failed');
}
