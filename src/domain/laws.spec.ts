import fc from 'fast-check';
import { type Act, ASSETS, actor, opening, story } from '../../test/domain/arbitrary';
import { sha256, World } from '../../test/domain/world';
import type { AssetEvent } from './asset/events';
import { materialHash } from './asset/material';
import { EVENT_TYPES } from './catalogue';
import type { Happened } from './decider';

const RUNS = { numRuns: 300 };

function told(acts: readonly Act[]): World {
  const world = new World();
  for (const act of [...opening, ...acts]) world.does(act.actor, act.command(world));
  return world;
}

/** What happened to each asset, in order. */
function lives(world: World): Happened<AssetEvent>[][] {
  const byStream = new Map<string, Happened<AssetEvent>[]>();
  for (const { stream, event } of world.history) {
    if (!stream.startsWith('asset-')) continue;
    byStream.set(stream, [...(byStream.get(stream) ?? []), event as Happened<AssetEvent>]);
  }
  return [...byStream.values()];
}

const holds = (law: (world: World) => void) =>
  fc.assert(
    fc.property(story, (acts) => law(told(acts))),
    RUNS,
  );

it('folds every history that was ever decided, and tells stories with every kind of event in them', () => {
  const seen = new Set<string>();
  for (const acts of fc.sample(story, { seed: 7, numRuns: 1_500 })) {
    for (const { event } of told(acts).history) seen.add(event.type);
  }
  expect([...seen].sort()).toEqual([...EVENT_TYPES].sort());
});

it('gives a refusal or nothing new when the same is asked twice', () => {
  fc.assert(
    fc.property(story, actor, (acts, who) => {
      const world = told(acts);
      for (const act of acts.slice(-5)) {
        const command = act.command(world);
        if ('refusal' in world.does(who, command)) continue;
        const again = world.does(who, command);
        if ('events' in again) expect(again.events).toEqual([]);
      }
    }),
    RUNS,
  );
});

/** The spellings of `arbitrary.ts` differ in case and in blanks at the ends. */
const folded = (id: string) => id.trim().toLowerCase();

it('never approves bytes with the word of anybody who made them, in whichever asset', () => {
  holds((world) => {
    const makers = new Map<string, Set<string>>();
    for (const { event } of world.history) {
      if (event.type === 'VersionAdded') {
        const { actorId, onBehalfOf = actorId } = event.metadata;
        const made = makers.get(event.data.digest) ?? new Set();
        for (const id of [actorId, onBehalfOf, ...(event.data.contributors ?? [])]) made.add(folded(id));
        makers.set(event.data.digest, made);
      }
      // Whoever decided may make the bytes afterwards; when they decide they have not.
      if (event.type === 'DecisionRecorded') {
        expect(makers.get(event.data.digest)).not.toContain(folded(event.metadata.actorId));
      }
      if (event.type === 'ApprovalGranted') {
        expect(new Set(event.data.decidedBy.map(folded)).size).toBe(event.data.decidedBy.length);
      }
    }
  });
});

it('never approves by the decision of a program, or of a person on behalf of another', () => {
  holds((world) => {
    for (const life of lives(world)) {
      const own = new Set<string>();
      for (const event of life) {
        const { actorId, onBehalfOf } = event.metadata;
        if (event.type === 'DecisionRecorded' && onBehalfOf === undefined && !actorId.startsWith('service'))
          own.add(actorId);
        if (event.type === 'ApprovalGranted') for (const id of event.data.decidedBy) expect(own).toContain(id);
      }
    }
  });
});

it('starts a placement only under a live approval of exactly that content', () => {
  holds((world) => {
    for (const life of lives(world)) {
      let live: { approval: string; version: number; digest: string } | undefined;
      for (const event of life) {
        if (event.type === 'ApprovalGranted' || event.type === 'ApprovalCarriedOver') live = event.data;
        if (event.type === 'ApprovalLapsed') live = undefined;
        if (event.type !== 'PlacementStarted') continue;
        const { approval, version, digest } = event.data;
        expect(live).toMatchObject({ approval, version, digest });
      }
    }
  });
});

it('leaves no approval alive behind a new version, a material change or a retirement', () => {
  holds((world) => {
    for (const life of lives(world)) {
      let approved: string | undefined;
      life.forEach((event, index) => {
        if (event.type === 'ApprovalGranted' || event.type === 'ApprovalCarriedOver') approved = event.data.approval;
        const lapsed = event.type === 'ApprovalLapsed' ? event.data.approval : undefined;
        if (lapsed !== undefined) expect(lapsed).toBe(approved);
        if (lapsed !== undefined) approved = undefined;
        if (event.type === 'AssetRetired') expect(approved).toBeUndefined();
        const next = life[index + 1];
        if (event.type === 'VersionAdded' && approved !== undefined) {
          expect(next).toMatchObject({ type: 'ApprovalLapsed', data: { reason: 'newVersion' } });
        }
      });
    }
  });
});

it('keeps an approval only while content and material metadata are what was approved', () => {
  holds((world) => {
    const granted = new Map<string, string>();
    for (const { event } of world.history) {
      if (event.type !== 'ApprovalGranted' && event.type !== 'ApprovalCarriedOver') continue;
      granted.set(event.data.approval, event.data.materialHash);
    }
    for (const id of ASSETS) {
      const { approval, versions, metadata, review, retired } = world.asset(id);
      if (approval === undefined) continue;
      expect([versions?.length, versions?.last.digest]).toEqual([approval.version, approval.digest]);
      expect(materialHash(metadata, { sha256 }, approval.materialFields)).toBe(granted.get(approval.approval));
      expect([review, retired]).toEqual([undefined, false]);
    }
  });
});
