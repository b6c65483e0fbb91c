import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { events, newStream } from '../../../test/store/given';
import type { NewEvent } from '../../domain/event';
import { type Appended, Conflict, type ExpectedRevision } from '../store';
import { openSqliteStore } from './adapter';

/**
 * `store`: the connection used. `off`: the offset of the expected revision from the true one, or a repeat of the last
 * append.
 */
const steps = fc.array(
  fc.record({
    store: fc.constantFrom<(0 | 1)[]>(0, 1),
    stream: fc.constantFrom<(0 | 1)[]>(0, 1),
    count: fc.constantFrom(1, 1, 1, 2),
    off: fc.constantFrom<(number | 'again')[]>(0, 0, 0, 0, -1, 1, 'again'),
  }),
  { minLength: 1, maxLength: 40 },
);

it('checks every append against the file, whichever process wrote it and whatever is cached', async () => {
  const law = fc.asyncProperty(steps, async (some) => {
    const directory = mkdtempSync(join(tmpdir(), 'palimpsest-'));
    const file = join(directory, 'events.sqlite');
    const stores = [openSqliteStore(file, { synchronous: 'OFF' }), openSqliteStore(file, { synchronous: 'OFF' })];
    const streams = [newStream(), newStream()];
    const log: { readonly stream: string; readonly id: string }[] = [];
    const last: { expected: ExpectedRevision; added: readonly NewEvent[]; appended: Appended }[] = [];
    try {
      for (const { store, stream, count, off } of some) {
        const name = streams[stream]!;
        const before = last[stream];
        const append = (expected: ExpectedRevision, added: readonly NewEvent[]) =>
          stores[store]!.append(name, expected, added);
        if (off === 'again') {
          if (before) expect(await append(before.expected, before.added)).toEqual(before.appended);
          continue;
        }
        const current = log.filter((each) => each.stream === name).length - 1;
        const expected = current + off < 0 ? 'none' : current + off;
        const added = events(count);
        const answer = await append(expected, added).catch((error: unknown) => error);
        if (expected !== (current < 0 ? 'none' : current)) {
          expect(answer).toBeInstanceOf(Conflict);
          continue;
        }
        log.push(...added.map(({ id }) => ({ stream: name, id })));
        expect(answer).toMatchObject({ revision: current + count, position: String(log.length).padStart(20, '0') });
        last[stream] = { expected, added, appended: answer as Appended };
      }
      const found: unknown[] = [];
      for await (const page of stores[0]!.readAll()) found.push(...page.map(({ stream, id }) => ({ stream, id })));
      expect(found).toEqual(log);
    } finally {
      for (const each of stores) await each.close();
      rmSync(directory, { recursive: true });
    }
  });
  await fc.assert(law, { numRuns: 60 });
});
