import { Resolver, Subscription } from '@nestjs/graphql';
import type { Asking } from '../asking';
import { type Change, type ChangesArguments, changes } from '../changes';

@Resolver()
export class SubscriptionResolver {
  @Subscription('changes', { resolve: (item: Change) => item })
  changes(_root: unknown, args: ChangesArguments, asking: Asking) {
    const ending = new AbortController();
    const items = changes(asking, args, ending.signal);
    // A generator that is waiting for the next event cannot return: the signal ends the wait first.
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
