import fc from 'fast-check';
import type { Command } from '../../src/domain/deciders';
import { RULEBOOK } from '../../src/domain/scope';
import type { WorkflowDefinition } from '../../src/domain/workflow/parts';
import type { Act } from './arbitrary';
import * as say from './commands';
import * as may from './reviewcommands';
import { sha256, uuidOf, type World } from './world';

/** Who takes part in a review. Ann makes and asks; Ben and Cat are of the brand, Dan and Eve of the legal department. */
export const PEOPLE = ['ann', 'ben', 'cat', 'dan', 'eve'];
const DAY = 86_400_000;

export const BANNER = uuidOf('banner');
const banner = { asset: BANNER };

const twoOfAny: WorkflowDefinition = {
  name: 'Two of any',
  stages: [
    {
      id: 'any',
      paths: [{ id: 'any', candidates: { anybody: true }, quorum: 2 }],
      deadline: { hours: 24, remindBefore: [4, 20], onSilence: 'approve' },
    },
  ],
  onReject: 'suspend',
};
const twoRoles: WorkflowDefinition = {
  name: 'Two roles that share a person',
  stages: [
    {
      id: 'both',
      paths: [
        { id: 'brand', candidates: { roles: ['brand manager'] }, quorum: 1 },
        { id: 'law', candidates: { groups: ['legal'], people: ['cat'] }, quorum: 2 },
      ],
      deadline: { hours: 24, onSilence: 'lapse' },
    },
  ],
};

/** Rules of different kinds. */
export const definitions = fc.constantFrom(say.threeStages, twoOfAny, twoRoles);

const person = fc.constantFrom(...PEOPLE);
const act = (id: string, command: (world: World) => Command): Act => ({ actor: { id, kind: 'person' }, command });

/** The id of what there is, or of nothing. */
const idOf = (id: string | undefined) => id ?? uuidOf('none');

function seen(world: World) {
  const { review } = world.asset(BANNER);
  return { ...banner, version: review?.version ?? 1, digest: review?.digest ?? sha256('banner') };
}

const decision = fc.constantFrom('approve', 'approve', 'approve', 'abstain', 'changesRequested', 'reject');

const decided = fc
  .tuple(person, decision, fc.option(person, { nil: undefined, freq: 4 }))
  .map(([id, word, insteadOf]) => act(id, (world) => say.decide(word, { ...seen(world), insteadOf })));

/** The clock of the world goes on, and whoever keeps the deadlines looks at it. */
const later = fc.integer({ min: 0, max: 3 }).map((days) =>
  act('clock', (world) => {
    world.now = new Date(Date.parse(world.now) + days * DAY).toISOString();
    return may.keepDeadline(idOf(world.asset(BANNER).review?.review), BANNER);
  }),
);

const carried = fc
  .tuple(person, fc.constantFrom('crop-5', 'not-material', 'unknown'), fc.double({ min: 0, max: 8, noNaN: true }))
  .map(([id, rule, measured]) =>
    act(id, (world) => may.carryOver(idOf(world.asset(BANNER).lapsed?.approval), rule, { ...banner, measured })),
  );

const remarked = fc
  .tuple(person, fc.constantFrom('too dark', 'too small'))
  .map(([id, text]) => act(id, () => may.annotate(text, banner)));
const seenTo = fc.constant(
  act('ann', (world) => may.resolveAnnotation(idOf(world.asset(BANNER).annotations?.last.annotation), BANNER)),
);

/** Something that may happen in a review. */
export const step: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: decided },
  later,
  carried,
  remarked,
  seenTo,
  person.map((id) => act(id, () => may.withdrawDecision(BANNER))),
  person.map((id) => act(id, () => may.withdrawReview(BANNER))),
  person.map((id) => act('ann', () => may.assign('law', id, BANNER))),
  person.map((id) => act(id, () => say.addVersion(`banner of ${id}`, banner))),
  person.map((id) => act(id, () => say.changeMetadata({ ...banner, set: { claim: say.words(`of ${id}`) } }))),
  fc.constant(act('ann', () => say.requestReview(banner))),
  fc
    .tuple(person, person)
    .map(([id, substitute]) =>
      act(id, (world) => say.nameSubstitute(substitute, { from: world.now, until: '2027-01-01T00:00:00.000Z' })),
    ),
  fc.constant(
    act('ben', (world) =>
      say.endSubstitution(idOf(world.standing('rulebook', RULEBOOK)?.substitutions[0]?.substitution)),
    ),
  ),
  definitions.map((definition) => act('ann', () => say.defineWorkflow(definition))),
);

const beginning = (definition: WorkflowDefinition): readonly Act[] =>
  [
    say.defineWorkflow(definition),
    say.revise(),
    say.register({ ...banner, content: say.content('banner') }),
    say.requestReview(banner),
  ].map((command) => act('ann', () => command));

/** A review under rules from its request on, with whatever happens to it. */
export const review: fc.Arbitrary<readonly Act[]> = fc
  .tuple(definitions, fc.array(step, { minLength: 3, maxLength: 15, size: 'max' }))
  .map(([definition, steps]) => [...beginning(definition), ...steps]);

/** One that is granted, lapses with a new version and is carried over, unless one of the steps is left out. */
export const carriedOver: fc.Arbitrary<readonly Act[]> = fc
  .array(fc.nat(7), { minLength: 9, maxLength: 9 })
  .map((kept) => {
    const yes = (id: string) => act(id, (world) => say.decide('approve', seen(world)));
    const steps = [
      ...['cat', 'dan', 'eve'].map(yes),
      act('ann', () => say.addVersion('banner, cropped', banner)),
      act('ben', (world) =>
        may.carryOver(idOf(world.asset(BANNER).lapsed?.approval), 'crop-5', { ...banner, measured: 3.1 }),
      ),
      act('dan', () => may.withdrawDecision(BANNER)),
    ];
    return [...beginning(say.threeStages), ...steps.filter((_step, index) => kept[index] !== 0)];
  });
