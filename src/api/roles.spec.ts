import { ROLES } from '../domain/roles';
import { ALLOWED, allows } from './roles';

describe('the roles', () => {
  it('may all read, and a token without a role is refused', () => {
    // Comparing the whole log with what was signed takes long, so it is for those whose work it is.
    const reads = Object.keys(ALLOWED).filter((field) => !/^Mutation\.|^Query\.verifyLog$/.test(field));
    expect(ROLES.filter((role) => allows('Query.verifyLog', [role]))).toEqual(['auditor']);
    for (const role of ROLES) for (const field of reads) expect([field, allows(field, [role])]).toEqual([field, true]);
    for (const field of Object.keys(ALLOWED)) expect([field, allows(field, [])]).toEqual([field, false]);
  });

  it('of analysts and auditors may change nothing', () => {
    const acts = Object.keys(ALLOWED).filter((field) => field.startsWith('Mutation.'));
    for (const field of acts) expect([field, allows(field, ['analyst', 'auditor'])]).toEqual([field, false]);
  });

  it('other than approver may not decide', () => {
    const deciders = ROLES.filter((role) => allows('Mutation.assetRecordDecision', [role]));
    expect(deciders).toEqual(['approver']);
  });

  it('may not use a field that the table of roles does not contain', () => {
    expect(allows('Mutation.assetErase', ROLES)).toBe(false);
  });
});
