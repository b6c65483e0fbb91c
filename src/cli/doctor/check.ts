/** The result of one check: what was found, and what to do about it if something is wrong. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** Empty if there is nothing to do. */
  readonly advice: string;
}
