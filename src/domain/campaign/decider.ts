import { type Context, commandsOf, decider, type Outcome } from '../decider';
import { asGitEvidence } from '../evidence';
import type { InputFault } from '../input';
import { type Refusal, refuse } from '../refusal';
import { AUTHORS, PRODUCTION } from '../roles';
import { streamOf } from '../stream';
import { EndCampaign, LaunchCampaign, ObserveContents, PlanCampaign } from './commands';
import { contradictionsOf, observeContents } from './contents';
import type { CampaignEvent } from './events';
import { type CampaignState, evolve, INITIAL, standingOf } from './state';

const absent = ({ status }: CampaignState): Refusal | undefined =>
  status === '' ? undefined : refuse('CAMPAIGN_EXISTS', undefined, ['campaign']).refusal;
const existing = ({ status }: CampaignState): Refusal | undefined =>
  status === '' ? refuse('CAMPAIGN_NOT_FOUND', undefined, ['campaign']).refusal : undefined;
const notEnded = (state: CampaignState): Refusal | undefined =>
  existing(state) ?? (state.status === 'ended' ? refuse('CAMPAIGN_ENDED').refusal : undefined);

const command = commandsOf<CampaignState, CampaignEvent>();

/** An initiative: planned, open for placements, ended. */
export const campaignDecider = decider({
  category: 'campaign',
  initial: INITIAL,
  evolve,
  standing: standingOf,
  commands: [
    command(PlanCampaign, { roles: AUTHORS, where: absent, decide: plan, contradictions: endBeforeStart }),
    command(LaunchCampaign, { roles: PRODUCTION, where: notEnded, decide: launch }),
    // A campaign that was never launched can be ended too: it is called off.
    command(EndCampaign, { roles: PRODUCTION, where: notEnded, decide: end }),
    command(ObserveContents, {
      roles: PRODUCTION,
      where: existing,
      decide: observeContents,
      contradictions: contradictionsOf,
      references: ({ base }) => (base === undefined ? [] : [streamOf('campaign', base)]),
      formerly: formerlySource,
    }),
  ],
});

function plan({ name, brand, markets, startsOn, endsOn }: PlanCampaign): Outcome<CampaignEvent> {
  return { events: [{ type: 'CampaignPlanned', data: { name, brand, markets, startsOn, endsOn } }] };
}

/** Until 2026-11-29 the evidence of contents was called `source`. */
function formerlySource({ evidence, ...rest }: ObserveContents): object | undefined {
  const { repository, commit, tag } = (evidence && asGitEvidence(evidence)) ?? {};
  return tag === undefined ? undefined : { ...rest, source: { repository, commit, tag } };
}

function endBeforeStart({ startsOn, endsOn }: PlanCampaign): readonly InputFault[] {
  if (startsOn === undefined || endsOn === undefined || endsOn >= startsOn) return [];
  return [{ steps: ['endsOn'], reason: 'a campaign cannot end before it starts' }];
}

function launch(
  { note, afterLastDay }: LaunchCampaign,
  { status, endsOn }: CampaignState,
  { occurredAt }: Context,
): Outcome<CampaignEvent> {
  if (status === 'launched') return refuse('CAMPAIGN_ALREADY_OPEN');
  // Both are written so that the order of texts is the order of days.
  const over = endsOn !== undefined && occurredAt.slice(0, 10) > endsOn;
  if (!over) return { events: [{ type: 'CampaignLaunched', data: { note } }] };
  if (afterLastDay !== true) {
    const message = `The last day of the campaign was ${endsOn}; to launch it all the same, say afterLastDay: true.`;
    return refuse('CAMPAIGN_OVER', message, ['afterLastDay']);
  }
  return { events: [{ type: 'CampaignLaunched', data: { note, afterLastDay } }] };
}

function end({ reason }: EndCampaign): Outcome<CampaignEvent> {
  return { events: [{ type: 'CampaignEnded', data: { reason } }] };
}
