import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromBase64, toBase64 } from './hash';
import { isKeyName, type Signer, signerOf, type Verifier, vkeyOf } from './note';
import type { LogIdentity } from './record';

const SECRET_BYTES = 32;

/** A key that signs checkpoints. */
interface KeyEntry {
  /** Base64 of the 32 secret bytes. */
  readonly seed: string;
  readonly created: string;
  /** After this time it signs nothing; its signatures stay valid. */
  readonly retired?: string;
}

interface KeyFile {
  readonly origin: string;
  readonly saltKey: string;
  readonly keys: readonly KeyEntry[];
}

/** The public part of a key of the log. */
export interface KnownKey {
  readonly vkey: string;
  readonly created: string;
  readonly retired?: string;
}

/** The name of the log and its secrets. Whoever has them can continue the log; nobody else can recompute a leaf. */
export class LedgerKeys implements LogIdentity {
  // A private field, which is not printed with the object: secrets often reach logs that way.
  readonly #content: KeyFile;

  private constructor(
    readonly file: string,
    content: KeyFile,
  ) {
    this.#content = content;
  }

  /** Undefined if there is no file. Throws if it is damaged. */
  static read(file: string): LedgerKeys | undefined {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return new LedgerKeys(file, parse(file, text));
  }

  /** Creates a log with new secrets. By default it gets a unique name. */
  static create(
    file: string,
    now: string,
    origin = `palimpsest.invalid/${randomBytes(8).toString('hex')}`,
  ): LedgerKeys {
    if (!isKeyName(origin)) throw new RangeError(`"${origin}" cannot name a log: it has blanks, plus signs or nothing`);
    const made = new LedgerKeys(file, { origin, saltKey: secret(), keys: [{ seed: secret(), created: now }] });
    made.save('wx');
    return made;
  }

  get origin(): string {
    return this.#content.origin;
  }

  get saltKey(): Buffer {
    return fromBase64(this.#content.saltKey)!;
  }

  /** Every key that currently signs: two during a rotation. */
  signers(type?: Verifier['type']): readonly Signer[] {
    return this.#content.keys.filter(({ retired }) => retired === undefined).map((key) => this.signer(key, type));
  }

  /** Every key that ever signed. */
  verifiers(): readonly Verifier[] {
    return this.#content.keys.map((key) => this.signer(key));
  }

  known(): readonly KnownKey[] {
    return this.#content.keys.map((key) => {
      const { created, retired } = key;
      return { vkey: vkeyOf(this.signer(key)), created, ...(retired !== undefined && { retired }) };
    });
  }

  /** Adds a key: checkpoints carry both signatures until the old one is retired. */
  rotate(now: string): LedgerKeys {
    return this.with([...this.#content.keys, { seed: secret(), created: now }]);
  }

  /** Only the newest key keeps signing. */
  retire(now: string): LedgerKeys {
    const last = this.#content.keys.length - 1;
    return this.with(
      this.#content.keys.map((key, index) =>
        index === last || key.retired !== undefined ? key : { ...key, retired: now },
      ),
    );
  }

  private with(keys: readonly KeyEntry[]): LedgerKeys {
    const changed = new LedgerKeys(this.file, { ...this.#content, keys });
    changed.save('w');
    return changed;
  }

  private signer({ seed }: KeyEntry, type?: Verifier['type']): Signer {
    return signerOf(this.#content.origin, fromBase64(seed)!, type);
  }

  private save(flag: 'w' | 'wx'): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const path = flag === 'wx' ? this.file : `${this.file}.incoming`;
    const file = openSync(path, flag, 0o600);
    try {
      writeSync(file, `${JSON.stringify(this.#content, null, 1)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(path, 0o600);
    if (path !== this.file) renameSync(path, this.file);
  }
}

const secret = (): string => toBase64(randomBytes(SECRET_BYTES));

const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && fromBase64(value)?.length === SECRET_BYTES;

function parse(file: string, text: string): KeyFile {
  let content: Partial<KeyFile>;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${file} is damaged: it is no JSON`);
  }
  const { origin, saltKey, keys } = content ?? {};
  const sound =
    typeof origin === 'string' && isKeyName(origin) && isSecret(saltKey) && Array.isArray(keys) && keys.length > 0;
  if (!sound || !keys.every((key) => isSecret(key?.seed) && typeof key.created === 'string')) {
    throw new Error(`${file} is damaged: it does not hold the name and the keys of a log`);
  }
  return { origin, saltKey, keys };
}
