import type { RecordedEvent } from '../../domain/event';
import type { Store } from '../../store/store';

/** What a pack is about. */
export type Question =
  | { readonly asset: string }
  | { readonly campaign: string }
  | { readonly placement: string }
  | { readonly person: string }
  /** Recorded from one instant, included, to the other, excluded. ISO 8601, UTC. */
  | { readonly from: string; readonly to: string };

type Log = Pick<Store, 'readAll' | 'readStream' | 'readType'>;

/** Which streams a question is about, sorted; empty where it is about nothing in this log. */
export async function streamsFor(store: Log, question: Question): Promise<readonly string[]> {
  const streams = new Set(await streamsNamed(store, question));
  for (const stream of [...streams]) {
    for await (const page of store.readStream(stream)) {
      for (const event of page) for (const related of relatedTo(event)) streams.add(related);
    }
  }
  const there: string[] = [];
  for (const stream of [...streams].sort()) if (await exists(store, stream)) there.push(stream);
  return there;
}

/** The campaign of an event, and the streams that its decision relied on: workflows, rules, licences, parents. */
function relatedTo({ data }: RecordedEvent): readonly string[] {
  const { campaign, reliedOn } = data as { readonly campaign?: unknown; readonly reliedOn?: object };
  const relied = Object.keys(reliedOn ?? {});
  return typeof campaign === 'string' ? [`campaign-${campaign}`, ...relied] : relied;
}

async function streamsNamed(store: Log, question: Question): Promise<readonly string[]> {
  if ('asset' in question) return [`asset-${question.asset}`];
  if ('campaign' in question) {
    const { campaign } = question;
    const placed = await placing(store, (data) => data.campaign === campaign);
    return [`campaign-${campaign}`, ...placed];
  }
  if ('placement' in question) return placing(store, ({ placement }) => placement === question.placement);
  const wanted =
    'person' in question
      ? ({ metadata: { actorId, onBehalfOf } }: RecordedEvent) =>
          actorId === question.person || onBehalfOf === question.person
      : ({ recordedAt }: RecordedEvent) => recordedAt >= question.from && recordedAt < question.to;
  const found = new Set<string>();
  for await (const page of store.readAll()) for (const event of page) if (wanted(event)) found.add(event.stream);
  return [...found];
}

async function placing(
  store: Log,
  wanted: (data: { readonly campaign?: string; readonly placement?: string }) => boolean,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const type of ['PlacementStarted', 'PlacementObserved']) {
    for await (const page of store.readType?.(type) ?? store.readAll()) {
      for (const event of page) if (event.type === type && wanted(event.data as object)) found.add(event.stream);
    }
  }
  return [...found];
}

async function exists(store: Log, stream: string): Promise<boolean> {
  for await (const page of store.readStream(stream, { limit: 1 })) return page.length > 0;
  return false;
}

/** The question in words, the title of the report. */
export function titleOf(question: Question): string {
  if ('from' in question) return `What was recorded from ${question.from} to ${question.to}`;
  const [[kind, id]] = Object.entries(question) as [[string, string]];
  return kind === 'person' ? `What ${id} did` : `The ${kind} ${id}`;
}
