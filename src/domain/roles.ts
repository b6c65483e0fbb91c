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

export const AUTHORS: readonly Role[] = ['author'];
export const APPROVERS: readonly Role[] = ['approver'];
/** Roles of people in production, who make content or decide on it. */
export const PRODUCTION: readonly Role[] = ['author', 'approver'];

export function isRole(word: unknown): word is Role {
  return ROLES.includes(word as Role);
}
