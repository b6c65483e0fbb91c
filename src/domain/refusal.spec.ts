import {
  addVersion,
  changeMetadata,
  content,
  decide,
  defineWorkflow,
  end,
  endPlacement,
  endSubstitution,
  launch,
  nameSubstitute,
  observePlacement,
  POSTER,
  place,
  plan,
  register,
  requestReview,
  restore,
  retire,
  revise,
} from '../../test/domain/commands';
import {
  assign,
  carryOver,
  resolveAnnotation,
  withdrawDecision,
  withdrawReview,
} from '../../test/domain/reviewcommands';
import {
  addComponent,
  answerRecall,
  attachLicence,
  closeRecall,
  countUse,
  endLicence,
  grantLicence,
  joinRecall,
  LICENCE,
  lawsOf,
  openRecall,
  waive,
} from '../../test/domain/rights';
import { uuidOf, World } from '../../test/domain/world';
import type { ComplianceRule } from './compliance';
import type { Command } from './deciders';
import type { Actor } from './event';
import { REFUSALS, type RefusalCode } from './refusal';

/** The runtime alone can tell these; its own specs produce them. */
type OfTheRuntime =
  | 'REVISION_CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'TOO_MANY_REFERENCES'
  | Extract<RefusalCode, `UPLOAD_${string}`>;

/** What came before, and the command that meets the refusal. `ann` makes and submits, `ben` decides. */
interface Story {
  readonly before: readonly Command[];
  readonly by?: string | Actor;
  readonly at?: string;
  readonly command: Command;
}

const nowhere = uuidOf('nowhere');
const approved = [register(), requestReview(), decide()];
const rules = [defineWorkflow(), revise()];
const ruled = [...rules, register(), requestReview()];
const placed = [...approved, plan(), launch(), place()];

/** Approved, in an open campaign, and under a licence with these terms. */
const under = (terms: Parameters<typeof grantLicence>[0]) => [
  ...approved,
  plan(),
  launch(),
  grantLicence(terms),
  attachLicence(),
];
const held = (...rules: readonly Partial<ComplianceRule>[]) => [...approved, plan(), launch(), lawsOf(...rules)];
const photo = uuidOf('photo');
const withPhoto = [register({ asset: photo }), addComponent({ asset: photo, version: 1 })];
const ofPhoto = uuidOf('licence of the photo');

const STORIES: { readonly [C in Exclude<RefusalCode, OfTheRuntime>]: Story } = {
  INVALID_INPUT: { before: [], command: register({ title: '' }) },
  ASSET_EXISTS: { before: [register()], command: register() },
  ASSET_NOT_FOUND: { before: [], command: retire() },
  ASSET_RETIRED: { before: [register(), retire()], command: addVersion('second draft') },
  ASSET_NOT_RETIRED: { before: [register()], command: restore() },
  PARENT_NOT_FOUND: { before: [], command: register({ componentOf: nowhere }) },
  VERSION_NOT_FOUND: { before: [register()], command: requestReview({ version: 2 }) },
  VERSION_UNCHANGED: { before: [register()], command: addVersion('first draft') },
  VERSION_NOT_CURRENT: { before: [register(), addVersion('second draft')], command: requestReview({ version: 1 }) },
  METADATA_UNCHANGED: { before: [register()], command: changeMetadata({ title: 'Summer poster' }) },
  COMPONENT_NOT_FOUND: {
    before: [register()],
    command: { type: 'RemoveComponent', asset: POSTER, component: nowhere },
  },
  LINEAGE_CYCLE: { before: [register()], command: addComponent({ asset: POSTER, version: 1 }) },
  RIGHTS_USE: { before: under({ allowed: ['derive'] }), command: place() },
  RIGHTS_WINDOW: { before: under({ until: '2026-03-03T00:00:00.000Z' }), command: place() },
  RIGHTS_EMBARGO: { before: under({ embargoUntil: '2026-03-03T00:00:00.000Z' }), command: place() },
  RIGHTS_TERRITORY: { before: under({ territories: ['DE'] }), command: place({ market: 'PT' }) },
  RIGHTS_CHANNEL: { before: under({ channels: ['print'] }), command: place() },
  RIGHTS_LANGUAGE: { before: under({ languages: ['de'] }), command: place({ language: 'fr' }) },
  RIGHTS_SPENT: { before: [...under({ maximumUses: 1 }), countUse('another placement')], command: place() },
  RIGHTS_EMPTY: {
    before: [
      ...under({ territories: ['DE'] }),
      ...withPhoto,
      grantLicence({ territories: ['FR'] }, ofPhoto),
      attachLicence(photo, ofPhoto),
    ],
    command: place({ market: 'DE' }),
  },
  RIGHTS_END_SOON: {
    before: [...under({ until: '2026-03-05T00:00:00.000Z' }), lawsOf({ check: 'rightsEndSoon', days: 30 })],
    command: place({ runsUntil: '2026-03-04T00:00:00.000Z' }),
  },
  RELEASE_MISSING: { before: under({ modelRelease: 'none' }), command: place() },
  LICENCE_MISSING: { before: held({ check: 'licenceNeeded' }), command: place() },
  METADATA_MISSING: { before: held({ check: 'metadataNeeded', fields: ['claim'] }), command: place() },
  AI_NOT_DISCLOSED: {
    before: [
      register({ content: { ...content(), madeWith: { tool: 'Firefly', ai: 'generated' } } }),
      ...held({ check: 'aiDisclosed' }).slice(1),
    ],
    command: place(),
  },
  PART_NOT_APPROVED: { before: [...held({ check: 'partsApproved' }), ...withPhoto], command: place() },
  WAIVER_NEEDS_PERSON: { before: [register()], by: { id: 'bot', kind: 'service' }, command: waive(['rights.all']) },
  WAIVER_NOT_FOUND: {
    before: [register()],
    command: { type: 'EndWaiver', asset: POSTER, waiver: nowhere },
  },
  LICENCE_NOT_ATTACHED: {
    before: [register()],
    command: { type: 'DetachLicence', asset: POSTER, licence: LICENCE, reason: 'a mistake' },
  },
  REVIEW_ALREADY_OPEN: { before: [register(), requestReview()], command: requestReview() },
  REVIEW_NOT_OPEN: { before: [register()], by: 'ben', command: decide() },
  ALREADY_APPROVED: { before: approved, command: requestReview() },
  ALREADY_DECIDED: { before: [register(), requestReview({ required: 2 }), decide()], by: 'ben', command: decide() },
  DECISION_STALE: { before: [register(), requestReview()], by: 'ben', command: decide('approve', { version: 2 }) },
  BEFORE_VERSION: {
    before: [register(), requestReview()],
    by: 'ben',
    at: '2026-03-01T09:00:00.000Z',
    command: decide(),
  },
  FOUR_EYES: { before: [register(), requestReview()], command: decide() },
  NOT_APPROVED: { before: [register(), plan(), launch()], command: place() },
  LICENCE_EXISTS: { before: [grantLicence()], command: grantLicence() },
  LICENCE_NOT_FOUND: { before: [register()], command: attachLicence() },
  LICENCE_ENDED: { before: [grantLicence(), endLicence()], command: endLicence() },
  CAMPAIGN_EXISTS: { before: [plan()], command: plan() },
  CAMPAIGN_NOT_FOUND: { before: [], command: launch() },
  CAMPAIGN_NOT_OPEN: { before: [...approved, plan()], command: place() },
  CAMPAIGN_ALREADY_OPEN: { before: [plan(), launch()], command: launch() },
  CAMPAIGN_OVER: { before: [plan({ endsOn: '2026-03-01' })], command: launch() },
  CAMPAIGN_ENDED: { before: [plan(), launch(), end()], command: launch() },
  PLACEMENT_EXISTS: { before: placed, command: place() },
  PLACEMENT_NOT_FOUND: { before: [register()], command: endPlacement(nowhere) },
  FINDING_NOT_FOUND: {
    before: placed,
    command: { type: 'AcknowledgeFinding', asset: POSTER, placement: nowhere, note: 'x' },
  },
  RECALL_EXISTS: { before: [register(), openRecall()], command: openRecall() },
  RECALL_NOT_FOUND: { before: [], command: closeRecall() },
  RECALL_CLOSED: { before: [register(), openRecall(), closeRecall()], command: closeRecall() },
  RECALL_TOO_WIDE: {
    before: [
      register(),
      ...Array.from({ length: 801 }, (_, index) => observePlacement({ channel: `channel ${index}` })),
    ],
    command: openRecall(),
  },
  RECALL_UNRELATED: {
    before: [register(), openRecall(), register({ asset: photo }), observePlacement({ asset: photo })],
    command: joinRecall(nowhere, photo),
  },
  RECALL_LACKS_PLACEMENT: { before: [register(), openRecall()], command: answerRecall(nowhere) },
  RECALL_UNRESOLVED: { before: [...placed, openRecall()], command: closeRecall() },
  PLACEMENT_ENDED: { before: [register()], command: endPlacement(nowhere) },
  REVIEW_SUSPENDED: { before: [...ruled, decide('changesRequested')], by: 'cat', command: decide() },
  QUORUM_UNREACHABLE: {
    before: [...rules, register({ content: { ...content(), contributors: ['ben', 'cat'] } })],
    command: requestReview(),
  },
  NOT_A_CANDIDATE: { before: ruled, by: 'dan', command: decide() },
  NOT_A_SUBSTITUTE: { before: ruled, by: 'dan', command: decide('approve', { insteadOf: 'cat' }) },
  NOT_THE_SUBMITTER: { before: [register(), requestReview()], by: 'ben', command: withdrawReview() },
  DECISION_NOT_FOUND: { before: [register(), requestReview()], by: 'ben', command: withdrawDecision() },
  PATH_NOT_FOUND: { before: ruled, command: assign('nowhere', 'ben') },
  CARRY_OVER_IMPOSSIBLE: { before: [register()], by: 'ben', command: carryOver(nowhere, 'crop-5') },
  CARRY_OVER_RULE_UNKNOWN: { before: [], by: 'ben', command: carryOver(nowhere, 'crop-50') },
  CARRY_OVER_EXCEEDED: { before: [], by: 'ben', command: carryOver(nowhere, 'crop-5', { measured: 5.1 }) },
  ANNOTATION_NOT_FOUND: { before: [register()], command: resolveAnnotation(nowhere) },
  WORKFLOW_NOT_FOUND: { before: [], command: revise() },
  RULEBOOK_NOT_YOURS: { before: [defineWorkflow(), revise({ editors: ['ben'] })], command: revise({ entries: [] }) },
  SUBSTITUTE_CIRCULAR: { before: [], command: nameSubstitute('ann') },
  SUBSTITUTE_OVERLAPS: { before: [nameSubstitute('ben')], command: nameSubstitute('cat') },
  SUBSTITUTION_NOT_FOUND: { before: [], command: endSubstitution(nowhere) },
};

it.each(Object.keys(STORIES) as (keyof typeof STORIES)[])('answers %s with a sentence for a person', (code) => {
  const world = new World();
  const { before, by = 'ann', at } = STORIES[code];
  for (const command of before) world.events(command.type === 'RecordDecision' ? 'ben' : 'ann', command);
  let { command } = STORIES[code];
  if (code === 'PLACEMENT_ENDED') command = endedPlacement(world);
  if (command.type === 'CarryOverApproval' && before.length === 0) {
    command = { ...command, approval: lapsedApproval(world) };
  }
  const running =
    'placement' in command ? world.asset(command.type === 'JoinRecall' ? photo : POSTER).placements[0] : undefined;
  const ofRunning: readonly RefusalCode[] = ['FINDING_NOT_FOUND', 'RECALL_UNRELATED'];
  if (running && ofRunning.includes(code)) command = { ...command, placement: running.placement } as Command;
  world.now = at ?? world.now;
  expect(world.does(by, command)).toMatchObject({ refusal: { code, message: expect.stringMatching(/\w+ \w+/) } });
});

it('has a story for every refusal but those that only the runtime can tell', () => {
  const ofTheRuntime: OfTheRuntime[] = ['REVISION_CONFLICT', 'IDEMPOTENCY_KEY_REUSED', 'TOO_MANY_REFERENCES'];
  // `test/content/uploads.spec.ts` produces these: they are about what no event says.
  ofTheRuntime.push('UPLOAD_TOO_LARGE', 'UPLOAD_DAY_USED_UP', 'UPLOAD_KIND_REFUSED');
  ofTheRuntime.push('UPLOAD_NOT_FOUND', 'UPLOAD_UNFINISHED', 'UPLOAD_QUARANTINED');
  expect([...Object.keys(STORIES), ...ofTheRuntime].sort()).toEqual(Object.keys(REFUSALS).sort());
});

/** The id of a placement is known only once it has started. */
function endedPlacement(world: World): Command {
  for (const command of placed.slice(1, -1)) world.events(command.type === 'RecordDecision' ? 'ben' : 'ann', command);
  const { placement } = world.first<'PlacementStarted'>('ann', place());
  world.events('ann', endPlacement(placement));
  return endPlacement(placement);
}

/** An approval by a workflow that ended because of a new version; its id is known only then. */
function lapsedApproval(world: World): string {
  for (const command of [...ruled]) world.events('ann', command);
  for (const person of ['cat', 'dan', 'eve']) world.events(person, decide());
  const { approval } = world.asset(POSTER).approval!;
  world.events('ann', addVersion('second draft'));
  return approval;
}
