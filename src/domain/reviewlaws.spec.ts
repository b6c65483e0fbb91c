import fc from 'fast-check';
import type { Act } from '../../test/domain/arbitrary';
import * as say from '../../test/domain/commands';
import { BANNER, carriedOver, definitions, PEOPLE, review } from '../../test/domain/reviewing';
import { type Happening, World } from '../../test/domain/world';
import type { AssetEvent } from './asset/events';
import { canonicalId } from './identity';

const RUNS = { numRuns: 400 };
const chapters = fc.array(fc.oneof(review, carriedOver), { minLength: 1, maxLength: 3 }).map((all) => all.flat());

function told(acts: readonly Act[]): World {
  const world = new World();
  for (const { actor, command } of acts) world.does(actor, command(world));
  return world;
}

const life = (world: World): Happening[] => world.history.filter(({ stream }) => stream === `asset-${BANNER}`);

/** What happens to the banner, event by event, with the state before each. */
function lives(law: (event: Happening['event'], before: World) => void): void {
  fc.assert(
    fc.property(chapters, (acts) => {
      const world = new World();
      for (const { actor, command } of acts) {
        const before = world.asset(BANNER);
        const count = world.history.length;
        world.does(actor, command(world));
        const at = { asset: () => before } as unknown as World;
        for (const { stream, event } of world.history.slice(count)) if (stream === `asset-${BANNER}`) law(event, at);
      }
    }),
    RUNS,
  );
}

it('never counts somebody involved, a program, or one person for two places of a stage', () => {
  const involved = new Set<string>();
  lives((event) => {
    if (event.type === 'AssetRegistered') involved.clear();
    if (event.type === 'VersionAdded' || event.type === 'ReviewRequested') involved.add(event.metadata.actorId);
    if (event.type === 'ApprovalGranted' || event.type === 'ApprovalCarriedOver') involved.clear();
    if (event.type !== 'StageSatisfied') return;
    const people = event.data.filled.flatMap((path) => path.people).map(canonicalId);
    expect(new Set(people).size).toBe(people.length);
    for (const person of people) expect(involved).not.toContain(person);
  });
});

it('satisfies a stage only with as many decisions of candidates as each path needs, of exactly this content', () => {
  const yes = new Map<string, { readonly paths: readonly string[]; readonly digest: string; readonly hash: string }>();
  let needed: readonly { readonly path: string; readonly quorum: number; readonly optional?: boolean }[] = [];
  lives((event) => {
    if (event.type === 'ReviewRoundOpened' || event.type === 'ReviewRequested') yes.clear();
    if (event.type === 'StageOpened') needed = event.data.paths;
    if (event.type === 'DecisionRecorded' && event.data.decision === 'approve') {
      const { paths = [], digest, materialHash: hash } = event.data;
      yes.set(event.metadata.actorId, { paths, digest, hash });
    }
    if (event.type === 'DecisionWithdrawn') yes.delete(event.data.person);
    if (event.type === 'StageSatisfied' && event.data.byRule === undefined) {
      for (const { path, quorum, optional = false } of needed) {
        if (optional) continue;
        const people = event.data.filled.find((each) => each.path === path)?.people ?? [];
        expect(people.length).toBe(quorum);
        for (const person of people) expect(yes.get(person)).toMatchObject({ digest: event.data.digest });
        for (const person of people) expect(yes.get(person)?.paths).toContain(path);
      }
    }
    if (event.type === 'ApprovalGranted') {
      for (const person of event.data.decidedBy) {
        expect(yes.get(person)).toMatchObject({ digest: event.data.digest, hash: event.data.materialHash });
      }
    }
  });
});

it('never lets a lapsed approval live again: each one that is granted or carried over has an id of its own', () => {
  fc.assert(
    fc.property(chapters, (acts) => {
      const seen = new Set<string>();
      const over = new Set<string>();
      for (const { event } of life(told(acts))) {
        if (event.type === 'ApprovalGranted' || event.type === 'ApprovalCarriedOver') {
          expect(seen).not.toContain(event.data.approval);
          seen.add(event.data.approval);
        }
        if (event.type === 'ApprovalCarriedOver') expect(over).toContain(event.data.from);
        if (event.type === 'ApprovalLapsed') over.add(event.data.approval);
      }
    }),
    RUNS,
  );
});

/** What a review came to, without what differs from act to act. */
const verdicts = (world: World) =>
  life(world)
    .filter(({ event }) => ['StageSatisfied', 'ApprovalGranted', 'QuorumUnreachable'].includes(event.type))
    .map(({ event }) => [event.type, (event.data as { stage?: string }).stage]);

it('gives one verdict for a stage, in whatever order the same people approve', () => {
  const permuted = fc.shuffledSubarray(PEOPLE, { minLength: PEOPLE.length, maxLength: PEOPLE.length });
  fc.assert(
    fc.property(definitions, permuted, permuted, (definition, one, other) => {
      const [first, second] = [one, other].map((order) => {
        const world = new World();
        world.events('ann', say.defineWorkflow({ ...definition, stages: definition.stages.slice(-1) }));
        world.events('ann', say.revise());
        world.events('ann', say.register({ asset: BANNER, content: say.content('banner') }));
        world.events('ann', say.requestReview({ asset: BANNER }));
        const seen = { asset: BANNER, digest: say.content('banner').digest };
        for (const person of order) world.does(person, say.decide('approve', seen));
        return verdicts(world);
      });
      expect(first?.at(-1)).toEqual(second?.at(-1));
    }),
    { numRuns: 100 },
  );
});

it('gives the same verdicts whatever versions of the workflow come later', () => {
  fc.assert(
    fc.property(review, (acts) => {
      const [, , , request] = acts;
      const at = acts.indexOf(request!) + 1;
      const rest = acts.slice(at).filter(({ command }) => command.toString().includes('seen(world)'));
      const other: Act = {
        actor: { id: 'ann', kind: 'person' },
        command: () =>
          say.defineWorkflow({
            name: 'Other',
            stages: [{ id: 'x', paths: [{ id: 'x', candidates: { anybody: true }, quorum: 1 }] }],
          }),
      };
      const plain = told([...acts.slice(0, at), ...rest]);
      const changed = told([...acts.slice(0, at), other, ...rest]);
      expect(verdicts(changed)).toEqual(verdicts(plain));
    }),
    RUNS,
  );
});

it('never carries an approval over by a rule that its version of the workflow lacks', () => {
  const rules = new Map<string, readonly string[]>();
  fc.assert(
    fc.property(chapters, (acts) => {
      const world = told(acts);
      for (const { stream, event } of world.history) {
        if (event.type === 'WorkflowDefined') {
          const { version, definition } = event.data;
          rules.set(`${stream}.${version}`, definition.carryOver?.map(({ id }) => id) ?? []);
        }
        if (event.type !== 'ApprovalCarriedOver') continue;
        const {
          workflow,
          workflowVersion,
          rule,
          measured = 0,
        } = event.data as Extract<AssetEvent, { type: 'ApprovalCarriedOver' }>['data'];
        expect(rules.get(`workflow-${workflow}.${workflowVersion}`)).toContain(rule);
        expect(measured).toBeLessThanOrEqual(5);
      }
    }),
    RUNS,
  );
});

it('lets nobody stand in who was not named, or for somebody involved', () => {
  const substitutes = new Map<string, readonly [string, string]>();
  fc.assert(
    fc.property(chapters, (acts) => {
      substitutes.clear();
      const involved = new Set<string>();
      for (const { event } of told(acts).history) {
        if (event.type === 'SubstituteNamed') {
          const { substitution, person, substitute } = event.data;
          substitutes.set(substitution, [person, substitute]);
        }
        if (event.type === 'SubstitutionEnded') substitutes.delete(event.data.substitution);
        if (event.type === 'VersionAdded') involved.add(event.metadata.actorId);
        if (event.type === 'ApprovalGranted' || event.type === 'ApprovalCarriedOver') involved.clear();
        if (event.type !== 'DecisionRecorded' || event.data.insteadOf === undefined) continue;
        expect([...substitutes.values()]).toContainEqual([event.data.insteadOf, event.metadata.actorId]);
        expect(involved).not.toContain(event.data.insteadOf);
      }
    }),
    RUNS,
  );
});

it('tells stories in which all of this happens', () => {
  const seen = new Set<string>();
  for (const acts of fc.sample(chapters, { seed: 11, numRuns: 400 })) {
    for (const { event } of told(acts).history) {
      seen.add(event.type);
      if (event.type === 'DecisionRecorded' && event.data.insteadOf !== undefined) seen.add('instead');
      if (event.type === 'StageSatisfied' && event.data.byRule) seen.add('byRule');
    }
  }
  const wanted = ['instead', 'byRule', 'ApprovalGranted', 'ApprovalCarriedOver', 'ReviewEscalated', 'ReviewLapsed'];
  expect(wanted.filter((each) => !seen.has(each))).toEqual([]);
});
