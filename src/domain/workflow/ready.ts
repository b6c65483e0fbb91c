import type { WorkflowDefinition } from './parts';

/** One person who has nothing to do with the content approves it: what holds without a rulebook too, with a deadline. */
export const FOUR_EYES: WorkflowDefinition = {
  name: 'Four eyes',
  description: 'One person who has nothing to do with the content approves it.',
  stages: [
    {
      id: 'approval',
      name: 'Approval',
      paths: [{ id: 'approval', candidates: { anybody: true }, quorum: 1 }],
      deadline: { hours: 72, remindBefore: [24], onSilence: 'remind' },
    },
  ],
};

/** Brand first, then law and data protection side by side, then the market. */
export const BRAND_LEGAL_MARKET: WorkflowDefinition = {
  name: 'Brand, legal, market',
  description: 'Brand management first, then the legal department and data protection side by side, then the market.',
  stages: [
    {
      id: 'brand',
      name: 'Brand',
      paths: [{ id: 'brand', name: 'Brand management', candidates: { roles: ['brand manager'] }, quorum: 1 }],
      deadline: {
        workingDays: 2,
        remindBefore: [24],
        onSilence: 'escalate',
        escalateTo: { roles: ['brand director'] },
      },
    },
    {
      id: 'legal',
      name: 'Legal',
      paths: [
        { id: 'law', name: 'Legal department', candidates: { groups: ['legal'] }, quorum: 2 },
        { id: 'privacy', name: 'Data protection', candidates: { roles: ['data protection'] }, quorum: 1 },
        {
          id: 'accessibility',
          name: 'Accessibility',
          candidates: { groups: ['accessibility'] },
          quorum: 1,
          optional: true,
        },
      ],
      deadline: { workingDays: 3, remindBefore: [72, 24], onSilence: 'remind' },
    },
    {
      id: 'market',
      name: 'Market',
      paths: [{ id: 'market', name: 'Market', candidates: { roles: ['market manager'] }, quorum: 1 }],
      deadline: { workingDays: 2, remindBefore: [24], onSilence: 'lapse' },
    },
  ],
  calendar: {
    timeZone: 'Europe/Berlin',
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    from: '09:00',
    to: '17:00',
  },
  materialFields: ['claim', 'disclaimer'],
  carryOver: [
    { id: 'not-material', kind: 'notMaterial' },
    { id: 'crop-5', kind: 'crop', atMost: 5 },
  ],
};

/** Workflows that come with the program, by the name that the command line knows them by. */
export const READY: { readonly [name: string]: WorkflowDefinition } = {
  'four-eyes': FOUR_EYES,
  'brand-legal-market': BRAND_LEGAL_MARKET,
};
