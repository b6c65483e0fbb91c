import type { AssetCommand } from '../../src/domain/asset/decider';
import type { CommandNamed } from '../../src/domain/deciders';
import { POSTER } from './commands';

/** What people do in reviews that follow a workflow, about the one poster unless told otherwise. */
type Fields<T extends AssetCommand['type']> = Partial<Omit<CommandNamed<T>, 'type'>>;

export const withdrawReview = (asset = POSTER): AssetCommand => ({ type: 'WithdrawReview', asset });
export const withdrawDecision = (asset = POSTER): AssetCommand => ({ type: 'WithdrawDecision', asset });
export const keepDeadline = (review: string, asset = POSTER): AssetCommand => ({ type: 'KeepDeadline', asset, review });
export const assign = (path: string, person: string, asset = POSTER): AssetCommand => ({
  type: 'AssignReviewer',
  asset,
  path,
  person,
});
export const carryOver = (approval: string, rule: string, fields: Fields<'CarryOverApproval'> = {}): AssetCommand => ({
  type: 'CarryOverApproval',
  asset: POSTER,
  approval,
  rule,
  ...fields,
});
export const annotate = (text: string, fields: Fields<'AnnotateVersion'> = {}): AssetCommand => ({
  type: 'AnnotateVersion',
  asset: POSTER,
  version: 1,
  text,
  ...fields,
});
export const resolveAnnotation = (annotation: string, asset = POSTER): AssetCommand => ({
  type: 'ResolveAnnotation',
  asset,
  annotation,
});
