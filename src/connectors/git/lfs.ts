/** What a Git LFS pointer says about the content that is kept elsewhere. */
export interface LfsPointer {
  readonly digest: string;
  readonly bytes: number;
}

const LARGEST_POINTER = 1024;

/** Undefined where the bytes are ordinary content. */
export function lfsPointerOf(bytes: Buffer): LfsPointer | undefined {
  if (bytes.length > LARGEST_POINTER || !bytes.subarray(0, 8).equals(Buffer.from('version '))) return undefined;
  const text = bytes.toString('latin1');
  if (!/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d+\n/.test(text)) return undefined;
  const digest = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  return digest === undefined || size === undefined ? undefined : { digest, bytes: Number(size) };
}
