import { actor, distinct, integer, label, oneOf, prose } from './fields';
import { type InputFault, optional } from './input';

/** What a compliance rule of the rulebook can look at when something is placed. */
export const CHECKS = [
  'licenceNeeded',
  'releaseNeeded',
  'metadataNeeded',
  'aiDisclosed',
  'partsApproved',
  'rightsEndSoon',
] as const;
export type Check = (typeof CHECKS)[number];

export const OUTCOMES = ['block', 'warn'] as const;

/** The most rules of one entry, and the most metadata fields that one of them needs. */
export const MOST_RULES = 30;
export const MOST_NEEDED = 30;

/** A rule that the rulebook lays down for a scope: what it looks at, in whose name, and what follows if it is broken. */
export class ComplianceRule {
  /** Names it in verdicts and waivers, as long as the rulebook has it. */
  @label(60) readonly id!: string;
  @integer(1) readonly version!: number;
  /** The rule in words. */
  @prose(1_000) readonly text!: string;
  /** Who answers for it. */
  @actor readonly owner!: string;
  @oneOf(CHECKS) readonly check!: Check;
  @oneOf(OUTCOMES) readonly outcome!: (typeof OUTCOMES)[number];
  /** Of `metadataNeeded`: the fields. */
  @optional(distinct(MOST_NEEDED, label(100))) readonly fields?: readonly string[];
  /** Of `rightsEndSoon`: how many days before their end. */
  @optional(integer(1, 3_650)) readonly days?: number;
}

/** What a rule says in one field against another. */
export function ruleFaults(rules: readonly ComplianceRule[], at: readonly string[]): readonly InputFault[] {
  return rules.flatMap(({ id, check, fields, days }, index) => {
    const steps = [...at, String(index)];
    const faults: InputFault[] = [];
    if (rules.findIndex((rule) => rule.id === id) < index) {
      faults.push({ steps: [...steps, 'id'], reason: 'is the id of another rule of this entry' });
    }
    if (id.startsWith(RIGHTS)) faults.push({ steps: [...steps, 'id'], reason: `must not begin with ${RIGHTS}` });
    if ((check === 'metadataNeeded') !== (fields !== undefined)) {
      faults.push({ steps: [...steps, 'fields'], reason: 'go with the check metadataNeeded, and only with it' });
    }
    if ((check === 'rightsEndSoon') !== (days !== undefined)) {
      faults.push({ steps: [...steps, 'days'], reason: 'go with the check rightsEndSoon, and only with it' });
    }
    return faults;
  });
}

/** What the rules about licences begin with: they hold wherever there is a licence, without any rulebook. */
export const RIGHTS = 'rights.';

/** The code of uses that are spent: whoever used them up is not in the wrong. */
export const OF_USES = 'RIGHTS_SPENT';

/** What became of one rule in one decision. */
export interface Ruling {
  readonly rule: string;
  readonly version: number;
  readonly outcome: 'passed' | 'warned' | 'waived' | 'blocked';
  /** What it would refuse; absent where it passed. */
  readonly codes?: readonly string[];
  /** The waiver that let it pass. */
  readonly waiver?: string;
}
