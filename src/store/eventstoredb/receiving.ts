import type { CheckedEvent } from '../appendcheck';
import { isoOf } from '../instant';
import { type CheckedMove, checkMoved, type MovedAppend, ORIGINAL, RECEIVED_AT_ONCE, type Target } from '../moving';
import { Invalid } from '../store';
import type { Wire } from './wire';
import type { Ready, Writer } from './writing';

/** Concurrent appends on a connection that keeps their order, and their total bytes. */
const UNDER_WAY = { appends: 64, bytes: 2_000_000 };

/**
 * Writes the appends of a copy in order. Several are in flight at once if all use one stream of messages, which the
 * server processes in order: if that stream breaks, the appends that were not written are the last ones, never ones in
 * the middle. The first append goes alone, because only it can report that another program wrote. After a failure the
 * caller repeats all of them.
 */
export function receiving(wire: Wire, writer: Writer): Target['receive'] {
  return async (appends) => {
    const [first, ...rest] = checked(writer, appends);
    if (first === undefined) return;
    await writer.write(first);
    if (wire.ordered) await together(writer, rest);
    else for (const append of rest) await writer.write(append);
  };
}

function checked(writer: Writer, appends: readonly MovedAppend[]): readonly Ready[] {
  const count = appends.reduce((sum, { events }) => sum + events.length, 0);
  if (count > RECEIVED_AT_ONCE) throw new Invalid('appends', `hold at most ${RECEIVED_AT_ONCE} events together`);
  return appends.map((append) => {
    const events = checkMoved(append).map(withProvenance);
    return writer.ready(append.stream, append.expected, events, append.events);
  });
}

async function together(writer: Writer, appends: readonly Ready[]): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let bytes = 0;
  const failures: { readonly index: number; readonly error: unknown }[] = [];
  for (const [index, append] of appends.entries()) {
    while (underWay.size >= UNDER_WAY.appends || (underWay.size > 0 && bytes + append.bytes > UNDER_WAY.bytes)) {
      await Promise.race(underWay);
    }
    if (failures.length > 0) break;
    bytes += append.bytes;
    const one: Promise<void> = writer
      .write(append)
      .then(
        () => undefined,
        (error) => void failures.push({ index, error }),
      )
      .finally(() => {
        underWay.delete(one);
        bytes -= append.bytes;
      });
    underWay.add(one);
  }
  await Promise.all(underWay);
  // Failures behind the first are its consequences, and may be reported before it.
  const [first] = failures.sort((a, b) => a.index - b.index);
  if (first !== undefined) throw first.error;
}

/** The server has no column for provenance, so it is stored in the metadata until the event is read. */
function withProvenance({ original, ...event }: CheckedMove): CheckedEvent {
  const provenance: Record<string, string> = { [ORIGINAL.recordedAt]: isoOf(original.recorded) };
  if (original.position !== undefined) provenance[ORIGINAL.position] = original.position;
  return { ...event, metadata: { ...event.metadata, ...provenance } };
}
