import { CATALOGUE, CATEGORIES, type Category, EVENT_TYPES, type EventType } from '../../src/domain/catalogue';
import type { At, ProjectionReader } from '../../src/tables/reader';
import { type Filter, is, oneOf, within } from '../filters';
import { listOf } from '../list';
import { event, type HistoryRow } from './tables';

const typesOf = (category: Category): readonly EventType[] =>
  EVENT_TYPES.filter((type) => CATALOGUE[type].category === category);
/** The types of event that streams of each category have. */
const TYPES = Object.fromEntries(CATEGORIES.map((category) => [category, typesOf(category)])) as {
  readonly [C in Category]: readonly EventType[];
};

/** Events of one stream. */
const about = (category: Category): Filter<'subject' | 'type', string> => ({
  takes: { id: category },
  conditions: (subject) => ({ where: { subject: { eq: subject }, type: { in: TYPES[category] } } }),
});

/** Events behind this position: those that are new to whoever has read up to it. */
const since: Filter<'position', string> = {
  takes: 'value',
  conditions: (position) => ({ where: { position: { gt: position } } }),
};

/** The order of a history inside an object. */
export const NEWEST_FIRST = { by: 'recorded', direction: 'desc' } as const;

/** What happened: by place in the log, or in the order it was done. `sentence` (sentences.ts) words a row. */
export const events = listOf({
  name: 'history',
  projection: 'history',
  table: event,
  orders: { recorded: 'position', occurred: 'occurredAt' },
  usual: { by: 'recorded', direction: 'asc' },
  filters: {
    assetId: about('asset'),
    campaignId: about('campaign'),
    licenceId: about('licence'),
    workflowId: about('workflow'),
    rulebookId: about('rulebook'),
    recallId: about('recall'),
    typeIn: oneOf('type'),
    actorId: is('actor', 'actor'),
    occurred: within('occurredAt'),
    recorded: within('recordedAt'),
    since,
  },
});

/** What of the log lies between two moments: behind a position, or done after an instant where one is named. */
export interface Behind {
  readonly position: string;
  readonly occurredAt?: string;
}

/** The assets that something happened to, as of `at`, behind what was known before; in the order of their ids. */
export async function assetsTouched(
  reader: ProjectionReader,
  { position, occurredAt }: Behind,
  at: At,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly string[]> {
  const later = { where: { position: { gt: position } } };
  const groups = await reader.group(event, {
    where: { type: { in: TYPES.asset }, ...(after !== undefined && { subject: { gt: after } }) },
    // An act counts no sooner than the first one of its asset, which is then itself done after the instant.
    anyOf: [occurredAt === undefined ? [later] : [later, { where: { occurredAt: { gt: occurredAt } } }]],
    by: ['subject'],
    order: [{ by: 'subject' }],
    limit,
    at,
  });
  return groups.map(({ subject }) => subject!);
}

/** The position of the last event recorded by then, undefined where there was none. */
export async function lastBy(reader: ProjectionReader, recordedAt: string): Promise<string | undefined> {
  const [last] = await reader.select(event, {
    order: [{ by: 'position', descending: true }],
    limit: 1,
    at: { recordedAt },
  });
  return last?.position;
}

/** The event at a position, or undefined where the log had none there. */
export function eventAt(reader: ProjectionReader, position: string, at?: At): Promise<HistoryRow | undefined> {
  return reader.get(event, { position }, at);
}

/** The events at these positions, in their order; undefined where the log had none. An event never changes. */
export function eventsByPosition(
  reader: ProjectionReader,
  positions: readonly string[],
): Promise<readonly (HistoryRow | undefined)[]> {
  return reader.getMany(
    event,
    positions.map((position) => ({ position })),
  );
}
