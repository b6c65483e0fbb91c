import { CAMPAIGN_EVENTS } from '../../src/domain/campaign/events';
import type { Recorded } from '../../src/domain/catalogue';
import { sortKey } from '../../src/domain/collation';
import { projection, type RowsOf } from '../../src/tables/projection';
import { found, subjectOf } from '../subject';
import { type CampaignRow, type TallyRow, tables } from './tables';

type Campaigns = RowsOf<typeof tables>;

/** Whatever happens to a campaign moves its revision, also where nothing else of its row changes. */
const FOLLOWING = Object.fromEntries(
  Object.keys(CAMPAIGN_EVENTS).map((type) => [type, (event: Recorded, rows: Campaigns) => change(event, rows, {})]),
);

/** The current state of every campaign, and the number of its past and running placements. */
export const campaigns = projection({
  name: 'campaigns',
  version: 4,
  tables,
  on: {
    ...FOLLOWING,
    CampaignPlanned: plan,
    CampaignLaunched: (event, rows) =>
      change(event, rows, { status: 'launched', launchedAt: event.metadata.occurredAt }),
    CampaignEnded: (event, rows) => change(event, rows, { status: 'ended', endedAt: event.metadata.occurredAt }),
    PlacementStarted: (event, rows) => count(event.data.campaign, rows, { placements: 1, live: 1 }),
    PlacementObserved: (event, rows) => count(event.data.campaign, rows, { placements: 1, live: 1 }),
    PlacementEnded: (event, rows) => count(event.data.campaign, rows, { placements: 0, live: -1 }),
    PlacementEndObserved: (event, rows) => count(event.data.campaign, rows, { placements: 0, live: -1 }),
  },
});

function plan(event: Recorded<'CampaignPlanned'>, rows: Campaigns): void {
  const { name, brand, markets, startsOn, endsOn } = event.data;
  rows.campaign.put({
    campaign: subjectOf(event),
    name,
    nameKey: sortKey(name),
    brand: brand ?? null,
    markets: markets ?? [],
    status: 'planned',
    startsOn: startsOn ?? null,
    endsOn: endsOn ?? null,
    plannedAt: event.metadata.occurredAt,
    plannedBy: event.metadata.actorId,
    launchedAt: null,
    endedAt: null,
    revision: event.revision,
    changed: event.position,
  });
}

function change(event: Recorded, rows: Campaigns, to: Partial<CampaignRow>): void {
  const before = found(rows.campaign.get({ campaign: subjectOf(event) }), event);
  rows.campaign.put({ ...before, ...to, revision: event.revision, changed: event.position });
}

/** A report may name a campaign that was never planned here; it is counted too. */
function count(campaign: string, rows: Campaigns, by: Omit<TallyRow, 'campaign'>): void {
  const before = rows.tally.get({ campaign }) ?? { campaign, placements: 0, live: 0 };
  rows.tally.put({ campaign, placements: before.placements + by.placements, live: before.live + by.live });
}
