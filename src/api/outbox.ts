import type { ServerResponse } from 'node:http';

interface Answer {
  readonly response: ServerResponse;
  /** JSON. */
  readonly text: string;
  /** Seconds after which it is worth asking again, where that is so. */
  readonly again: string | undefined;
}

/** Characters that wait for the end of a turn, at most. */
const MOST = 65_536;

/**
 * Sends what was answered in one turn of the event loop together, at its end. Each write wakes whoever waits for it, and
 * waking somebody on this machine who sleeps again after one answer costs more than the rest of sending: a proxy that
 * finds several answers at once was woken once for all of them. A turn ends when the questions that came in together are
 * answered, so nobody waits for a question that came later. Large answers do not wait: what they take to send is more than
 * the waking, and small ones would wait for them.
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
    // It stands behind another one of its connection, and wakes nobody. Node stops reading a connection by what was sent
    // on it: who asks and asks, and takes no answer, would otherwise be read and answered without bounds.
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
  // Where every character is one byte it is ASCII, which is the same in both encodings and quicker to copy in this one.
  response.end(text, length === text.length ? 'latin1' : 'utf8');
}
