import { COMMANDS } from '../domain/deciders';
import { AUTHORS, ROLES, type Role } from '../domain/roles';
import { mutationOf } from './naming';

const EVERYONE: readonly Role[] = ROLES;

/**
 * Which roles may use which field of Query, Mutation and Subscription; each command's definition names the roles that
 * may issue it. Whether a person may approve a version is not a matter of roles: the asset's decider applies the
 * four-eyes rule.
 */
export const ALLOWED: Readonly<Record<string, readonly Role[]>> = {
  'Query.asset': EVERYONE,
  'Query.assets': EVERYONE,
  'Query.assetHistory': EVERYONE,
  'Query.history': EVERYONE,
  'Query.approvals': EVERYONE,
  'Query.placements': EVERYONE,
  'Query.archive': EVERYONE,
  'Query.signals': EVERYONE,
  'Query.durations': EVERYONE,
  'Query.changesBetween': EVERYONE,
  'Query.approvalTimes': EVERYONE,
  'Query.campaign': EVERYONE,
  'Query.campaigns': EVERYONE,
  'Query.licence': EVERYONE,
  'Query.licences': EVERYONE,
  'Query.lineage': EVERYONE,
  'Query.waivers': EVERYONE,
  'Query.review': EVERYONE,
  'Query.reviews': EVERYONE,
  'Query.workflow': EVERYONE,
  'Query.workflows': EVERYONE,
  'Query.rulebook': EVERYONE,
  'Query.recall': EVERYONE,
  'Query.recalls': EVERYONE,
  'Query.findings': EVERYONE,
  'Query.obligations': EVERYONE,
  'Query.actors': EVERYONE,
  'Query.node': EVERYONE,
  'Query.viewer': EVERYONE,
  'Query.upload': EVERYONE,
  'Mutation.uploadBegin': AUTHORS,
  'Query.head': EVERYONE,
  'Query.approvalTrail': EVERYONE,
  'Query.checkpoint': EVERYONE,
  'Query.proof': EVERYONE,
  'Query.consistency': EVERYONE,
  'Query.promise': EVERYONE,
  'Query.verifyLog': ['auditor'],
  'Subscription.changes': EVERYONE,
  'Subscription.reviewQueue': EVERYONE,

  ...Object.fromEntries(COMMANDS.map((known) => [`Mutation.${mutationOf(known)}`, known.definition.roles])),
};

/** Whether one of the roles may use `Type.field`; a field missing in the table is forbidden. */
export function allows(field: string, roles: readonly Role[]): boolean {
  const allowed = ALLOWED[field];
  return allowed?.some((role) => roles.includes(role)) ?? false;
}

/** For each mutation, whether one of the roles may use it. */
export function permissionsOf(roles: readonly Role[]): Readonly<Record<string, boolean>> {
  const mutations = Object.keys(ALLOWED).filter((field) => field.startsWith('Mutation.'));
  return Object.fromEntries(mutations.map((field) => [field.slice('Mutation.'.length), allows(field, roles)]));
}
