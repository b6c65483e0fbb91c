/** What a token may say its bearer is. */
export const ROLES = ['author', 'approver', 'analyst', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** What each role is for, in a sentence that begins with its bearer. */
export const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  author: 'makes content, asks for reviews and places what is approved',
  approver: 'decides on reviews',
  analyst: 'reads everything',
  auditor: 'reads everything',
};

const EVERYONE: readonly Role[] = ROLES;
/** Whoever takes part in production: makes content or decides on it. */
const PRODUCTION: readonly Role[] = ['author', 'approver'];
const AUTHORS: readonly Role[] = ['author'];
const APPROVERS: readonly Role[] = ['approver'];

/**
 * Which roles may use which field of Query, Mutation and Subscription: the one place where that is said. Whether a
 * person may approve this very version is not a matter of roles: four eyes is decided by the asset.
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
  'Query.approvalTimes': EVERYONE,
  'Query.campaign': EVERYONE,
  'Query.campaigns': EVERYONE,
  'Query.node': EVERYONE,
  'Query.viewer': EVERYONE,
  'Query.head': EVERYONE,

  'Mutation.assetRegister': AUTHORS,
  'Mutation.assetAddVersion': AUTHORS,
  'Mutation.assetChangeMetadata': AUTHORS,
  'Mutation.assetRequestReview': AUTHORS,
  'Mutation.assetRecordDecision': APPROVERS,
  'Mutation.assetPlaceInCampaign': AUTHORS,
  'Mutation.assetEndPlacement': PRODUCTION,
  'Mutation.assetRetire': PRODUCTION,
  'Mutation.assetRestore': PRODUCTION,
  'Mutation.assetAttestDecision': PRODUCTION,
  'Mutation.assetObservePlacement': PRODUCTION,
  'Mutation.assetObservePlacementEnd': PRODUCTION,
  'Mutation.assetObserveAlias': PRODUCTION,
  'Mutation.assetObserveAliasEnd': PRODUCTION,
  'Mutation.campaignPlan': AUTHORS,
  'Mutation.campaignLaunch': PRODUCTION,
  'Mutation.campaignEnd': PRODUCTION,
  'Mutation.campaignObserveContents': PRODUCTION,

  'Subscription.changes': EVERYONE,
};

export function isRole(word: unknown): word is Role {
  return ROLES.includes(word as Role);
}

/** Whether one of the roles may use `Type.field`; a field missing in the table is for nobody. */
export function allows(field: string, roles: readonly Role[]): boolean {
  const allowed = ALLOWED[field];
  return allowed?.some((role) => roles.includes(role)) ?? false;
}

/** For each mutation, whether one of the roles may use it. */
export function permissionsOf(roles: readonly Role[]): Readonly<Record<string, boolean>> {
  const mutations = Object.keys(ALLOWED).filter((field) => field.startsWith('Mutation.'));
  return Object.fromEntries(mutations.map((field) => [field.slice('Mutation.'.length), allows(field, roles)]));
}
