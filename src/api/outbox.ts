import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

interface Answer {
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  readonly text: string;
}

/**
 * Sends what was answered in one turn of the event loop together, at its end. Each write wakes whoever waits for it, and
 * waking somebody on this machine who sleeps again after one answer costs more than the rest of sending: a proxy that
 * finds several answers at once was woken once for all of them. A turn ends when the questions that came in together are
 * answered, so nobody waits for a question that came later.
 */
export class Outbox {
  private waiting: Answer[] = [];
  private readonly flush = (): void => {
    const leaving = this.waiting;
    this.waiting = [];
    for (const answer of leaving) send(answer);
  };

  /** @param headers besides the length */
  put(response: ServerResponse, headers: OutgoingHttpHeaders, text: string): void {
    if (this.waiting.push({ response, headers, text }) === 1) setImmediate(this.flush);
  }
}

function send({ response, headers, text }: Answer): void {
  const length = Buffer.byteLength(text);
  response.writeHead(200, { ...headers, 'content-length': length });
  // Where every character is one byte it is ASCII, which is the same in both encodings and quicker to copy in this one.
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
