import { Allow } from 'class-validator';
import { instant, label, note, part, uuid } from '../fields';
import { optional } from '../input';
import { Terms } from '../rights/terms';

export class GrantLicence {
  @Allow() readonly type = 'GrantLicence';
  @uuid('licence') readonly licence!: string;
  @label(200) readonly holder!: string;
  @optional(label(200)) readonly reference?: string;
  @part(Terms) readonly terms!: Terms;
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
