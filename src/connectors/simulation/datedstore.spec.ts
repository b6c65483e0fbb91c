import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { event, newStream } from '../../../test/store/given';
import type { RecordedEvent } from '../../domain/event';
import { openSqliteTarget } from '../../store/sqlite/adapter';
import { Conflict } from '../../store/store';
import { SimulatedRecording } from './datedstore';

let directory: string;
let store: SimulatedRecording;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-recording-'));
  store = new SimulatedRecording(openSqliteTarget(join(directory, 'events.sqlite'), { synchronous: 'OFF' }));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function log(): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
}

describe('the recording of a simulated year', () => {
  it('records an event shortly after it occurred', async () => {
    const given = event();
    await store.append(newStream(), 'none', [given]);
    const [recorded] = await log();
    expect(Date.parse(recorded!.recordedAt) - Date.parse(given.metadata.occurredAt)).toBe(250);
    expect(recorded).not.toHaveProperty('originalPosition');
  });

  it('writes concurrent appends in the order of the calls', async () => {
    const streams = Array.from({ length: 50 }, () => newStream());
    const made = streams.flatMap((stream) => [
      { stream, expected: 'none' as const, events: [event(), event()] },
      { stream, expected: 1, events: [event()] },
    ]);
    const answers = await Promise.all(
      made.map(({ stream, expected, events }) => store.append(stream, expected, events)),
    );
    expect(answers.map(({ revision }) => revision)).toEqual(streams.flatMap(() => [1, 2]));
    expect((await log()).map(({ id }) => id)).toEqual(made.flatMap(({ events }) => events.map(({ id }) => id)));
  });

  it('refuses only the append that conflicts', async () => {
    const [one, other] = [newStream(), newStream()];
    await store.append(one, 'none', [event()]);
    const answers = await Promise.allSettled([
      store.append(other, 'none', [event()]),
      store.append(one, 'none', [event()]),
      store.append(other, 0, [event()]),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((answers[1] as PromiseRejectedResult).reason).toBeInstanceOf(Conflict);
    expect(await log()).toHaveLength(3);
  });

  it('answers a repeated append like the first time and writes nothing', async () => {
    const stream = newStream();
    const given = [event(), event()];
    const first = await store.append(stream, 'none', given);
    expect(await store.append(stream, 'none', given)).toMatchObject({ revision: first.revision });
    expect(await log()).toHaveLength(2);
  });
});
