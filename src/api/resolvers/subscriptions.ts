import { Resolver, Subscription } from '@nestjs/graphql';
import { abortable } from '../abortable';
import type { Asking } from '../asking';
import { type Change, type ChangesArguments, changes } from '../changes';

@Resolver()
export class SubscriptionResolver {
  @Subscription('changes', { resolve: (item: Change) => item })
  changes(_root: unknown, args: ChangesArguments, asking: Asking) {
    return abortable((signal) => changes(asking, args, signal));
  }
}
