import type { DecisionMade, PathState, ReviewRow } from '../../../projections/reviews/tables';
import type { RulebookRow } from '../../../projections/rules/tables';
import { namedBy } from '../../domain/asset/eligible';
import { fill } from '../../domain/asset/quorum';
import { canonicalId } from '../../domain/identity';
import { RULEBOOK } from '../../domain/scope';
import { reviewId } from '../ids';
import type { Moment } from '../moment';
import { ActorView, actorView } from './actor';
import { candidatesView } from './rules';

/** A review's row under the names of the schema. */
export class ReviewView {
  readonly __typename = 'Review';

  constructor(
    readonly row: ReviewRow,
    readonly moment: Moment,
  ) {}

  get id(): string {
    return this.moment.idOf(reviewId(this.row.review));
  }
  get computedAt(): string {
    return this.moment.computedAt;
  }
  get status(): string {
    return this.row.status;
  }
  get digest(): string {
    return this.row.digest;
  }
  get materialHash(): string {
    return this.row.materialHash;
  }
  get required(): number {
    return this.row.required;
  }
  get note(): string | null {
    return this.row.note;
  }
  get requestedBy(): ActorView {
    return new ActorView(this.row.requestedBy, this.moment);
  }
  get onBehalfOf(): ActorView | null {
    return actorView(this.row.onBehalfOf, this.moment);
  }
  get requestedAt(): string {
    return this.row.requestedAt;
  }
  get workflowVersion(): number | null {
    return this.row.workflowVersion;
  }
  get workflowHash(): string | null {
    return this.row.workflowHash;
  }
  get rulebook(): number | null {
    return this.row.rulebook;
  }
  get round(): number {
    return this.row.round;
  }
  get stage(): string | null {
    return this.row.stage;
  }
  get stageName(): string | null {
    return this.row.stageName;
  }
  get waitingSince(): string | null {
    return this.row.openedAt;
  }
  get due(): string | null {
    return this.row.due;
  }
  get endedAt(): string | null {
    return this.row.endedAt;
  }
  get position(): string {
    return this.row.changed;
  }

  get decisions(): readonly object[] {
    return (this.row.decided as DecisionMade[]).map((each) => ({
      ...each,
      eventId: each.event,
      decidedAt: each.at,
      decidedBy: new ActorView(each.by, this.moment),
      insteadOf: actorView(each.insteadOf ?? null, this.moment),
      automated: each.automated ?? false,
      moment: this.moment,
    }));
  }

  get paths(): readonly ReviewPathView[] {
    const paths = this.row.paths as PathState[];
    const here = (this.row.decided as DecisionMade[]).filter(({ stage }) => stage === (this.row.stage ?? undefined));
    const yes = here.filter(({ decision, automated }) => decision === 'approve' && !automated);
    const seats = yes.map(({ by, paths: counts }) => ({ person: by, paths: counts ?? ['approval'] }));
    const { people } = fill(paths, seats);
    const out = [...this.row.excluded, ...here.flatMap(({ by, insteadOf }) => [by, insteadOf ?? by])].map(canonicalId);
    return paths.map((path) => new ReviewPathView(path, people.get(path.path) ?? [], new Set(out), this.moment));
  }
}

/** A path of the open stage: its votes, and who could still give one. */
export class ReviewPathView {
  constructor(
    readonly state: PathState,
    private readonly filled: readonly string[],
    private readonly out: ReadonlySet<string>,
    readonly moment: Moment,
  ) {}

  get path(): string {
    return this.state.path;
  }
  get name(): string | null {
    return this.state.name ?? null;
  }
  get quorum(): number {
    return this.state.quorum;
  }
  get optional(): boolean {
    return this.state.optional ?? false;
  }
  get unreachable(): boolean {
    return this.state.unreachable ?? false;
  }
  get candidates(): object {
    return candidatesView(this.state.candidates, this.moment);
  }
  get received(): number {
    return this.filled.length;
  }
  get needed(): number {
    return this.state.quorum - this.filled.length;
  }
  get filledBy(): readonly ActorView[] {
    return this.actors(this.filled);
  }
  get assigned(): readonly ActorView[] {
    return this.actors(this.state.assigned ?? []);
  }

  /** Named people who have not decided and take part; none where anybody may, or nobody is needed any more. */
  async waitingFor(): Promise<readonly ActorView[]> {
    if (this.needed === 0) return [];
    const rulebook = await this.moment.rulebook(RULEBOOK);
    const named = [...namedBy(this.state.candidates, rulebook && listsOf(rulebook))];
    return this.actors(named.filter((id) => !this.out.has(id)));
  }

  private actors(ids: readonly string[]): readonly ActorView[] {
    return ids.map((id) => new ActorView(id, this.moment));
  }
}

type Lists = Parameters<typeof namedBy>[1];

function listsOf({ roles, groups }: RulebookRow): Lists {
  return { roles, groups } as unknown as Lists;
}

export const reviewView = (row: ReviewRow | undefined, moment: Moment): ReviewView | null =>
  row === undefined ? null : new ReviewView(row, moment);
