import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { ContentUnavailable } from './contentfaults';

/**
 * Passes on the bytes of a remote store, and fails if they are not what was requested: too few or too many bytes, bytes
 * with another digest, or nothing for `silence` milliseconds while the reader waits. The last chunk is held back until
 * the whole is verified.
 */
export function checkedStream(
  source: Readable,
  { digest, bytes }: { readonly digest?: string | undefined; readonly bytes: number },
  silence: number,
): Readable {
  const hash = digest === undefined ? undefined : createHash('sha256');
  let [received, held]: [number, Buffer | undefined] = [0, undefined];
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      timer.refresh();
      received += chunk.length;
      hash?.update(chunk);
      const ready = held;
      held = chunk;
      if (received > bytes) done(falseAnswer(`more than the ${bytes} bytes asked for`));
      else done(null, ready);
    },
    flush(done) {
      if (received !== bytes) return done(falseAnswer(`${received} bytes instead of ${bytes}`));
      const found = hash?.digest('hex');
      if (found !== digest) return done(falseAnswer(`bytes with the SHA-256 ${found} instead of ${digest}`));
      done(null, held);
    },
  });
  const timer = setTimeout(() => {
    // If nobody reads, the store is not to blame.
    if (stream.readableLength > 0 || stream.writableNeedDrain) timer.refresh();
    else stream.destroy(silent(silence));
  }, silence);
  timer.unref();
  source.on('error', (error) => stream.destroy(cutShort(error)));
  source.on('close', () => {
    if (!source.readableEnded && !stream.destroyed) stream.destroy(cutShort());
  });
  stream.on('close', () => {
    clearTimeout(timer);
    source.destroy();
  });
  return source.pipe(stream);
}

export function falseAnswer(what: string): ContentUnavailable {
  return new ContentUnavailable('false', `the object store answered with ${what}`);
}

function cutShort(cause?: unknown): ContentUnavailable {
  return new ContentUnavailable('unreachable', 'the object store broke off in the middle of its answer', { cause });
}

function silent(milliseconds: number): ContentUnavailable {
  return new ContentUnavailable('unreachable', `the object store sent nothing for ${milliseconds / 1000} s`);
}
