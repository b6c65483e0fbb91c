import type { Readable } from 'node:stream';
import type { Ident } from '../people/ident';
import { saidIn, type Trailer } from '../people/trailers';
import { readPath, readText } from '../repository/path';
import { Pieces } from '../repository/pieces';

/** A change of one commit at one path. Paths are readable text (see readPath). */
export interface FileChange {
  readonly status: 'A' | 'M' | 'T' | 'D' | 'R' | 'C';
  /**
   * Modes as git writes them: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule), `000000` (absent).
   */
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldBlob: string;
  readonly newBlob: string;
  /** The path after the change; for a deletion, the deleted path. */
  readonly path: string;
  /** The source of a rename or copy. */
  readonly from?: string;
  /** True if a path contains bytes or characters that are shown as `%XX`. */
  readonly escaped: boolean;
}

export interface Commit {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly author: Ident;
  readonly committer: Ident;
  /** Seconds since 1970; NaN if the commit has no readable date. */
  readonly authoredAt: number;
  readonly committedAt: number;
  readonly subject: string;
  /** The whole message, subject first. */
  readonly message: string;
  readonly trailers: readonly Trailer[];
  /** The page of the review, if the message names it. */
  readonly url?: string | undefined;
  readonly changes: readonly FileChange[];
}

/**
 * Rename detection is exhaustive, however many files a commit touches, and its settings are fixed, so that every
 * machine finds the same renames.
 */
const RENAMES = ['-M50%', '-l1000000', '-O/dev/null'];
const FORMAT = `tformat:${['%H', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%s', '%B']
  .map((field) => `${field}%x00`)
  .join('')}`;
const FIELDS = 10;
const FRAME = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--root',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--encoding=UTF-8',
];

/** The first-parent history: what each commit changed relative to its first parent, oldest first. */
export function lineArgs(range: string): readonly string[] {
  const walk = ['--first-parent', '--diff-merges=first-parent', '--reverse', '--topo-order'];
  return ['log', ...walk, ...FRAME, ...RENAMES, `--format=${FORMAT}`, '--end-of-options', range, '--'];
}

/**
 * The commits whose hashes are written to standard input, one per line, in input order, each with its own changes;
 * merges show none. Renames do not matter here.
 */
export function commitsOnDemandArgs(): readonly string[] {
  return ['diff-tree', '--stdin', '-r', '--always', '--no-renames', ...FRAME, `--format=${FORMAT}`];
}

/** Parses commits from the NUL-framed output of the two commands above, as a stream. */
export async function* commitsIn(output: Readable): AsyncGenerator<Commit> {
  const parser = new LogParser();
  for await (const chunk of output) yield* parser.push(chunk as Buffer);
  yield* parser.end();
}

/** Turns NUL-separated pieces into commits. Pure: the same bytes give the same commits however they are chunked. */
export class LogParser {
  private readonly pieces = new Pieces(0);
  private fields: Buffer[] = [];
  private changes: FileChange[] = [];
  /** The first fields of a raw entry whose paths have not arrived yet. */
  private entry: readonly string[] | undefined;
  private from: Buffer | undefined;

  *push(chunk: Buffer): Generator<Commit> {
    for (const piece of this.pieces.push(chunk)) {
      const commit = this.piece(piece);
      if (commit !== undefined) yield commit;
    }
  }

  *end(): Generator<Commit> {
    if (this.pieces.rest().length > 0 || this.entry !== undefined)
      throw new Error('git ended in the middle of a commit');
    if (this.fields.length === FIELDS) yield this.commit();
  }

  private piece(piece: Buffer): Commit | undefined {
    if (this.entry !== undefined) this.path(piece);
    else if (this.fields.length < FIELDS) this.fields.push(Buffer.from(piece));
    else if (piece.length === 0) return undefined;
    else if (piece[0] === 0x3a || piece[1] === 0x3a) this.entry = piece.toString('latin1').trim().slice(1).split(' ');
    else {
      const commit = this.commit();
      this.fields = [Buffer.from(piece)];
      return commit;
    }
    return undefined;
  }

  private path(piece: Buffer): void {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = '', score = ''] = this.entry ?? [];
    const status = score.charAt(0) as FileChange['status'];
    if ((status === 'R' || status === 'C') && this.from === undefined) {
      this.from = Buffer.from(piece);
      return;
    }
    const to = readPath(piece);
    const from = this.from === undefined ? undefined : readPath(this.from);
    const escaped = to.escaped || from?.escaped === true;
    const change = { status, oldMode, newMode, oldBlob, newBlob, path: to.path, escaped };
    this.changes.push(from === undefined ? change : { ...change, from: from.path });
    this.entry = undefined;
    this.from = undefined;
  }

  private commit(): Commit {
    const [hash, parents, an, ae, at, cn, ce, ct, subject, message] = this.fields.map(readText);
    const commit = {
      hash: hash!,
      parents: parents === '' ? [] : parents!.split(' '),
      author: { name: an!, email: ae! },
      committer: { name: cn!, email: ce! },
      authoredAt: Number.parseInt(at!, 10),
      committedAt: Number.parseInt(ct!, 10),
      subject: subject!,
      message: message!,
      ...saidIn(message!),
      changes: this.changes,
    };
    this.fields = [];
    this.changes = [];
    return commit;
  }
}
