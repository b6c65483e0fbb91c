import { Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Asking } from '../asking';
import { type OneArguments, one, type Part, partOf } from '../listing';
import { type TrailSubject, type TrailView, trailOf } from '../trail';

@Resolver('ApprovalTrail')
export class TrailResolver {
  @Query('approvalTrail')
  approvalTrail(_root: unknown, args: OneArguments & { readonly of: TrailSubject }, asking: Asking) {
    return one(asking, 'history', args, (moment) => trailOf(asking, args.of, moment));
  }

  @ResolveField('steps')
  steps({ all }: TrailView, args: Part) {
    return partOf(all, args);
  }
}
