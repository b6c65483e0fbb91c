import { fromBase64, HASH_BYTES, toBase64 } from './hash';
import { BadNote, type Note, parseNote, type Signed, type Verifier, verifyNote } from './note';

/** A checkpoint according to c2sp.org/tlog-checkpoint: the size and root of a log at one time. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The text to be signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Lines after the first three are extensions and are ignored here. Throws BadNote. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', decimal = '', encoded = '', ...extensions] = text.split('\n').slice(0, -1);
  const root = fromBase64(encoded);
  if (origin === '') throw new BadNote('a checkpoint begins with the name of its log');
  if (!/^(0|[1-9]\d{0,15})$/.test(decimal) || !Number.isSafeInteger(Number(decimal))) {
    throw new BadNote('the size of a checkpoint is a decimal number without leading zeros');
  }
  if (root?.length !== HASH_BYTES) throw new BadNote('the root of a checkpoint is the base64 of 32 bytes');
  if (extensions.includes('')) throw new BadNote('a checkpoint has no empty lines');
  return { origin, size: Number(decimal), root };
}

export interface Opened extends Checkpoint {
  readonly note: Note;
  readonly signed: readonly Signed[];
}

/** A checkpoint of this log, signed by one of these keys. Throws BadNote for anything else. */
export function openCheckpoint(bytes: Uint8Array | string, origin: string, verifiers: readonly Verifier[]): Opened {
  const note = parseNote(bytes);
  const signed = verifyNote(note, verifiers);
  if (signed.length === 0) throw new BadNote('no known key signed the checkpoint');
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) {
    throw new BadNote(`the checkpoint is of the log ${checkpoint.origin}, not of ${origin}`);
  }
  return { ...checkpoint, note, signed };
}
