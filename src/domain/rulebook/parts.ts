import { ComplianceRule, MOST_RULES } from '../compliance';
import { actors, integer, label, list, part, uuid } from '../fields';
import { optional } from '../input';
import { Scope } from '../scope';

/** The most of each that a rulebook has. */
export const MOST_ENTRIES = 200;
export const MOST_PEOPLE_LISTS = 100;
export const MOST_MEMBERS = 200;
export const MOST_EDITORS = 50;

/**
 * What applies to a scope. Each thing that can apply is a field of its own and chosen by itself: of the entries that have
 * the field, the most specific one that covers an asset wins.
 */
export class RulebookEntry {
  @part(Scope) readonly scope!: Scope;
  /** Reviews of these assets follow this workflow. */
  @optional(uuid('workflow')) readonly workflow?: string;
  /** Default: the newest version there is when a review is asked for. */
  @optional(integer(1)) readonly workflowVersion?: number;
  /** Placements of these assets, in the market of the placement, are held to these rules. */
  @optional(list(MOST_RULES, part(ComplianceRule))) readonly rules?: readonly ComplianceRule[];
}

/** What `RulebookEntry` can say of its scope; each name is a field of it. */
export const APPLICABLE = ['workflow', 'rules'] as const;

/** People under one name: the holders of a role, or the members of a group. */
export class PeopleList {
  @label(100) readonly name!: string;
  @actors(MOST_MEMBERS) readonly people!: readonly string[];
}
