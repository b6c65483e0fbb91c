/** What decisions about other streams may know of a campaign. */
export interface CampaignStanding {
  readonly status: 'planned' | 'launched' | 'ended';
  /** Its last calendar day, `YYYY-MM-DD`. */
  readonly endsOn: string | undefined;
  /** The campaign from which the last report of its contents started. */
  readonly base: string | undefined;
}
