import { ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { Asking } from '../asking';
import { type ChangeItem, type ChangesArguments, type ChangeView, changes } from '../changes';
import { assetView } from '../views/asset';
import { sentenceOf } from '../views/history';

/** What can be watched. */
@Resolver()
export class SubscriptionResolver {
  @Subscription('changes', { resolve: (item: ChangeItem) => item })
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

@Resolver('Change')
export class ChangeResolver {
  @ResolveField('sentence')
  sentence({ row, moment }: ChangeView) {
    return sentenceOf(row, moment);
  }

  @ResolveField('asset')
  async asset({ asset, moment, asking, position }: ChangeView) {
    if (asset === null) return null;
    await asking.reached(position, 'library');
    return assetView(await moment.asset(asset), moment);
  }
}
