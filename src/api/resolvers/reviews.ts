import { Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { queueOf, reviewList } from '../../../projections/reviews/queries';
import { abortable } from '../abortable';
import type { Asking } from '../asking';
import { fault } from '../errors';
import { idArgument, reviewId } from '../ids';
import { type ListArguments, listing, type OneArguments, one, type Part, partOf } from '../listing';
import { versionAt } from '../node';
import { type QueueChange, queueAt, queueChanges } from '../queue';
import { assetView } from '../views/asset';
import { approvalView } from '../views/ledger';
import { type ReviewPathView, type ReviewView, reviewView } from '../views/review';
import { workflowView } from '../views/rules';

type ReviewArguments = ListArguments & { readonly needsMe?: boolean | null };

@Resolver('Review')
export class ReviewResolver {
  @Query('review')
  review(_root: unknown, args: OneArguments & { id: string }, asking: Asking) {
    const id = idArgument('review', args.id, ['id']);
    return one(asking, 'reviews', args, async (moment) => reviewView(await moment.review(id), moment));
  }

  @Query('reviews')
  async reviews(_root: unknown, args: ReviewArguments, asking: Asking) {
    if (args.needsMe !== true) return listing(asking, reviewList, args, reviewView);
    if (args.filter != null) throw fault('BAD_USER_INPUT', 'filter does not go together with needsMe.', ['filter']);
    const rows = await one(asking, 'reviews', args, (moment) => queueAt(asking, moment));
    return listing(asking, queueOf(rows), args, reviewView);
  }

  @Subscription('reviewQueue', { resolve: (item: QueueChange) => item })
  reviewQueue(_root: unknown, _args: unknown, asking: Asking) {
    return abortable((signal) => queueChanges(asking, signal));
  }

  @ResolveField('asset')
  async asset({ row, moment }: ReviewView) {
    await moment.settled('library');
    return assetView(await moment.asset(row.asset), moment);
  }

  @ResolveField('version')
  async version({ row, moment }: ReviewView) {
    await moment.settled('library');
    return versionAt(moment, row.asset, row.version);
  }

  @ResolveField('workflow')
  async workflow({ row, moment }: ReviewView) {
    return row.workflow === null ? null : workflowView(await moment.workflow(row.workflow), moment);
  }

  @ResolveField('approval')
  async approval({ row, moment }: ReviewView) {
    return row.approval === null ? null : approvalView(await moment.approval(row.approval), moment);
  }

  @ResolveField('decisions')
  decisions({ decisions }: ReviewView, args: Part) {
    return partOf(decisions, args);
  }
}

@Resolver('ReviewPath')
export class ReviewPathResolver {
  @ResolveField('waitingFor')
  async waitingFor(path: ReviewPathView, args: Part) {
    return partOf(await path.waitingFor(), args);
  }

  @ResolveField('assigned')
  assigned({ assigned }: ReviewPathView, args: Part) {
    return partOf(assigned, args);
  }
}

@Resolver('QueueChange')
export class QueueChangeResolver {
  @ResolveField('added')
  added({ added, moment }: QueueChange, args: Part) {
    return partOf(added, args).map((row) => reviewView(row, moment));
  }

  @ResolveField('removed')
  removed({ removed }: QueueChange, args: Part) {
    return partOf(removed.map(reviewId), args);
  }
}
