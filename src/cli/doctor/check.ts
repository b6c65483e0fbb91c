/** One thing that was looked at: what was seen, and what to do about it where it is not well. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** Empty where there is nothing to do. */
  readonly advice: string;
}
