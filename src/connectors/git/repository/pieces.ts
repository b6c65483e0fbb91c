import type { Readable } from 'node:stream';
import { SourceDamaged } from '../../recording/failure';

/** No path, name or message is longer, in bytes: commit sizes are checked before messages are read. */
const LONGEST = 64 * 1024 * 1024;

/** Splits output into pieces at a separator byte. Each byte is examined once, however the output is chunked. */
export class Pieces {
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly separator: number,
    private readonly longest = LONGEST,
  ) {}

  /** The pieces that end in this chunk; they may share its memory. */
  *push(chunk: Buffer): Generator<Buffer> {
    let start = 0;
    for (let end = chunk.indexOf(this.separator); end !== -1; end = chunk.indexOf(this.separator, start)) {
      yield this.whole(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start === chunk.length) return;
    // Copied, so that a short rest does not retain the memory of a long chunk.
    this.parts.push(Buffer.from(chunk.subarray(start)));
    this.bytes += chunk.length - start;
    if (this.bytes <= this.longest) return;
    throw new SourceDamaged(`git wrote more than ${this.longest} bytes where a path, a name or a message was expected`);
  }

  /** The bytes after the last separator. */
  rest(): Buffer {
    return this.whole(Buffer.alloc(0));
  }

  private whole(last: Buffer): Buffer {
    if (this.parts.length === 0) return last;
    const piece = Buffer.concat([...this.parts, last]);
    this.parts = [];
    this.bytes = 0;
    return piece;
  }
}

/** The pieces between NUL bytes. */
export async function* piecesOf(output: Readable): AsyncGenerator<Buffer> {
  const pieces = new Pieces(0);
  for await (const chunk of output) yield* pieces.push(chunk as Buffer);
  const rest = pieces.rest();
  if (rest.length > 0) yield rest;
}

/** The lines of a text, without line ends. */
export async function* linesOf(output: Readable): AsyncGenerator<string> {
  const pieces = new Pieces(10);
  for await (const chunk of output) for (const line of pieces.push(chunk as Buffer)) yield line.toString('utf8');
  const rest = pieces.rest();
  if (rest.length > 0) yield rest.toString('utf8');
}
