import fc from 'fast-check';
import { place } from '../../test/store/embedded';
import { event, newStream } from '../../test/store/given';
import type { DomainEvent } from '../domain/catalogue';
import type { AnyDecider } from '../domain/deciders';
import type { NewEvent } from '../domain/event';
import { openSqliteStore } from '../store/sqlite/adapter';
import { FoldedStreams } from './folded';

/** Remembers the ids of all events in order, which is the most a fold can know of a stream. */
const recorder = {
  initial: [],
  evolve: (ids: unknown, happened: DomainEvent) => [...(ids as string[]), (happened as unknown as NewEvent).id],
} as unknown as AnyDecider;

const registered = (commandId: string): NewEvent => {
  const given = event();
  return { ...given, type: 'AssetRegistered', metadata: { ...given.metadata, schemaVersion: '1', commandId } as never };
};

it('loads a stream as it is in the log, even if another process wrote in between', async () => {
  const steps = fc.array(fc.record({ stream: fc.nat(2), mine: fc.boolean(), command: fc.nat(4) }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (writes) => {
      const { file, remove } = place();
      const store = openSqliteStore(file);
      const other = openSqliteStore(file);
      try {
        const streams = [newStream(), newStream(), newStream()];
        const folded = new FoldedStreams(store);
        for (const { stream: n, mine, command } of writes) {
          const stream = streams[n]!;
          const commandId = `command ${command}`;
          const before = await folded.load(recorder, stream, commandId);
          const events = [registered(commandId)];
          const { revision } = await (mine ? store : other).append(stream, before.revision, events);
          if (mine) folded.wrote(recorder, stream, before, { commandId, events, revision });
          const whole = await new FoldedStreams(store).load(recorder, stream, commandId);
          const { state, earlier } = await folded.load(recorder, stream, commandId);
          expect(state).toEqual(whole.state);
          expect(earlier).toEqual(whole.earlier);
        }
      } finally {
        await other.close();
        await store.close();
        remove();
      }
    }),
    { numRuns: 25 },
  );
});

it('reads a stream from its beginning after another reader saw a different one', async () => {
  const { file, remove } = place();
  const store = openSqliteStore(file);
  const folded = new FoldedStreams(store);
  const stream = newStream();
  const events = [registered('lost')];
  folded.wrote(recorder, stream, await folded.load(recorder, stream, 'lost'), {
    commandId: 'lost',
    events,
    revision: 0,
  });
  expect(await folded.load(recorder, stream, 'next')).toMatchObject({ state: [events[0]!.id], revision: 0 });
  folded.forget(stream);
  expect(await folded.load(recorder, stream, 'next')).toMatchObject({ state: [], revision: 'none' });
  await store.close();
  remove();
});
