import type { ServerResponse } from 'node:http';

interface Answer {
  readonly response: ServerResponse;
  /** JSON. */
  readonly text: string;
  /** Seconds until a retry is worthwhile, if any. */
  readonly again: string | undefined;
}

/** Maximum number of characters held until the end of a turn. */
const MOST = 65_536;

/**
 * Sends the answers of one turn of the event loop together, at its end. Each write wakes its reader, and waking a local
 * process that sleeps again after one answer costs more than the rest of sending: a proxy that finds several answers at
 * once is woken only once. A turn ends when the requests that arrived together are answered, so nobody waits for a
 * later request. Large answers are sent at once: sending them takes longer than waking, and small answers would wait
 * for them.
 */
export class Outbox {
  private waiting: Answer[] = [];
  private size = 0;
  private readonly flush = (): void => {
    const leaving = this.waiting;
    this.waiting = [];
    this.size = 0;
    for (const answer of leaving) send(answer);
  };

  put(answer: Answer): void {
    // This answer queues behind another one on its connection and wakes nobody. Node stops reading a connection
    // depending on what was sent on it; otherwise a client that sends requests without reading answers would be served
    // without limit.
    if (answer.response.socket === null) {
      send(answer);
      return;
    }
    if (this.waiting.push(answer) === 1) setImmediate(this.flush);
    this.size += answer.text.length;
    if (this.size > MOST) this.flush();
  }
}

function send({ response, text, again }: Answer): void {
  const length = Buffer.byteLength(text);
  if (again !== undefined) response.setHeader('retry-after', again);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length });
  // If every character is one byte, the text is ASCII, which is equal in both encodings and faster to copy as latin1.
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
