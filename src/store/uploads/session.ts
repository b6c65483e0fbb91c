import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a scanner said of the bytes. */
export interface Scanned {
  readonly verdict: 'clean' | 'infected';
  readonly engine: string;
  readonly definitions?: string | undefined;
  readonly finding?: string | undefined;
}

/** What arrived: found out by this server, whatever the client said. */
export interface Arrived {
  readonly digest: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** Absent where no scanner is configured. */
  readonly scanned?: Scanned | undefined;
}

/** Why bytes were put aside. */
export type Aside = 'otherType' | 'kindRefused' | 'infected' | 'otherDigest';

/** `open`: bytes may come. `whole`: all are here and are being looked at. */
export type State = 'open' | 'whole' | 'finished' | 'quarantined';

/** One upload, as the file beside its bytes has it. */
export interface Session {
  readonly id: string;
  /** The actor whose token began it: nobody else learns that it exists. */
  readonly owner: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What the client says it is. */
  readonly mediaType?: string | undefined;
  /** The client's name of the file: only its ending is looked at, and no path is made of it. */
  readonly fileName?: string | undefined;
  readonly digest?: string | undefined;
  readonly state: State;
  readonly arrived?: Arrived | undefined;
  readonly aside?: { readonly why: Aside; readonly message: string } | undefined;
}

const ID = /^[0-9a-f]{32}$/;

export function newUploadId(): string {
  return randomBytes(16).toString('hex');
}

export function isUploadId(text: string): boolean {
  return ID.test(text);
}

/** The files of one upload. No part of a path comes from a client. */
export function filesOf(directory: string, id: string): { readonly bytes: string; readonly session: string } {
  if (!ID.test(id)) throw new RangeError('this is no id of an upload');
  return { bytes: join(directory, id), session: join(directory, `${id}.json`) };
}

/** Undefined where there is no such upload. */
export async function readSession(directory: string, id: string): Promise<Session | undefined> {
  try {
    return JSON.parse(await readFile(filesOf(directory, id).session, 'utf8')) as Session;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and on the disk. */
export async function writeSession(directory: string, session: Session): Promise<void> {
  const { session: path } = filesOf(directory, session.id);
  const beside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await writeFile(file, JSON.stringify(session));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
