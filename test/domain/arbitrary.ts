import fc from 'fast-check';
import { COMMANDS, type Command } from '../../src/domain/deciders';
import type { Actor } from '../../src/domain/event';
import { fieldsOf } from '../../src/domain/input';
import { RULEBOOK } from '../../src/domain/scope';
import { contentOf } from '../../src/domain/stream';
import { objectOf } from '../doors/limits';
import * as say from './commands';
import { carriedOver, definitions, review } from './reviewing';
import * as rights from './rights';
import { sha256, uuidOf, type World } from './world';

/** One act of a random story: an actor, and a command that depends on the state of the world. */
export interface Act {
  readonly actor: Actor;
  readonly command: (world: World) => Command;
}

export const ASSETS = [say.POSTER, uuidOf('banner')];
const CAMPAIGNS = [say.SUMMER, uuidOf('winter campaign')];
const PEOPLE = ['ann', 'ben', 'cat', 'dan', 'eve'];

const asset = fc.constantFrom(...ASSETS);
const campaign = fc.constantFrom(...CAMPAIGNS);
const bytes = fc.constantFrom('first draft', 'second draft', 'third draft', 'fourth draft', 'fifth draft');
const version = fc.integer({ min: 1, max: 4 });
const channel = fc.constantFrom('web', 'print');
const territory = fc.constantFrom('worldwide', 'DE', 'PT', 'group:EU');
const decision = fc.constantFrom('approve', 'approve', 'approveWithChanges', 'changesRequested', 'reject', 'abstain');
const metadata = fc.dictionary(
  fc.constantFrom('claim', 'price', 'constructor'),
  fc
    .record({ value: fc.constantFrom('x', 'y'), material: fc.boolean() })
    .map((field) => say.words(field.value, field.material)),
  { noNullPrototype: true },
);
const contributors = fc.option(fc.uniqueArray(fc.constantFrom(...PEOPLE), { maxLength: 2 }), {
  nil: undefined,
  freq: 1,
});

export const actor: fc.Arbitrary<Actor> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...PEOPLE).map((id): Actor => ({ id, kind: 'person' })) },
  // The same people, spelled differently.
  { weight: 1, arbitrary: fc.constantFrom('ANN', ' ben', 'Cat ').map((id): Actor => ({ id, kind: 'person' })) },
  { weight: 1, arbitrary: fc.constant<Actor>({ id: 'ann', kind: 'person', onBehalfOf: 'ben' }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...PEOPLE)
      .map((onBehalfOf): Actor => ({ id: `service of ${onBehalfOf}`, kind: 'service', onBehalfOf })),
  },
);

const fixed = (command: fc.Arbitrary<Command>) => command.map((value) => () => value);

/** A decision about what is under review, as a person with the page open would make it. */
const decisionOnReview = fc.tuple(asset, decision).map(([id, word]) => (world: World) => {
  const review = world.asset(id).review;
  const seen = { version: review?.version ?? 1, digest: review?.digest ?? sha256('first draft') };
  return say.decide(word, { asset: id, ...seen });
});

const placementOf = (id: string, index: number, world: World) => {
  const live = world.asset(id).placements;
  return live[index % Math.max(live.length, 1)]?.placement ?? uuidOf('nowhere');
};

/** Subjects of commands, if a story has several of a category. */
const SUBJECTS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  asset,
  campaign,
  rulebook: fc.constant(RULEBOOK),
  licence: fc.constant(rights.LICENCE),
  // The one whose digest is the sample of a digest.
  content: fc.constant(contentOf('a'.repeat(64))),
};

const rules = fc.constantFrom(
  say.revise(),
  say.revise({ entries: [] }),
  say.revise({ entries: [{ scope: { kind: 'image' as const, market: 'DE' }, workflow: say.LAUNCHING }] }),
);
const substitution = (world: World) =>
  world.standing('rulebook', RULEBOOK)?.substitutions[0]?.substitution ?? uuidOf('none');

/** Any command with only the required fields of its class, so that a new command needs no line here. */
const plain = fc.constantFrom(...COMMANDS).chain(({ type, definition }) => {
  const said = objectOf(definition.command);
  const ids = [...fieldsOf(definition.command).values()].filter(({ name, id }) => id !== undefined && name in said);
  const subjects = ids.map(({ name, id }) => [name, SUBJECTS[id!] ?? fc.constant(uuidOf(id!))] as const);
  return fc.record(Object.fromEntries(subjects)).map((named) => ({ ...said, ...named, type }) as unknown as Command);
});

const waiving = fc.oneof(
  asset.map((id) => (world: World) => {
    const digest = world.asset(id).versions?.last.digest ?? sha256('first draft');
    const version = world.asset(id).versions?.length ?? 1;
    return rights.waive(['partsApproved'], { asset: id, version, digest, waivedUntil: '2030-01-01T00:00:00.000Z' });
  }),
  asset.map(
    (id) =>
      (world: World): Command => ({
        type: 'EndWaiver',
        asset: id,
        waiver: world.asset(id).waivers[0]?.waiver ?? uuidOf('none'),
      }),
  ),
);

const ruling = fc.oneof(
  fixed(definitions.map((definition) => say.defineWorkflow(definition))),
  fixed(rules),
  fixed(fc.constantFrom(...PEOPLE).map((substitute) => say.nameSubstitute(substitute))),
  fc.constant((world: World) => say.endSubstitution(substitution(world))),
);

const keeping = fc.oneof(
  bytes.chain((text) => fc.constantFrom(say.reportScan(text), say.reportScan(text, { verdict: 'infected' }))),
  bytes.chain((text) => fc.constantFrom(say.reportFixity(text), say.reportFixity(text, { outcome: 'missing' }))),
  bytes.chain((text) => fc.constantFrom(say.reportFacts(text), say.reportFacts(text, { analyserVersion: '2' }))),
  bytes.chain((text) =>
    fc.constantFrom(
      say.reportRendition(text),
      say.reportRendition(text, { profile: 'print' }),
      say.reportRenditionFailure(text),
    ),
  ),
);

const command = fc.oneof(
  { weight: 1, arbitrary: fixed(keeping) },
  { weight: 2, arbitrary: fixed(plain) },
  { weight: 2, arbitrary: ruling },
  waiving,
  fixed(
    fc
      .tuple(asset, bytes, metadata)
      .map(([id, text, fields]) => say.register({ asset: id, content: say.content(text), metadata: fields })),
  ),
  fixed(
    fc
      .tuple(asset, bytes, contributors)
      .map(([id, text, who]) => say.addVersion(text, { asset: id, contributors: who })),
  ),
  fixed(fc.tuple(asset, metadata).map(([id, set]) => say.changeMetadata({ asset: id, set }))),
  fixed(
    fc
      .tuple(asset, fc.constantFrom('claim', 'price'))
      .map(([id, name]) => say.changeMetadata({ asset: id, unset: [name] })),
  ),
  fixed(
    fc.tuple(asset, fc.integer({ min: 1, max: 2 })).map(([id, required]) => say.requestReview({ asset: id, required })),
  ),
  { weight: 3, arbitrary: decisionOnReview },
  fc.tuple(asset, campaign, fc.option(version, { nil: undefined, freq: 3 }), channel).map(
    ([id, where, number, at]) =>
      (world: World) =>
        say.place({
          asset: id,
          campaign: where,
          version: number ?? world.asset(id).approval?.version ?? 1,
          channel: at,
        }),
  ),
  fc.tuple(asset, fc.nat(3)).map(
    ([id, index]) =>
      (world: World) =>
        say.endPlacement(placementOf(id, index, world), id),
  ),
  fixed(fc.tuple(asset, asset).map(([id, part]) => rights.addComponent({ asset: part, version: 1 }, id))),
  fixed(fc.tuple(asset, asset).map(([id, component]) => ({ type: 'RemoveComponent', asset: id, component }))),
  fixed(asset.map((id) => rights.attachLicence(id))),
  fixed(territory.map((where) => rights.grantLicence({ territories: [where] }))),
  fixed(territory.map((where) => rights.amendLicence({ territories: [where] }))),
  fc.tuple(asset, fc.nat(3)).map(
    ([id, index]) =>
      (world: World) =>
        rights.examine(placementOf(id, index, world), id),
  ),
  fc.tuple(asset, fc.nat(3)).map(
    ([id, index]) =>
      (world: World): Command => ({
        type: 'AcknowledgeFinding',
        asset: id,
        placement: placementOf(id, index, world),
        note: 'seen',
      }),
  ),
  fixed(asset.map((id) => rights.openRecall(id))),
  fc.tuple(asset, fc.nat(3)).map(
    ([id, index]) =>
      (world: World) =>
        rights.joinRecall(placementOf(id, index, world), id),
  ),
  fc.tuple(asset, fc.nat(3), fc.constantFrom('acknowledged' as const, 'takenDown' as const)).map(
    ([id, index, answer]) =>
      (world: World) =>
        rights.answerRecall(placementOf(id, index, world), { answer }),
  ),
  fixed(fc.constant(rights.closeRecall())),
  fixed(asset.map((id) => say.retire(id))),
  fixed(asset.map((id) => say.restore(id))),
  fixed(
    fc
      .tuple(asset, version, decision)
      .map(([id, number, word]) => say.attest({ asset: id, version: number, decision: word })),
  ),
  fixed(
    fc
      .tuple(asset, campaign, version)
      .map(([id, where, number]) => say.observePlacement({ asset: id, campaign: where, version: number })),
  ),
  fc.tuple(asset, fc.nat(3)).map(
    ([id, index]) =>
      (world: World): Command => ({ type: 'ObservePlacementEnd', asset: id, placement: placementOf(id, index, world) }),
  ),
  fixed(
    fc
      .tuple(asset, fc.constantFrom('ObserveAlias' as const, 'ObserveAliasEnd' as const))
      .map(([id, type]) => ({ type, asset: id, path: 'a/b' })),
  ),
  fixed(campaign.map((where) => say.plan({ campaign: where }))),
  fixed(campaign.map((where) => say.launch(where))),
  fixed(campaign.map((where) => say.end(where))),
  fixed(
    fc
      .tuple(campaign, bytes)
      .map(([where, text]) => say.observeContents([{ path: 'a/b', digest: sha256(text) }], { campaign: where })),
  ),
  fixed(
    fc
      .tuple(asset, campaign, bytes)
      .map(([id, where, text]) =>
        say.observePlacement({ asset: id, campaign: where, version: undefined, digest: sha256(text) }),
      ),
  ),
);

const one: fc.Arbitrary<readonly Act[]> = fc.record({ actor, command }).map((act) => [act]);

/** A random story of several people about two assets and two campaigns, with reviews under rules in it. */
export const story: fc.Arbitrary<readonly Act[]> = fc
  .array(
    fc.oneof({ weight: 60, arbitrary: one }, { weight: 1, arbitrary: review }, { weight: 1, arbitrary: carriedOver }),
    { minLength: 1, maxLength: 60, size: 'max' },
  )
  .map((chapters) => chapters.flat());

/** The start of every story: a poster and an open campaign. */
export const opening: readonly Act[] = [say.register(), say.plan(), say.launch(), say.requestReview()].map((first) => ({
  actor: { id: 'ann', kind: 'person' },
  command: () => first,
}));
