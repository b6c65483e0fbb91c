/** What decisions about other streams may know of a recall. */
export interface RecallStanding {
  readonly asset: string;
  readonly open: boolean;
}
