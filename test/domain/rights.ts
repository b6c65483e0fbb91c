import type { WaiveRules } from '../../src/domain/asset/commands';
import type { ComplianceRule } from '../../src/domain/compliance';
import type { Command } from '../../src/domain/deciders';
import type { AnswerRecall } from '../../src/domain/recall/commands';
import type { Terms } from '../../src/domain/rights/terms';
import { content, POSTER, revise } from './commands';
import { uuidOf } from './world';

/** The usual commands of a story about rights, rules and recalls. */
export const LICENCE = uuidOf('licence of the photographer');

export const grantLicence = (terms: Partial<Terms> = {}, licence = LICENCE): Command => ({
  type: 'GrantLicence',
  licence,
  holder: 'Studio Nord',
  terms: { allowed: ['display'], territories: ['worldwide'], ...terms },
});

export const amendLicence = (terms: Partial<Terms> = {}, licence = LICENCE): Command => ({
  type: 'AmendLicence',
  licence,
  terms: { allowed: ['display'], territories: ['worldwide'], ...terms },
  reason: 'a new contract',
});

export const endLicence = (endsAt?: string, licence = LICENCE): Command => ({
  type: 'EndLicence',
  licence,
  endsAt,
  reason: 'the photographer withdrew',
});

export const attachLicence = (asset = POSTER, licence = LICENCE): Command => ({
  type: 'AttachLicence',
  asset,
  licence,
});

export const addComponent = (
  component: { readonly asset: string; readonly version: number },
  asset = POSTER,
): Command => ({
  type: 'AddComponent',
  asset,
  component,
});

/** A rulebook whose one entry holds every asset to these rules. */
export const lawsOf = (...rules: readonly Partial<ComplianceRule>[]): Command =>
  revise({
    entries: [
      {
        scope: {},
        rules: rules.map((rule, index) => ({
          id: `rule ${index}`,
          version: 1,
          text: 'Because.',
          owner: 'lea',
          check: 'partsApproved',
          outcome: 'block',
          ...rule,
        })),
      },
    ],
  });

export const waive = (rules: readonly string[], fields: Partial<WaiveRules> = {}): Command => ({
  type: 'WaiveRules',
  asset: POSTER,
  version: 1,
  digest: content().digest,
  rules,
  waivedUntil: '2026-04-01T00:00:00.000Z',
  reason: 'The contract is on its way.',
  ...fields,
});

export const countUse = (placement: string, licence = LICENCE): Command => ({
  type: 'CountUse',
  licence,
  placement: uuidOf(placement),
});

export const RECALL = uuidOf('recall');

export const openRecall = (asset = POSTER): Command => ({
  type: 'OpenRecall',
  recall: RECALL,
  asset,
  reason: 'The photographer withdrew.',
  dueBy: '2026-03-09T09:00:00.000Z',
});

export const joinRecall = (placement: string, asset = POSTER): Command => ({
  type: 'JoinRecall',
  recall: RECALL,
  asset,
  placement,
});

export const answerRecall = (placement: string, fields: Partial<Omit<AnswerRecall, 'type'>> = {}): Command => ({
  type: 'AnswerRecall',
  recall: RECALL,
  placement,
  answer: 'takenDown',
  ...fields,
});

export const closeRecall = (): Command => ({ type: 'CloseRecall', recall: RECALL });

export const examine = (placement: string, asset = POSTER): Command => ({ type: 'ExaminePlacement', asset, placement });
