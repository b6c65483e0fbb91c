import { Resolver, Subscription } from '@nestjs/graphql';
import type { Asking } from '../asking';
import { type Change, type ChangesArguments, changes } from '../changes';

/** What can be watched. */
@Resolver()
export class SubscriptionResolver {
  @Subscription('changes', { resolve: (item: Change) => item })
  changes(_root: unknown, args: ChangesArguments, asking: Asking) {
    const ending = new AbortController();
    const items = changes(asking, args, ending.signal);
    // A generator that waits for the next event cannot be told to return: its signal ends the waiting first.
    return {
      next: () => items.next(),
      return: () => {
        ending.abort();
        return items.return();
      },
      throw: (error: unknown) => items.throw(error),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
