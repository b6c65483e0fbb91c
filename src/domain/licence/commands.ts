import { Allow } from 'class-validator';
import { instant, label, note, part, uuid } from '../fields';
import { FINE, limit, optional, wrong } from '../input';
import { fromOdrl } from '../rights/odrl';
import { Terms } from '../rights/terms';

/** UTF-16 units of a policy; an event keeps it whole. */
const MAX_POLICY = 12_000;

const policy = limit('policy', (value) => {
  if (typeof value !== 'string' || value.length > MAX_POLICY)
    return wrong(`must be a text of at most ${MAX_POLICY} characters`);
  return fromOdrl(value) === undefined ? wrong('must be an ODRL policy in JSON-LD, with a permission') : FINE;
});

export class GrantLicence {
  @Allow() readonly type = 'GrantLicence';
  @uuid('licence') readonly licence!: string;
  @label(200) readonly holder!: string;
  @optional(label(200)) readonly reference?: string;
  @part(Terms) readonly terms!: Terms;
}

/** A licence as another tool wrote it: a policy of ODRL 2.2 in JSON-LD. */
export class ImportLicence {
  @Allow() readonly type = 'ImportLicence';
  @uuid('licence') readonly licence!: string;
  @policy readonly odrl!: string;
  /** Default: the assigner whom the policy names. */
  @optional(label(200)) readonly holder?: string;
  @optional(label(200)) readonly reference?: string;
}

/** The new terms take the place of the old ones, whole. */
export class AmendLicence {
  @Allow() readonly type = 'AmendLicence';
  @uuid('licence') readonly licence!: string;
  @part(Terms) readonly terms!: Terms;
  @note readonly reason!: string;
}

/** Without an instant, at once. */
export class EndLicence {
  @Allow() readonly type = 'EndLicence';
  @uuid('licence') readonly licence!: string;
  @optional(instant) readonly endsAt?: string;
  @note readonly reason!: string;
}

/** A placement that relies on the licence has started. Counted once, however often it is told. */
export class CountUse {
  @Allow() readonly type = 'CountUse';
  @uuid('licence') readonly licence!: string;
  @uuid('placement') readonly placement!: string;
}
