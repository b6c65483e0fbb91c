import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64, sha256, toBase64 } from './hash';

/** Signed notes according to c2sp.org/signed-note, and the keys that verify them. */

/** Signature types of the specification. */
export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;

const ID_BYTES = 4;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
/** More signatures than any note has here, and few enough to verify quickly. */
const MOST_SIGNATURES = 64;
const DASH = '\u2014 ';
/** The RFC 8410 headers of a 32-byte key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A possible signer of a note. */
export interface Verifier {
  readonly name: string;
  readonly id: Buffer;
  readonly type: typeof ED25519 | typeof COSIGNATURE;
  readonly publicKey: Buffer;
}

export interface Signature {
  readonly name: string;
  readonly id: Buffer;
  readonly bytes: Buffer;
}

export interface Note {
  /** Including its last newline. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

export interface Signer extends Verifier {
  readonly privateKey: KeyObject;
}

/** The signature is wrong, or the input is not a note. */
export class BadNote extends Error {
  override readonly name = 'BadNote';
}

/** A name without spaces, plus signs and control characters. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** `seed`: the 32 secret bytes of an Ed25519 key. */
export function signerOf(name: string, seed: Uint8Array, type: Verifier['type'] = ED25519): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  return { ...verifierOf(name, publicKey, type), privateKey };
}

function verifierOf(name: string, publicKey: Buffer, type: Verifier['type']): Verifier {
  if (!isKeyName(name)) throw new BadNote(`"${name}" is no name of a key`);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).subarray(0, ID_BYTES);
  return { name, id, type, publicKey };
}

/** `name+id+key`: the public key as an auditor keeps it. */
export function vkeyOf({ name, id, type, publicKey }: Verifier): string {
  return `${name}+${id.toString('hex')}+${toBase64(Buffer.concat([Buffer.of(type), publicKey]))}`;
}

/** Parses a public key. Throws BadNote with the reason. */
export function parseVkey(text: string): Verifier {
  const [, name = '', id = '', encoded = ''] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  const key = fromBase64(encoded);
  const type = key?.[0];
  if (key === undefined || !isKeyName(name) || !/^[0-9a-f]{8}$/.test(id)) {
    throw new BadNote('a key has the form name+id+key, with the id in hexadecimal and the key in base64');
  }
  if (type !== ED25519 && type !== COSIGNATURE) throw new BadNote(`keys of type ${type} are not supported`);
  if (key.length !== 1 + KEY_BYTES) throw new BadNote('the key has not 32 bytes');
  const verifier = verifierOf(name, key.subarray(1), type);
  if (verifier.id.toString('hex') !== id) throw new BadNote('the id does not belong to this name and key');
  return verifier;
}

/** Splits a note at its last blank line. Throws BadNote. */
export function parseNote(bytes: Uint8Array | string): Note {
  const note = typeof bytes === 'string' ? bytes : decoded(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not contain
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new BadNote('a note contains no control characters');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new BadNote('a note ends with a blank line and its signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new BadNote(`a note has at most ${MOST_SIGNATURES} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadNote('a note is text in UTF-8');
  }
}

function parseSignature(line: string): Signature {
  const [name, encoded, ...rest] = line.startsWith(DASH) ? line.slice(DASH.length).split(' ') : [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || !isKeyName(name) || rest.length > 0 || bytes === undefined || bytes.length <= ID_BYTES) {
    throw new BadNote(`"${line}" is no signature line`);
  }
  return { name, id: bytes.subarray(0, ID_BYTES), bytes: bytes.subarray(ID_BYTES) };
}

/** A note signed by all signers. `text` ends with a newline. */
export function signNote(text: string, signers: readonly Signer[], seconds = 0): string {
  return `${text}\n${signers.map((signer) => signatureLine(text, signer, seconds)).join('')}`;
}

/** One signature line. `seconds` since 1970 is the time that a cosignature states. */
export function signatureLine(text: string, signer: Signer, seconds = 0): string {
  const time = timeOf(signer.type, seconds);
  const signature = sign(null, messageOf(signer.type, text, time), signer.privateKey);
  return `${DASH}${signer.name} ${toBase64(Buffer.concat([signer.id, time, signature]))}\n`;
}

function timeOf(type: Verifier['type'], seconds: number): Buffer {
  const time = Buffer.alloc(type === COSIGNATURE ? TIME_BYTES : 0);
  if (type === COSIGNATURE) time.writeBigUInt64BE(BigInt(seconds));
  return time;
}

function messageOf(type: Verifier['type'], text: string, time: Buffer): Buffer {
  return Buffer.from(type === ED25519 ? text : `cosignature/v1\ntime ${time.readBigUInt64BE()}\n${text}`);
}

/** A key that signed a note; `seconds` since 1970 is the time that a cosignature states. */
export interface Signed {
  readonly verifier: Verifier;
  readonly seconds?: number;
}

/** Which of these keys signed. Throws BadNote if a signature that claims to be by one of them is wrong. */
export function verifyNote({ text, signatures }: Note, verifiers: readonly Verifier[]): readonly Signed[] {
  return verifiers.flatMap((verifier) =>
    signatures.flatMap(({ name, id, bytes }): readonly Signed[] => {
      if (name !== verifier.name || !id.equals(verifier.id)) return [];
      const time = bytes.subarray(0, verifier.type === COSIGNATURE ? TIME_BYTES : 0);
      const signature = bytes.subarray(time.length);
      if (bytes.length !== time.length + SIGNATURE_BYTES || !isSigned(verifier, text, time, signature)) {
        throw new BadNote(`the signature of ${name} is wrong`);
      }
      return [time.length === 0 ? { verifier } : { verifier, seconds: Number(time.readBigUInt64BE()) }];
    }),
  );
}

function isSigned({ type, publicKey }: Verifier, text: string, time: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, messageOf(type, text, time), key, signature);
}
