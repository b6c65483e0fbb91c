import { type Row, table } from '../../src/tables/projection';

export const campaign = table({
  columns: {
    campaign: 'uuid',
    name: 'text',
    /** What campaigns are sorted by: `sortKey` of the name. */
    nameKey: 'text',
    brand: 'word?',
    markets: 'list',
    /** planned, launched or ended. */
    status: 'word',
    /** Calendar days it is planned for. */
    startsOn: 'text?',
    endsOn: 'text?',
    plannedAt: 'instant',
    plannedBy: 'word',
    launchedAt: 'instant?',
    endedAt: 'instant?',
    /** Last revision of its stream and position of that event. */
    revision: 'integer',
    changed: 'position',
  },
  key: ['campaign'],
  temporal: true,
  sortKeys: { nameKey: 'name' },
  indexes: [{ columns: ['nameKey'] }],
  search: 'name',
});

/** How much ran and runs in a campaign. Apart from it, because it changes with every placement. */
export const tally = table({
  columns: { campaign: 'uuid', placements: 'integer', live: 'integer' },
  key: ['campaign'],
  temporal: true,
  fixed: [],
});

export const tables = { campaign, tally };

export type CampaignRow = Row<typeof campaign>;
export type TallyRow = Row<typeof tally>;
