import type { Delivery, Position } from '../store';
import type { Feed } from './feed';
import { commitOf, positionFrom } from './positions';
import type { Reader } from './reading';
import { PAGE } from './sweep';

/** An endless read: pages of the log up to what the shared subscription still holds, then the subscription itself. */
export async function* subscribing(
  feed: Feed,
  reader: Reader,
  { after, signal }: { readonly after: Position; readonly signal: AbortSignal },
): AsyncGenerator<Delivery> {
  let position = commitOf(after, 'after');
  let caughtUp = false;
  while (!signal.aborted) {
    // Join before reading the log, so that no event falls between the two.
    const floor = await feed.join();
    try {
      for await (const events of reader.readAll({ after: positionFrom(position) }, signal)) {
        yield { events, caughtUp: false };
        position = Number(events.at(-1)!.position);
        caughtUp = false;
        if (signal.aborted) return;
      }
      position = Math.max(position, floor);
      if (!caughtUp) yield { events: [], caughtUp: true };
      caughtUp = true;
      while (!signal.aborted) {
        const heard = feed.heard();
        const page = feed.behind(position, PAGE);
        if (page === undefined) break;
        if (page.length === 0) {
          await feed.news(heard, signal);
          continue;
        }
        position = page.at(-1)!.position;
        caughtUp = page.length < PAGE;
        yield { events: page.map(({ event }) => event), caughtUp };
      }
    } finally {
      feed.leave();
    }
  }
}
