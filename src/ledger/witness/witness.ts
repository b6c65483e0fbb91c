import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, parseCheckpoint } from '../checkpoint';
import { EMPTY_ROOT, fromBase64, HASH_BYTES, sha256 } from '../hash';
import { verifyConsistency } from '../merkle';
import { BadNote, type Note, parseNote, type Signer, signatureLine, type Verifier, verifyNote } from '../note';

/** c2sp.org/tlog-witness: sees to it that a log it knows only ever grows. */

const MOST_PROOF_LINES = 63;

export interface Answer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: string;
  readonly body: string;
}

const PLAIN = 'text/plain; charset=utf-8';
const refuse = (status: Answer['status'], why: string): Answer => ({ status, type: PLAIN, body: `${why}\n` });

interface Request {
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

/** Remembers of each log the last checkpoint that it cosigned. It has no second thread: to check and to keep is one step. */
export class Witness {
  constructor(
    private readonly directory: string,
    private readonly signer: Signer,
    /** Keys of the logs that it watches. */
    private readonly logs: readonly Verifier[],
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  addCheckpoint(body: Uint8Array, now: number): Answer {
    let request: Request;
    try {
      request = parseRequest(body);
    } catch (error) {
      return refuse(400, (error as Error).message);
    }
    const { note, checkpoint, old, proof } = request;
    const keys = this.logs.filter(({ name }) => name === checkpoint.origin);
    if (keys.length === 0) return refuse(404, `the log ${checkpoint.origin} is not watched here`);
    if (!isSigned(note, keys)) return refuse(403, 'no known key of the log signed the checkpoint');
    if (old > checkpoint.size) return refuse(400, 'the old size is greater than the size of the checkpoint');
    const last = this.last(checkpoint.origin);
    const seen = last?.size ?? 0;
    if (old !== seen) return { status: 409, type: 'text/x.tlog.size', body: `${seen}\n` };
    if (!follows(last, checkpoint, proof)) return refuse(422, 'the checkpoint is not shown to contain the last one');
    const line = signatureLine(note.text, this.signer, Math.floor(now / 1_000));
    this.keep(checkpoint.origin, `${note.text}\n${line}`);
    return { status: 200, type: PLAIN, body: line };
  }

  private last(origin: string): Checkpoint | undefined {
    try {
      return parseCheckpoint(parseNote(readFileSync(this.fileOf(origin))).text);
    } catch (error) {
      // A state that cannot be read must not be taken for none: that would allow a rollback.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private keep(origin: string, text: string): void {
    const path = this.fileOf(origin);
    const file = openSync(`${path}.incoming`, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.incoming`, path);
  }

  private fileOf(origin: string): string {
    return join(this.directory, `${sha256(origin).toString('hex')}.checkpoint`);
  }
}

function parseRequest(body: Uint8Array): Request {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  const [, old] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (old === undefined) throw new BadNote('the request begins with the old size');
  if (lines.length > MOST_PROOF_LINES) throw new BadNote(`a proof has at most ${MOST_PROOF_LINES} lines`);
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw new BadNote(`"${line}" is no hash`);
    return hash;
  });
  const note = parseNote(text.slice(end + 2));
  return { old: Number(old), proof, note, checkpoint: parseCheckpoint(note.text) };
}

function isSigned(note: Note, keys: readonly Verifier[]): boolean {
  try {
    return verifyNote(note, keys).length > 0;
  } catch {
    return false;
  }
}

/** An empty tree is the beginning of every other, and is decided before the proof. */
function follows(last: Checkpoint | undefined, { size, root }: Checkpoint, proof: readonly Buffer[]): boolean {
  if (size === 0 && !root.equals(EMPTY_ROOT)) return false;
  if (last === undefined || last.size === 0) return proof.length === 0;
  return verifyConsistency(last.size, size, last.root, root, proof);
}
