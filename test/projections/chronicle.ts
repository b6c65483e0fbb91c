import fc from 'fast-check';
import { DECISIONS } from '../../src/domain/asset/events';
import type { Command } from '../../src/domain/deciders';
import type { RecordedEvent } from '../../src/domain/event';
import { ASSET_KINDS } from '../../src/domain/kinds';
import { versionOf } from '../../src/domain/upcast';
import {
  addVersion,
  attest,
  changeMetadata,
  content,
  decide,
  launch,
  observePlacement,
  place,
  plan,
  register,
  requestReview,
  restore,
  retire,
  words,
} from '../domain/commands';
import { uuidOf, World } from '../domain/world';

/** One attempted act; a refused one leaves no event. */
interface Step {
  readonly actor: string;
  readonly tool: string;
  /** Days after 1 January 2026 on which it was done; the log has a different order. */
  readonly day: number;
  readonly asset: number;
  readonly what: (typeof TRIES)[number];
  readonly number: number;
}

const ASSETS = ['first', 'second', 'third'].map(uuidOf);
const CAMPAIGN = uuidOf('campaign');
const APPROVER = 'zoe';
const TRIES = [
  'addVersion',
  'changeMetadata',
  'requestReview',
  'requestReview',
  'decide',
  'decide',
  'place',
  'place',
  'observePlacement',
  'endPlacement',
  'retire',
  'restore',
  'attest',
] as const;

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.constantFrom('ana', 'bo', 'cy', 'dee'),
  tool: fc.constantFrom('Figma', 'Canva'),
  day: fc.nat(20),
  asset: fc.nat(ASSETS.length - 1),
  what: fc.constantFrom(...TRIES),
  number: fc.nat(9),
});

export interface Chronicle {
  readonly world: World;
  readonly assets: readonly string[];
  readonly log: readonly RecordedEvent[];
}

/** Realistic histories of three assets and a campaign, decided by the real deciders, done in any order of days. */
export const chronicles: fc.Arbitrary<Chronicle> = fc.array(step, { minLength: 20, maxLength: 80 }).map((steps) => {
  const world = new World();
  const log: RecordedEvent[] = [];
  const does = (actor: string, command: Command, tool: string, day: number) => {
    const before = world.history.length;
    world.does(actor, command);
    for (const { stream, event } of world.history.slice(before)) log.push(recorded(log, stream, event, tool, day));
  };
  does('ana', plan({ campaign: CAMPAIGN }), 'Figma', 0);
  does('ana', launch(CAMPAIGN), 'Figma', 0);
  ASSETS.forEach((asset, at) => {
    const parent = at === 0 ? {} : { template: { asset: ASSETS[0]!, version: 1 } };
    does('ana', register({ asset, kind: ASSET_KINDS[at], content: content(`${at}`), ...parent }), 'Figma', at);
  });
  for (const each of steps) {
    // The approver makes nothing, so that the four-eyes rule permits approvals, lapses and placements.
    const actor = each.what === 'decide' ? APPROVER : each.actor;
    does(actor, commandOf(each, world), each.tool, each.day);
  }
  return { world, assets: ASSETS, log };
});

/** The same streams in another log order: each keeps its own order, and every event gets a new position. */
export function interleaved(log: readonly RecordedEvent[], choices: readonly number[]): readonly RecordedEvent[] {
  const streams = [...new Set(log.map(({ stream }) => stream))].map((name) =>
    log.filter((each) => each.stream === name),
  );
  const next: RecordedEvent[] = [];
  for (let turn = 0; streams.some((rest) => rest.length > 0); turn++) {
    const open = streams.filter((rest) => rest.length > 0);
    const event = open[(choices[turn % choices.length] ?? 0) % open.length]!.shift()!;
    next.push({ ...event, position: placeOf(next.length + 1) });
  }
  return next;
}

function commandOf({ what, asset: at, day, number }: Step, world: World): Command {
  const asset = ASSETS[at]!;
  const state = world.asset(asset);
  const versions = state.versions?.length ?? 0;
  const current = { asset, version: versions, digest: state.versions?.last.digest };
  const channel = `channel ${number % 3}`;
  switch (what) {
    case 'addVersion':
      return addVersion(`content ${number % 4}`, { asset });
    case 'changeMetadata':
      return changeMetadata({ asset, title: `title ${number}`, set: { claim: words(`${day}`, number % 2 === 0) } });
    case 'requestReview':
      return requestReview({ asset });
    case 'decide':
      return decide(DECISIONS[Math.max(0, number - 5)], current);
    case 'place':
      return place({ asset, version: versions, campaign: CAMPAIGN, channel });
    case 'observePlacement':
      return observePlacement({ asset, version: 1 + (number % versions), campaign: CAMPAIGN, channel });
    case 'endPlacement': {
      const live = state.placements[number % Math.max(1, state.placements.length)];
      const placement = live?.placement ?? uuidOf('none');
      return live?.observed
        ? { type: 'ObservePlacementEnd', asset, placement }
        : { type: 'EndPlacement', asset, placement };
    }
    case 'retire':
      return retire(asset);
    case 'restore':
      return restore(asset);
    case 'attest':
      return attest({ asset, version: 1 + (number % versions), role: `role ${number}` });
  }
}

function recorded(
  log: readonly RecordedEvent[],
  stream: string,
  event: World['history'][number]['event'],
  tool: string,
  day: number,
): RecordedEvent {
  const { type, data, metadata } = event;
  const occurredAt = new Date(Date.UTC(2026, 0, 1 + day, 9, log.length % 60)).toISOString();
  const id = uuidOf(`event ${log.length}`);
  return {
    id,
    type,
    data,
    stream,
    revision: log.filter((earlier) => earlier.stream === stream).length,
    position: placeOf(log.length + 1),
    recordedAt: new Date(Date.UTC(2026, 2, 1, 0, 0, log.length)).toISOString(),
    metadata: {
      ...metadata,
      schemaVersion: versionOf(type),
      workspace: 'default',
      actorKind: 'person',
      tool,
      occurredAt,
      commandId: id,
      commandType: type,
      commandHash: '0'.repeat(16),
      $correlationId: id,
      $causationId: id,
    },
  };
}

function placeOf(number: number): string {
  return String(number).padStart(20, '0');
}
