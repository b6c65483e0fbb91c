import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Intake } from '../content/intake';
import { bare, calledBy, contradiction, HEAD_BYTES, isOfKind, typeOfBytes } from './bytetype';
import type { Scan } from './scanners';
import type { Arrived, Aside, Session } from './session';

interface Judging {
  readonly kinds: readonly string[];
  readonly scan: Scan | undefined;
  /** Of all the bytes, where it is known. */
  readonly hash: Hash | undefined;
}

/** What the bytes of an upload are, and why they are put aside where they are. They are on the disk then. */
export async function judge(
  session: Session,
  path: string,
  { kinds, scan, hash }: Judging,
): Promise<readonly [Arrived, Session['aside']]> {
  const intake = await Intake.resume(path, hash);
  const { digest, bytes } = await intake.sync();
  await intake.leave();
  if (bytes !== session.bytes) throw new Error(`the upload has ${bytes} of ${session.bytes} bytes`);
  const type = await typeOfBytes(await headOf(path));
  const scanned = await scan?.(path);
  const arrived = { digest, bytes, mediaType: calledBy(type, session), scanned };
  return [arrived, asideOf(session, arrived, contradiction(type, session), kinds)];
}

function asideOf(
  session: Session,
  { digest, mediaType, scanned }: Arrived,
  otherType: string | undefined,
  kinds: readonly string[],
): Session['aside'] {
  const aside = (why: Aside, message: string) => ({ why, message });
  if (session.digest !== undefined && session.digest !== digest) {
    return aside('otherDigest', `the bytes have the SHA-256 ${digest}, not the announced ${session.digest}`);
  }
  if (scanned?.verdict === 'infected') {
    return aside('infected', `${scanned.engine} found ${scanned.finding ?? 'malware'}`);
  }
  if (otherType !== undefined) return aside('otherType', `the upload has ${otherType}`);
  if (isOfKind(mediaType, kinds)) return undefined;
  return aside('kindRefused', `${bare(mediaType)} is not accepted; accepted are ${kinds.join(', ')}`);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
