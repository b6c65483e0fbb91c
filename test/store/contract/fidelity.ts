import fc from 'fast-check';
import type { Metadata, NewEvent, RecordedEvent } from '../../../src/domain/event';
import { checkJson } from '../../../src/domain/json';
import type { Chapter } from '../contract';
import { event, metadata, newStream, whole } from '../given';

const value = fc
  .jsonValue({ stringUnit: 'binary', maxDepth: 6 })
  .filter((candidate) => checkJson(candidate) === undefined);
const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((candidate) => !candidate.includes('\0'));
const key = text.filter((candidate) => candidate !== '' && candidate !== '__proto__');
const uuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
);
const instant = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());

/** All forms of metadata: the usual one, with links to other commands, with more or fewer keys, with odd values. */
const anyMetadata: fc.Arbitrary<Metadata> = fc
  .tuple(
    fc.record(
      {
        occurredAt: fc.oneof(instant, text),
        onBehalfOf: text,
        toolVersion: text,
        commandId: uuid,
        commandHash: fc.oneof(fc.constant('00ff00ff00ff00ff'), text),
        $correlationId: fc.oneof(uuid, text),
        $causationId: uuid,
        actorId: text,
      },
      { requiredKeys: [] },
    ),
    fc.oneof(fc.constant({}), fc.dictionary(key, text, { maxKeys: 3 })),
    fc.option(fc.constantFrom('tool', 'commandId', 'occurredAt', 'actorKind', '$causationId'), { freq: 3 }),
  )
  .map(([usual, more, without]) => {
    const all: Record<string, string> = { ...metadata(), ...usual, ...more };
    if (without !== null) delete all[without];
    return all as unknown as Metadata;
  });

const anyEvent: fc.Arbitrary<NewEvent> = fc.record({
  id: fc.uuid(),
  type: fc.constantFrom('VersionAdded', 'AssetRetired', 'An odd type: 100%'),
  data: value,
  metadata: anyMetadata,
});

/** What was written is read back: every value, the order of keys, and the sign of zero. */
export const fidelity: Chapter = {
  'returns exactly what was written, whatever it is': async ({ store }) => {
    const all: RecordedEvent[] = [];
    const batches = fc.uniqueArray(anyEvent, { minLength: 1, maxLength: 20, selector: ({ id }) => id });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const stream = newStream();
        await store.append(stream, 'none', batch);
        const read = await whole(store.readStream(stream));
        all.push(...read);
        for (const [index, written] of batch.entries()) {
          const { id, type, data, metadata: meta } = read[index]!;
          expect({ id, type, data, metadata: meta }).toEqual(written);
          expect(JSON.stringify(data)).toBe(JSON.stringify(written.data));
        }
      }),
      { numRuns: 150 },
    );
    const log = await whole(store.readAll());
    expect(log).toEqual(all);
    expect(JSON.stringify(log)).toBe(JSON.stringify(all));
  },

  'keeps the name of any stream': async ({ store }) => {
    const names = [newStream(), newStream('usage'), 'usage-web.20260301', 'a', 'Ä', '~', `x${'y'.repeat(199)}`];
    const printable = names.filter((name) => /^[ -~]+$/.test(name));
    for (const stream of printable) await store.append(stream, 'none', [event()]);
    expect((await whole(store.readAll())).map(({ stream }) => stream)).toEqual(printable);
    for (const stream of printable) {
      expect((await whole(store.readStream(stream))).map((read) => read.stream)).toEqual([stream]);
    }
  },

  'returns ids in lower case': async ({ store }) => {
    const stream = newStream();
    const one = event({ id: 'ABCDEF00-1234-4ABC-8DEF-0123456789AB' });
    await store.append(stream, 'none', [one]);
    expect((await whole(store.readStream(stream)))[0]?.id).toBe(one.id.toLowerCase());
    expect((await store.append(stream, 'none', [{ ...one, id: one.id.toLowerCase() }])).revision).toBe(0);
  },

  'omits an undefined property, and distinguishes a missing one from null': async ({ store }) => {
    const stream = newStream();
    await store.append(stream, 'none', [event({ data: { a: undefined, b: null, c: -0 } })]);
    const [read] = await whole(store.readStream(stream));
    expect(read?.data).toStrictEqual({ b: null, c: -0 });
  },

  'returns metadata that can be enumerated, copied and serialised as JSON': async ({ store }) => {
    const stream = newStream();
    const written = event({
      metadata: metadata({ onBehalfOf: 'actor-2', toolVersion: '4.1', source: 'git 1f2e:a.svg', traceparent: 'x' }),
    });
    await store.append(stream, 'none', [written]);
    const [read] = await whole(store.readStream(stream));
    expect(Object.keys(read!.metadata).sort()).toEqual(Object.keys(written.metadata).sort());
    expect({ ...read!.metadata }).toEqual(written.metadata);
    expect(JSON.parse(JSON.stringify(read!.metadata))).toEqual(written.metadata);
  },
};
