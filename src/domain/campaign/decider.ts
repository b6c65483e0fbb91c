import type { Context, Decider, Outcome } from '../decider';
import { asGitEvidence } from '../evidence';
import {
  boolean,
  type Check,
  calendarDay,
  distinct,
  inputRefusal,
  label,
  MAX_TITLE,
  optional,
  prose,
  record,
  text,
  uuid,
} from '../input';
import { normalCommand } from '../normal';
import { refuse } from '../refusal';
import type { CampaignCommand } from './commands';
import { CONTENTS_INPUT, observeContents } from './contents';
import type { CampaignEvent } from './events';
import { type CampaignState, evolve, INITIAL, standingOf } from './state';

/** An initiative: planned, open for placements, ended. */
export const campaignDecider: Decider<CampaignCommand, CampaignState, CampaignEvent> = {
  category: 'campaign',
  initial: INITIAL,
  streamOf: (command) => `campaign-${command.campaign}`,
  references: (command) =>
    command.type === 'ObserveContents' && command.base !== undefined ? [`campaign-${command.base}`] : [],
  bytesOf: () => undefined,
  formerly,
  evolve,
  decide,
  standing: standingOf,
};

/** The most markets of one campaign; what an answer costs is derived from it. */
export const MAX_MARKETS = 300;

const campaign = { type: text(100), campaign: uuid };
const note = optional(prose(4_000));

const CAMPAIGN_INPUT: { readonly [T in CampaignCommand['type']]: Check } = {
  PlanCampaign: record({
    ...campaign,
    name: text(MAX_TITLE),
    brand: optional(label(100)),
    markets: optional(distinct(MAX_MARKETS, label(100))),
    startsOn: optional(calendarDay),
    endsOn: optional(calendarDay),
  }),
  LaunchCampaign: record({ ...campaign, note, afterLastDay: optional(boolean) }),
  EndCampaign: record({ ...campaign, reason: note }),
  ObserveContents: record({ ...campaign, ...CONTENTS_INPUT }),
};

/** Until 2026-11-29 the evidence of contents was called `source`. */
function formerly(command: CampaignCommand): object | undefined {
  if (command.type !== 'ObserveContents' || command.evidence === undefined) return undefined;
  const { evidence, ...rest } = command;
  const { repository, commit, tag } = asGitEvidence(evidence) ?? {};
  return tag === undefined ? undefined : { ...rest, source: { repository, commit, tag } };
}

function decide(given: CampaignCommand, state: CampaignState, context: Context): Outcome<CampaignEvent> {
  const command = normalCommand(given);
  const refusal = inputRefusal(command, CAMPAIGN_INPUT[command.type]);
  if (refusal !== undefined) return { refusal };
  if (command.type === 'PlanCampaign') return plan(command, state);
  if (state.status === '') return refuse('CAMPAIGN_NOT_FOUND', undefined, ['campaign']);
  if (command.type === 'ObserveContents') return observeContents(command, state, context);
  if (state.status === 'ended') return refuse('CAMPAIGN_ENDED');
  // A campaign that was never launched can be ended too: it is called off.
  if (command.type === 'EndCampaign') return { events: [{ type: 'CampaignEnded', data: { reason: command.reason } }] };
  if (state.status === 'launched') return refuse('CAMPAIGN_ALREADY_OPEN');
  return launch(command, state, context);
}

function launch(
  { note, afterLastDay }: Extract<CampaignCommand, { readonly type: 'LaunchCampaign' }>,
  { endsOn }: CampaignState,
  { occurredAt }: Context,
): Outcome<CampaignEvent> {
  // Both are written so that the order of texts is the order of days.
  const over = endsOn !== undefined && occurredAt.slice(0, 10) > endsOn;
  if (!over) return { events: [{ type: 'CampaignLaunched', data: { note } }] };
  if (afterLastDay !== true) {
    const message = `The last day of the campaign was ${endsOn}; to launch it all the same, say afterLastDay: true.`;
    return refuse('CAMPAIGN_OVER', message, ['afterLastDay']);
  }
  return { events: [{ type: 'CampaignLaunched', data: { note, afterLastDay } }] };
}

function plan(
  command: Extract<CampaignCommand, { readonly type: 'PlanCampaign' }>,
  state: CampaignState,
): Outcome<CampaignEvent> {
  if (state.status !== '') return refuse('CAMPAIGN_EXISTS');
  const { name, brand, markets, startsOn, endsOn } = command;
  if (startsOn !== undefined && endsOn !== undefined && endsOn < startsOn) {
    return refuse('INVALID_INPUT', 'endsOn: a campaign cannot end before it starts', ['endsOn']);
  }
  return { events: [{ type: 'CampaignPlanned', data: { name, brand, markets, startsOn, endsOn } }] };
}
