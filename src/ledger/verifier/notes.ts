import { concat, eightBytes, fromBase64, type Host, hex, same, textOf, utf8 } from './bytes';

/** Signed notes and checkpoints (c2sp.org), as a verifier needs them. */

export interface Key {
  readonly name: string;
  readonly id: Uint8Array;
  readonly type: number;
  readonly key: Uint8Array;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export interface Signed {
  readonly key: Key;
  /** Seconds since 1970, of a witness. */
  readonly seconds?: number;
}

/** `name+id+key`. Throws with the reason. */
export function readKey(host: Host, text: string): Key {
  const [name = '', id = '', encoded = '', ...rest] = text.trim().split('+');
  // Base64 has plus signs of its own.
  const bytes = fromBase64([encoded, ...rest].join('+'));
  const [type] = bytes;
  if (name === '' || bytes.length !== 33 || (type !== 1 && type !== 4))
    throw new Error(`"${text.trim()}" is no key of a log or witness`);
  const computed = host.sha256(concat(utf8(`${name}\n`), bytes)).slice(0, 4);
  if (hex(computed) !== id) throw new Error(`the key "${text.trim()}" was copied wrong: its id is ${hex(computed)}`);
  return { name, id: computed, type, key: bytes.slice(1) };
}

export function splitNote(bytes: Uint8Array): { readonly text: string; readonly lines: readonly string[] } {
  const note = textOf(bytes);
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || [...note].some((letter) => letter < ' ' && letter !== '\n')) {
    throw new Error('a signed note ends with a blank line and its signatures');
  }
  return { text: note.slice(0, end + 1), lines: note.slice(end + 2, -1).split('\n') };
}

/** Which of the keys signed. Throws where one is said to have signed and did not. */
export function signersOf(host: Host, bytes: Uint8Array, keys: readonly Key[]): readonly Signed[] {
  const { text, lines } = splitNote(bytes);
  const found: Signed[] = [];
  for (const line of lines) {
    const [dash, name, encoded, ...rest] = line.split(' ');
    if (dash !== '\u2014' || encoded === undefined || rest.length > 0)
      throw new Error(`"${line}" is no signature line`);
    const signature = fromBase64(encoded);
    const key = keys.find((each) => each.name === name && same(each.id, signature.slice(0, 4)));
    if (key === undefined) continue;
    const time = key.type === 4 ? signature.slice(4, 12) : new Uint8Array();
    const seconds = time.reduce((sum, byte) => sum * 256 + byte, 0);
    const message = key.type === 4 ? `cosignature/v1\ntime ${seconds}\n${text}` : text;
    const sound = signature.length === 4 + time.length + 64 && same(time, key.type === 4 ? eightBytes(seconds) : time);
    if (!sound || !host.signed(key.key, utf8(message), signature.slice(4 + time.length))) {
      throw new Error(`the signature of ${name} is wrong`);
    }
    found.push(key.type === 4 ? { key, seconds } : { key });
  }
  return found;
}

export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const bytes = fromBase64(root);
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || bytes.length !== 32)
    throw new Error('the text is no checkpoint');
  return { origin, size: Number(size), root: bytes };
}

/** A proof in a file: c2sp.org/tlog-proof. */
export function readProof(text: string): {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
} {
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(end, 0)).split('\n');
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines[1] ?? '') ?? [];
  if (lines[0] !== 'c2sp.org/tlog-proof@v1' || index === undefined) throw new Error('the text is no proof');
  return { index: Number(index), hashes: lines.slice(2).map(fromBase64), checkpoint: text.slice(end + 2) };
}
