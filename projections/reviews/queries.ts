import { canonicalId } from '../../src/domain/identity';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { idOf, is, oneOf, within } from '../filters';
import { type List, listOf, type Mark } from '../list';
import { type DecisionMade, type ReviewRow, review, waiting } from './tables';
import { ANYBODY, groupTerm, personTerm, roleTerm } from './waiting';

export const reviewList = listOf({
  name: 'reviews',
  projection: 'reviews',
  table: review,
  orders: { requested: 'requestedAt', due: 'due' },
  usual: { by: 'requested', direction: 'desc' },
  filters: {
    assetId: idOf('asset', 'asset'),
    workflowId: idOf('workflow', 'workflow'),
    statusIn: oneOf('status'),
    requestedById: is('requestedBy', 'actor'),
    requested: within('requestedAt'),
    due: within('due'),
  },
});

/** Reviews by their ids, in that order; undefined where there was none at that moment. */
export function reviewsById(
  reader: ProjectionReader,
  ids: readonly string[],
  at?: At,
): Promise<readonly (ReviewRow | undefined)[]> {
  return reader.getMany(
    review,
    ids.map((id) => ({ review: id })),
    at,
  );
}

/** The most steps of deadlines that are looked at once. */
const MOST_STEPS = 500;

/** Steps that deadlines ask for by an instant, the earliest first. */
export async function deadlineSteps(reader: ProjectionReader, until: string) {
  const rows = await reader.select(review, {
    where: { nextStep: { lte: until } },
    order: [{ by: 'nextStep' }],
    limit: MOST_STEPS,
  });
  return rows.map(({ asset, review: id, round, stage, nextStep }) => {
    const at = nextStep ?? until;
    return { fact: { asset, review: id, round, stage: stage ?? '', at }, since: at };
  });
}

/** Somebody with the roles and groups that the rulebook gives them, and those for whom they stand in. */
export interface Asker {
  readonly person: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** Whether they may decide where anybody may. */
  readonly anybody: boolean;
  readonly insteadOf: readonly Omit<Asker, 'insteadOf' | 'anybody'>[];
}

/** The most reviews that are looked at for one person. */
const MOST = 2_000;

/** What waits for a person: reviews in whose open stage they, or somebody they stand in for, could decide and have not. */
export async function waitingFor(reader: ProjectionReader, asker: Asker, at?: At): Promise<readonly ReviewRow[]> {
  const own = termsOf(asker);
  const terms = [...own, ...(asker.anybody ? [ANYBODY] : []), ...asker.insteadOf.flatMap(termsOf)];
  const rows = await reader.select(waiting, { where: { term: { in: [...new Set(terms)] } }, limit: MOST, at });
  const ids = [...new Set(rows.map((row) => row.review))];
  const found = (await reviewsById(reader, ids, at)).filter((row) => row !== undefined);
  return found.filter((row) => couldDecide(row, asker)).sort(inOrder);
}

function termsOf({ person, roles, groups }: Omit<Asker, 'insteadOf' | 'anybody'>): readonly string[] {
  return [personTerm(person), ...roles.map(roleTerm), ...groups.map(groupTerm)];
}

function couldDecide({ excluded, decided, stage }: ReviewRow, { person }: Asker): boolean {
  const id = canonicalId(person);
  const here = (decided as DecisionMade[]).filter((each) => each.stage === (stage ?? undefined));
  const has = here.some(({ by, insteadOf }) => [by, insteadOf].some((each) => each && canonicalId(each) === id));
  return !excluded.includes(id) && !has;
}

/** What is due first; what has no deadline last, the oldest request first. */
function inOrder(one: ReviewRow, other: ReviewRow): number {
  const [left, right] = [keyOf(one), keyOf(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const keyOf = ({ due, requestedAt, review: id }: ReviewRow): string => `${due ?? '~'} ${requestedAt} ${id}`;

/** A person's queue as a list of pages. */
export function queueOf(rows: readonly ReviewRow[]): List<ReviewRow> {
  return {
    name: 'queue',
    projection: 'reviews',
    filters: {},
    usual: { by: 'due', direction: 'asc' },
    async page(_reader, { first, after }) {
      const behind = after === undefined ? rows : rows.filter((row) => keyOf(row) > (after as Mark).key);
      return { rows: behind.slice(0, first), hasNext: behind.length > first };
    },
    count: async () => rows.length,
    mark: (row) => ({ key: keyOf(row) }),
    marks: () => ({ key: 'text' }),
  };
}
