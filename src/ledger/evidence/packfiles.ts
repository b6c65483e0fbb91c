import { createHash, type Hash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The pack cannot be made; nothing stands under its name. */
export class EvidenceRefused extends Error {
  override readonly name = 'EvidenceRefused';
}

interface Growing {
  readonly file: number;
  readonly hash: Hash;
  bytes: number;
}

/** Writes the files of a pack aside, and knows the SHA-256 and size of each. The pack appears whole or not at all. */
export class PackFiles {
  private readonly incoming: string;
  private readonly growing = new Map<string, Growing>();
  private readonly done = new Map<string, { readonly sha256: string; readonly bytes: number }>();

  /** Throws EvidenceRefused where something is there already. */
  constructor(private readonly directory: string) {
    if (existsSync(directory)) throw new EvidenceRefused(`${directory} is there already`);
    this.incoming = `${directory}.incoming`;
    rmSync(this.incoming, { recursive: true, force: true });
    mkdirSync(this.incoming, { recursive: true });
  }

  append(name: string, chunk: string | Uint8Array): void {
    const known = this.growing.get(name) ?? this.open(name);
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    for (let at = 0; at < bytes.length; ) at += writeSync(known.file, bytes, at);
    known.hash.update(bytes);
    known.bytes += bytes.length;
  }

  /** A whole file. */
  write(name: string, content: string | Uint8Array): void {
    this.append(name, content);
    this.end(name);
  }

  /** The SHA-256 and size of every file so far, by name. */
  listed(): Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>> {
    for (const name of [...this.growing.keys()]) this.end(name);
    return Object.fromEntries([...this.done].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The pack stands under its own name. */
  publish(): void {
    this.listed();
    renameSync(this.incoming, this.directory);
  }

  discard(): void {
    for (const { file } of this.growing.values()) closeSync(file);
    this.growing.clear();
    rmSync(this.incoming, { recursive: true, force: true });
  }

  private open(name: string): Growing {
    const path = join(this.incoming, name);
    mkdirSync(dirname(path), { recursive: true });
    const made = { file: openSync(path, 'wx', 0o644), hash: createHash('sha256'), bytes: 0 };
    this.growing.set(name, made);
    return made;
  }

  private end(name: string): void {
    const known = this.growing.get(name);
    if (known === undefined) return;
    closeSync(known.file);
    this.growing.delete(name);
    this.done.set(name, { sha256: known.hash.digest('hex'), bytes: known.bytes });
  }
}
