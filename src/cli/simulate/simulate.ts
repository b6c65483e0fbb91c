import type { Command } from '../../domain/catalogue';
import type { Actor, RecordedEvent } from '../../domain/event';
import type { Answer, Execute } from '../../runtime/intent';
import { Interrupted } from '../exit';
import { assetLife } from './life';
import { type Campaign, Organisation } from './organisation';
import { Passage } from './passage';
import { Random } from './random';
import { Agenda, type Step } from './step';

export interface SimulateOptions {
  /** One that keeps the order of the commands it is given; otherwise the log's order is left to chance. */
  readonly execute: Execute;
  /** How many assets are registered in the year. */
  readonly assets: number;
  readonly seed: number;
  /** The midnight (UTC) at which the year begins; it must lie more than a year back. */
  readonly from?: Date;
  /** Assets registered so far, and events so far. */
  readonly onProgress?: (assets: number, events: number) => void;
  readonly signal?: AbortSignal;
}

export interface Simulated {
  /** Events of the year, those that were there from an earlier run included. */
  readonly events: number;
  readonly assets: number;
  readonly campaigns: number;
  readonly seconds: number;
}

const DEFAULT_FROM = new Date('2025-01-01T00:00:00.000Z');

/**
 * A year of a marketing organisation, made by the real commands in the order of its calendar. The same assets, seed and
 * start give the same commands with the same ids: run again it adds nothing, and a run that was ended goes on.
 * Throws Interrupted where the signal ends it, and an error where a command is refused, since none should be.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { execute, assets, seed, from = DEFAULT_FROM, onProgress, signal } = options;
  const begun = performance.now();
  const organisation = new Organisation(seed, assets, from);
  let events = 0;
  let registered = 0;
  const placements = new Map<string, string>();
  const answered = (step: Step, answer: Answer) => {
    if (!answer.ok)
      throw new Error(`${step.command.type} of the simulated year was refused: ${answer.refusal.message}`);
    events += answer.events.length;
    if (step.command.type === 'PlaceInCampaign') placements.set(step.commandId, placementIn(answer.events));
    if (step.command.type !== 'RegisterAsset') return;
    registered += 1;
    onProgress?.(registered, events);
  };
  const passage = new Passage(execute, answered);
  for (const step of year(organisation)) {
    if (signal?.aborted) break;
    await passage.send(step, () => commandOf(step, placements));
  }
  await passage.end();
  if (signal?.aborted) throw new Interrupted();
  return {
    events,
    assets: registered,
    campaigns: organisation.campaigns.length,
    seconds: (performance.now() - begun) / 1000,
  };
}

/** Every step of the year in the order of time. Asset lives enter when they begin, so that few are open at once. */
export function* year(organisation: Organisation): Generator<Step, void> {
  const { calendar, campaigns, assets, seed } = organisation;
  const agenda = new Agenda();
  for (const campaign of campaigns) agenda.begin(campaignLife(organisation, campaign));
  const random = new Random(seed, -1);
  const starts = Float64Array.from({ length: assets }, () => calendar.anyTime(random)).sort();
  for (let index = 0; ; ) {
    while (index < assets && starts[index]! <= agenda.earliest) {
      agenda.begin(assetLife(organisation, index, starts[index]!));
      index += 1;
    }
    const step = agenda.next();
    if (step === undefined) return;
    yield step;
  }
}

function* campaignLife(organisation: Organisation, campaign: Campaign): Generator<Step, void> {
  const { id, name, brand, markets, plannedAt, launchedAt, endedAt, calledOff } = campaign;
  const actor: Actor = organisation.managers[0]!;
  const say = (at: number, command: Command): Step => ({
    at,
    commandId: organisation.id(`${id}/${command.type}`),
    actor,
    tool: 'Campaign Planner',
    command,
  });
  const [startsOn, endsOn] = [launchedAt, endedAt].map((time) => new Date(time).toISOString().slice(0, 10));
  yield say(plannedAt, { type: 'PlanCampaign', campaign: id, name, brand: brand.name, markets, startsOn, endsOn });
  if (calledOff) yield say(launchedAt, { type: 'EndCampaign', campaign: id, reason: 'called off' });
  if (calledOff || launchedAt >= organisation.calendar.end) return;
  yield say(launchedAt, { type: 'LaunchCampaign', campaign: id });
  if (endedAt < organisation.calendar.end)
    yield say(endedAt, { type: 'EndCampaign', campaign: id, reason: 'flight over' });
}

function commandOf({ command }: Step, placements: Map<string, string>): Command {
  if (command.type !== 'EndOf') return command;
  const placement = placements.get(command.placedBy);
  if (placement === undefined) throw new Error('a placement ends in the simulated year that never started');
  placements.delete(command.placedBy);
  return { type: 'EndPlacement', asset: command.asset, placement, reason: command.reason };
}

function placementIn([started]: readonly Pick<RecordedEvent, 'data'>[]): string {
  return (started as { readonly data: { readonly placement: string } }).data.placement;
}
