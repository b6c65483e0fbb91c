import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Server } from '@tus/server';

type Tus = typeof import('@tus/server');
type Handler = Server['handlers']['PATCH'] | Server['handlers']['POST'];

/** The part of a handler that takes the bytes of a request. */
interface Writing {
  writeToStore(
    body: IncomingMessage | null,
    upload: { readonly id: string; readonly offset: number },
    most: number,
    context: { readonly signal: AbortSignal },
  ): Promise<number>;
  readonly store: { write(stream: Readable, id: string, offset: number): Promise<number> };
}

/** The body of a request as Node has it, instead of a stream of the web made of it. */
export function giveDirectly(request: object, body: IncomingMessage): void {
  Object.defineProperty(request, 'body', { value: body, configurable: true });
}

/**
 * Hands the bytes of requests to the store as they come. The library makes a stream of the web of them and a stream of Node
 * of that again, which takes more time than hashing and writing them.
 */
export function readDirectly({ ERRORS }: Tus, handlers: readonly Handler[]): void {
  for (const handler of handlers as unknown as readonly Writing[]) {
    handler.writeToStore = async (body, { id, offset }, most, { signal }) => {
      if (signal.aborted) throw ERRORS.ABORTED;
      const state = { isTooLarge: false };
      const stream =
        body === null ? Readable.from([]) : Readable.from(limited(body, most, signal, state), { objectMode: true });
      const now = await handler.store.write(stream, id, offset);
      if (state.isTooLarge) throw ERRORS.ERR_SIZE_EXCEEDED;
      return now;
    };
  }
}

/** What comes until it is more than may, or until another request wants to go on with the upload. */
async function* limited(
  body: IncomingMessage,
  most: number,
  signal: AbortSignal,
  state: { isTooLarge: boolean },
): AsyncGenerator<Buffer> {
  let came = 0;
  const leave = (): void => void body.destroy();
  signal.addEventListener('abort', leave, { once: true });
  try {
    // The connection stays, so that the answer can be sent.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      came += (chunk as Buffer).length;
      state.isTooLarge = came > most;
      if (state.isTooLarge) return;
      yield chunk as Buffer;
    }
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
