import { canonical, fromBase64, type Host, hex, textOf, utf8 } from './bytes';
import { type Checkpoint, type Key, readCheckpoint, readKey, type Signed, signersOf, splitNote } from './notes';
import { Trees } from './tree';

/** A pack as a host has read it. */
export interface Pack {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is no plain file: links, devices, names that lead elsewhere. */
  readonly strange: readonly string[];
}

/** What the auditor brings along. Nothing of it is ever taken from the pack. */
export interface Trust {
  /** Keys of the log, `name+id+key`. */
  readonly keys: readonly string[];
  readonly witnesses?: readonly string[];
  /** How many of the witnesses must have cosigned. */
  readonly quorum?: number;
  /** A checkpoint of this log that was kept from earlier. */
  readonly earlier?: string;
}

export interface Manifest {
  readonly v: number;
  readonly log: string;
  readonly size: number;
  readonly title: string;
  readonly asOf: string;
  readonly files: { readonly [name: string]: { readonly sha256: string; readonly bytes: number } };
}

const OUTSIDE = ['manifest.json', 'manifest.json.note'];
const NEEDED = [
  'events.ndjson',
  'leaves.ndjson',
  'checkpoints/to',
  'heads/tail.ndjson',
  'heads/subtrees.txt',
  'actors.ndjson',
  'report.html',
  'CERTIFICATE.txt',
  'README.txt',
];
const MANIFEST_HEADER = 'palimpsest.invalid/evidence-manifest@v1';

/** The files of a pack, and who signed them: checks 10 to 13, and 16. */
export class Opening {
  protected readonly trees: Trees;
  private manifest: Manifest | undefined;
  private to: Checkpoint | undefined;

  constructor(
    protected readonly pack: Pack,
    private readonly trust: Trust,
    protected readonly host: Host,
  ) {
    this.trees = new Trees(host);
  }

  protected bytes(name: string): Uint8Array {
    const bytes = this.pack.files.get(name);
    if (bytes === undefined) throw new Error(`${name} is missing`);
    return bytes;
  }

  protected text(name: string): string {
    try {
      return textOf(this.bytes(name));
    } catch (error) {
      throw new Error(`${name} cannot be read: ${(error as Error).message}`);
    }
  }

  protected json(name: string): unknown {
    return parsed(this.text(name), name);
  }

  /** Lines of canonical JSON: any other spelling of them would not be covered by what was signed. */
  protected rows<T>(name: string): readonly T[] {
    const text = this.text(name);
    if (text !== '' && !text.endsWith('\n')) throw new Error(`${name} ends in the middle of a line`);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const value = parsed(line, name);
        if (canonical(value) !== line) throw new Error(`a line of ${name} is not canonical JSON`);
        return value as T;
      });
  }

  protected known(): Manifest {
    if (this.manifest === undefined) throw new Error('the manifest cannot be read');
    return this.manifest;
  }

  protected checkpoint(): Checkpoint {
    if (this.to === undefined) throw new Error('the checkpoint is not signed by a key that you gave');
    return this.to;
  }

  protected layout(): string {
    const { strange, files } = this.pack;
    if (strange.length > 0) throw new Error(`no plain files: ${strange.join(', ')}`);
    const manifest = this.json('manifest.json') as Manifest;
    if (manifest.v !== 1 || typeof manifest.files !== 'object' || manifest.files === null)
      throw new Error('manifest.json is none of this version');
    this.manifest = manifest;
    const listed = new Set([...Object.keys(manifest.files), ...OUTSIDE]);
    const missing = [...listed, ...NEEDED].filter((name) => !files.has(name));
    if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
    const extra = [...files.keys()].filter((name) => !listed.has(name));
    if (extra.length > 0) throw new Error(`not listed in the manifest: ${extra.join(', ')}`);
    const bad = [...listed].filter(
      (name) => !/^[\w.@-]+(\/[\w.@-]+)*$/.test(name) || name.split('/').some((part) => part === '.' || part === '..'),
    );
    if (bad.length > 0) throw new Error(`names that lead elsewhere: ${bad.join(', ')}`);
    return `${files.size} files`;
  }

  protected digests(): string {
    const { files } = this.known();
    const wrong = Object.entries(files).flatMap(([name, { sha256, bytes }]) => {
      const there = this.pack.files.get(name);
      return there !== undefined && there.length === bytes && hex(this.host.sha256(there)) === sha256 ? [] : [name];
    });
    if (wrong.length > 0) throw new Error(`changed: ${wrong.join(', ')}`);
    return `${Object.keys(files).length} files have the SHA-256 and size of the manifest`;
  }

  protected signatures(): string {
    const keys = this.trust.keys.map((text) => readKey(this.host, text));
    if (keys.length === 0) throw new Error('give the key of the log, which you got in another way than this pack');
    const note = this.bytes('manifest.json.note');
    const checkpoint = this.bytes('checkpoints/to');
    this.by(keys, note, 'the manifest');
    this.by(keys, checkpoint, 'the checkpoint');
    const to = readCheckpoint(splitNote(checkpoint).text);
    const names = [...new Set(keys.map(({ name }) => name))];
    if (!names.includes(to.origin))
      throw new Error(`the checkpoint is of the log ${to.origin}, not of ${names.join(' or ')}`);
    const digest = hex(this.host.sha256(this.bytes('manifest.json')));
    if (splitNote(note).text !== `${MANIFEST_HEADER}\n${to.origin}\n${digest}\n`)
      throw new Error('the note is of another manifest');
    this.to = to;
    if (this.known().size !== to.size || this.known().log !== to.origin)
      throw new Error('the manifest is of another checkpoint');
    return `${to.origin} signed ${to.size} entries`;
  }

  private by(keys: readonly Key[], bytes: Uint8Array, what: string): readonly Signed[] {
    const signed = signersOf(this.host, bytes, keys);
    if (signed.length === 0) throw new Error(`no key that you gave signed ${what}`);
    return signed;
  }

  protected witnesses(): string {
    const { witnesses = [], quorum = witnesses.length } = this.trust;
    if (witnesses.length === 0) return 'not asked for: signed by the operator, unwitnessed';
    this.checkpoint();
    const keys = witnesses.map((text) => readKey(this.host, text));
    const signed = signersOf(this.host, this.bytes('checkpoints/to'), keys);
    const found = new Set(signed.map(({ key }) => hex(key.key)));
    if (found.size < quorum) throw new Error(`${found.size} of the witnesses cosigned, and ${quorum} must have`);
    const times = signed.map(({ key, seconds = 0 }) => `${key.name} at ${new Date(seconds * 1000).toISOString()}`);
    return `cosigned by ${times.join(', ')}`;
  }

  protected consistency(): string {
    const to = this.checkpoint();
    const { earlier } = this.trust;
    if (earlier === undefined) return 'not asked for: give a checkpoint that you kept with --earlier';
    const bytes = utf8(earlier);
    this.by(
      this.trust.keys.map((text) => readKey(this.host, text)),
      bytes,
      'the checkpoint that you kept',
    );
    const from = readCheckpoint(splitNote(bytes).text);
    if (from.origin !== to.origin) throw new Error(`the checkpoint that you kept is of the log ${from.origin}`);
    if (from.size > to.size)
      throw new Error(`you kept ${from.size} entries, and the pack has ${to.size}: history was shortened`);
    const equal = from.size === to.size || from.size === 0;
    if (!equal && this.pack.files.get('checkpoints/from') === undefined) {
      throw new Error(
        'the pack was not made for the checkpoint that you kept: have it made again with --since that checkpoint',
      );
    }
    const proof = equal ? [] : this.text('consistency.txt').split('\n').slice(0, -1).map(fromBase64);
    if (!this.trees.isBeginning(from, to, proof))
      throw new Error(`the log does not begin with the ${from.size} entries that you kept: history was rewritten`);
    return `the ${from.size} entries that you kept are the first of the ${to.size}`;
  }
}

export function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is damaged`);
  }
}
