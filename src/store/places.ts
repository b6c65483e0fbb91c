import type { RecordedEvent } from '../domain/event';
import type { Store } from './store';

/** Where an event is: its stream and revision. */
export interface Place {
  readonly stream: string;
  readonly revision: number;
}

/** Events of one stream at most this far apart are fetched with one read, together with those between them. */
const NEAR = 16;
/** Maximum number of events in one read. */
const LONGEST = 1_000;
/** Maximum number of concurrent reads: each is a call if the store is a server. */
const AT_ONCE = 16;

interface Run {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

/** The events at these places, in the same order. Throws if a place has no event. */
export async function eventsAt(
  store: Pick<Store, 'readStream'>,
  places: readonly Place[],
): Promise<readonly RecordedEvent[]> {
  const read = new Map<string, RecordedEvent>();
  const runs = runsOf(places);
  for (let begun = 0; begun < runs.length; begun += AT_ONCE) {
    await Promise.all(runs.slice(begun, begun + AT_ONCE).map((run) => readRun(store, run, read)));
  }
  return places.map((place) => {
    const event = read.get(keyOf(place));
    if (event === undefined) throw new Error(`the log has no event ${place.revision} of stream ${place.stream}`);
    return event;
  });
}

const keyOf = ({ stream, revision }: Place): string => `${revision} ${stream}`;

async function readRun(
  store: Pick<Store, 'readStream'>,
  { stream, from, to }: Run,
  into: Map<string, RecordedEvent>,
): Promise<void> {
  for await (const page of store.readStream(stream, { after: from - 1, limit: to - from + 1 })) {
    for (const event of page) into.set(keyOf({ stream, revision: event.revision }), event);
  }
}

/** Plans the fewest reads that cover all places with little excess. */
function runsOf(places: readonly Place[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { stream, revision } of places.toSorted(inOrder)) {
    const last = runs.at(-1);
    const near = last?.stream === stream && revision - last.to <= NEAR && revision - last.from < LONGEST;
    if (near) runs[runs.length - 1] = { ...last, to: revision };
    else runs.push({ stream, from: revision, to: revision });
  }
  return runs;
}

function inOrder(a: Place, b: Place): number {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.revision - b.revision;
}
