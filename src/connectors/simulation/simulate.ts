import type { Command } from '../../domain/deciders';
import { deciderOf } from '../../domain/deciders';
import type { Actor, NewEvent } from '../../domain/event';
import { NOTHING_KNOWN } from '../../domain/standings';
import { streamOf } from '../../domain/stream';
import type { Store } from '../../store/store';
import { InputRefused } from '../recording/failure';
import { Issuer, type Step } from '../recording/issuer';
import { Agenda, type DatedCommand } from './agenda';
import { assetLife } from './assetlife';
import { governedLife, outcomeOf, rulesLife } from './governance';
import { type Campaign, Organisation, type Pictures } from './organisation';
import { Random } from './random';

export interface SimulateOptions {
  readonly store: Store;
  /** Number of assets registered in the year. */
  readonly assets: number;
  readonly seed: number;
  /** The midnight (UTC) at which the year begins; it must be more than a year ago. */
  readonly from?: Date;
  /** Takes the pictures of versions; default: none are drawn. */
  readonly pictures?: Pictures | undefined;
  /** Milliseconds since 1970; default: the system clock. */
  readonly clock?: () => number;
  /** Assets registered so far, and events so far. */
  readonly onProgress?: (assets: number, events: number) => void;
  readonly signal?: AbortSignal;
}

export interface Simulated {
  /** Events of the year, including those from an earlier run. */
  readonly events: number;
  readonly assets: number;
  readonly campaigns: number;
  /** Events written by this run; 0 if the whole year already existed. */
  readonly written: number;
  readonly seconds: number;
}

export const DEFAULT_FROM = new Date('2025-01-01T00:00:00.000Z');

/**
 * A year of a marketing organisation, made by the real commands in calendar order. The same assets, seed and start give
 * the same commands with the same ids: a repeated run adds nothing, and an interrupted run resumes. Throws the reason
 * of the signal if it aborts, InputRefused if another version recorded the same year, and an error if any other command
 * is refused, since none should be.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { store, assets, seed, from = DEFAULT_FROM, pictures, clock = Date.now, onProgress, signal } = options;
  const begun = performance.now();
  const organisation = new Organisation(seed, assets, from, pictures);
  const told = new Telling(onProgress);
  const issuer = new Issuer(store, clock, signal);
  try {
    for (const moment of year(organisation)) {
      await issuer.issue(told.step(moment));
      if (issuer.refused.length > 0) break;
    }
    await issuer.drain();
  } finally {
    await issuer.settle();
  }
  const [refused] = issuer.refused;
  if (refused !== undefined) {
    if (refused.code === 'IDEMPOTENCY_KEY_REUSED') {
      throw new InputRefused(
        'the log holds the year of this seed and size as another version of this program simulated it; ' +
          'choose another seed, or another data directory',
      );
    }
    throw new Error(`${refused.intent.command.type} of the simulated year was refused: ${refused.message}`);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { events, registered } = told;
  return { events, assets: registered, campaigns: organisation.campaigns.length, written: issuer.written, seconds };
}

/** Command id of the first event of a year: it identifies a log that began as this year. */
export function firstCommandId(organisation: Organisation): string {
  const first = year(organisation).next().value as DatedCommand;
  return first.commandId;
}

/** The state of the simulation so far. */
class Telling {
  events = 0;
  registered = 0;
  /** Command that placed → placement, while it runs. */
  private readonly placements = new Map<string, string>();

  constructor(private readonly onProgress: SimulateOptions['onProgress']) {}

  step(moment: DatedCommand): Step {
    const { command, commandId, actor, tool, toolVersion } = moment;
    const occurredAt = new Date(moment.at).toISOString();
    const decider = command.type === 'EndOf' ? undefined : deciderOf(command.type);
    return {
      stream: command.type === 'EndOf' ? streamOf('asset', command.asset) : decider!.streamOf(command),
      asks: command.type === 'EndOf' ? [] : decider!.references(command, NOTHING_KNOWN, decider!.initial),
      build: () => ({
        command: this.commandOf(command),
        commandId,
        actor,
        tool,
        toolVersion,
        occurredAt,
        workspace: 'default',
      }),
      decided: (events) => this.decided(moment, events),
    };
  }

  private decided({ command, commandId }: DatedCommand, events: readonly Pick<NewEvent, 'type' | 'data'>[]): void {
    this.events += events.length;
    for (const { type, data } of events) {
      if (type === 'PlacementStarted') this.placements.set(commandId, (data as { placement: string }).placement);
    }
    if (command.type !== 'RegisterAsset') return;
    this.registered += 1;
    this.onProgress?.(this.registered, this.events);
  }

  private commandOf(command: DatedCommand['command']): Command {
    if (command.type !== 'EndOf') return command;
    const placement = this.placements.get(command.placedBy);
    if (placement === undefined) throw new Error('a placement ends in the simulated year that never started');
    this.placements.delete(command.placedBy);
    return { type: 'EndPlacement', asset: command.asset, placement, reason: command.reason };
  }
}

/** All commands of the year in order of time. Asset lives are added when they begin, so that few are open at once. */
export function* year(organisation: Organisation): Generator<DatedCommand, void> {
  const { calendar, campaigns, assets, seed } = organisation;
  const agenda = new Agenda();
  agenda.begin(rulesLife(organisation));
  for (const campaign of campaigns) agenda.begin(campaignLife(organisation, campaign));
  const random = new Random(seed, -1);
  const starts = Float64Array.from({ length: assets }, () => calendar.anyTime(random)).sort();
  for (let index = 0; ; ) {
    while (index < assets && starts[index]! <= agenda.earliest) {
      agenda.begin(lifeOf(organisation, index, starts[index]!));
      index += 1;
    }
    const moment = agenda.next();
    if (moment === undefined) return;
    yield moment;
  }
}

function lifeOf(organisation: Organisation, index: number, start: number): Generator<DatedCommand, void> {
  const outcome = outcomeOf(index, organisation.assets);
  if (outcome === undefined) return assetLife(organisation, index, start);
  return governedLife(organisation, index, start, outcome);
}

function* campaignLife(organisation: Organisation, campaign: Campaign): Generator<DatedCommand, void> {
  const { id, name, brand, markets, plannedAt, launchedAt, endedAt, calledOff } = campaign;
  const actor: Actor = organisation.managers[0]!;
  const say = (at: number, command: Command): DatedCommand => ({
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
