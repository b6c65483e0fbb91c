import type { Context, Outcome } from '../decider';
import { canonicalId } from '../identity';
import { refuse } from '../refusal';
import type { CarryOverApproval } from './commands';
import { excludedFrom, pathsOf } from './eligible';
import type { AssetEvent } from './events';
import { materialHash } from './material';
import { materialFieldsIn, rulesOf, scopeOf } from './rules';
import { type AssetState, currentVersion, idsOf } from './state';

/**
 * Keeps an approval for what is new, as an approval of its own: the one that lapsed stays over. Only by a rule of the
 * version of the workflow that granted it, and only by a candidate who has nothing to do with what is new.
 */
export function carryOver(command: CarryOverApproval, state: AssetState, context: Context): Outcome<AssetEvent> {
  const { lapsed, versions } = state;
  if (state.approval !== undefined) return refuse('ALREADY_APPROVED');
  if (state.review !== undefined) return refuse('REVIEW_ALREADY_OPEN');
  if (lapsed?.approval !== command.approval || lapsed.workflow === undefined || versions === undefined) {
    return refuse('CARRY_OVER_IMPOSSIBLE', undefined, ['approval']);
  }
  const { workflow, workflowVersion = 1 } = lapsed;
  const rules = rulesOf({ workflow, workflowVersion, scope: scopeOf(state) }, context);
  const { definition } = rules.defined;
  const rule = definition.carryOver?.find(({ id }) => id === command.rule);
  if (rule === undefined) return refuse('CARRY_OVER_RULE_UNKNOWN', undefined, ['rule']);
  if (rule.kind === 'crop') {
    const { measured } = command;
    if (measured === undefined) return refuse('INVALID_INPUT', 'measured: is missing: how much is gone?', ['measured']);
    if (measured < 0 || measured > (rule.atMost ?? 0)) return refuse('CARRY_OVER_EXCEEDED', undefined, ['measured']);
  }
  const { actor } = context;
  if (actor.kind !== 'person' || actor.onBehalfOf !== undefined) return refuse('NOT_A_CANDIDATE');
  const excluded = excludedFrom(state, []);
  if (idsOf(actor).some((id) => excluded.has(canonicalId(id))) || context.makers?.made) return refuse('FOUR_EYES');
  const candidate = definition.stages.some((stage) => pathsOf(actor.id, stage, false, rules.rulebook).length > 0);
  if (!candidate) return refuse('NOT_A_CANDIDATE');
  const materialFields = materialFieldsIn(definition);
  return {
    events: [
      {
        type: 'ApprovalCarriedOver',
        data: {
          approval: context.id('approval'),
          review: lapsed.review,
          version: currentVersion(state),
          digest: versions.last.digest,
          materialHash: materialHash(state.metadata, context, materialFields),
          from: lapsed.approval,
          fromVersion: lapsed.version,
          fromDigest: lapsed.digest,
          rule: rule.id,
          workflow,
          workflowVersion,
          ...(rule.kind === 'crop' && { measured: command.measured! }),
          materialFields,
          decidedBy: [...lapsed.decidedBy.filter((id) => canonicalId(id) !== canonicalId(actor.id)), actor.id],
          note: command.note,
        },
      },
    ],
  };
}
