import type { NewEvent } from '../../../src/domain/event';
import { type ExpectedRevision, Invalid, TooLarge } from '../../../src/store/store';
import type { Chapter, Opened } from '../contract';
import { event, events, metadata, newStream, whole } from '../given';

type Attempt = readonly [stream: string, expected: ExpectedRevision, events: readonly NewEvent[], path: string];

const text = (length: number) => 'x'.repeat(length);
/** Data of a given size as JSON, in strings that each stay below their own limit. */
function dataOf(bytes: number): string[] {
  const full = Math.floor((bytes - 2) / 16_003);
  const rest = bytes - 2 - full * 16_003;
  return [...Array.from({ length: full }, () => text(16_000)), ...(rest > 2 ? [text(rest - 2)] : [])];
}

async function refuses({ store }: Opened, as: typeof Invalid | typeof TooLarge, attempts: readonly Attempt[]) {
  for (const [stream, expected, batch, path] of attempts) {
    const refused = store.append(stream, expected, batch);
    await expect(refused).rejects.toBeInstanceOf(as);
    await expect(refused).rejects.toMatchObject({ path });
  }
  expect(await whole(store.readAll())).toEqual([]);
}

/** S9: what cannot be stored is refused before anything is written, with the path of the field. */
export const limits: Chapter = {
  'refuses names that are empty, too long, not printable or begin with $': (opened) =>
    refuses(
      opened,
      Invalid,
      ['', text(201), '$settings', 'asset\n1', 'ümlaut'].flatMap((name): Attempt[] => [
        [name, 'none', events(1), 'stream'],
        [newStream(), 'none', [event(), event({ type: name })], 'events[1].type'],
      ]),
    ),

  'refuses an invalid expected revision, and an empty append': (opened) =>
    refuses(opened, Invalid, [
      [newStream(), -1, events(1), 'expected'],
      [newStream(), 1.5, events(1), 'expected'],
      [newStream(), 'any' as 'none', events(1), 'expected'],
      [newStream(), 'none', [], 'events'],
    ]),

  'refuses an id that is not a UUID, and a duplicate': (opened) => {
    const one = event();
    return refuses(opened, Invalid, [
      [newStream(), 'none', [event({ id: '12' })], 'events[0].id'],
      [newStream(), 'none', [event({ id: '00000000-0000-0000-0000-000000000000' })], 'events[0].id'],
      [newStream(), 'none', [one, event(), { ...one, id: one.id.toUpperCase() }], 'events[2].id'],
    ]);
  },

  'refuses metadata other than a flat map of strings': (opened) =>
    refuses(
      opened,
      Invalid,
      (
        [
          [null, 'events[0].metadata'],
          [[], 'events[0].metadata'],
          [{ ...metadata(), retries: 3 }, 'events[0].metadata.retries'],
          [{ ...metadata(), tool: 'fig\0ma' }, 'events[0].metadata.tool'],
          [{ ...metadata(), tool: '\ud800' }, 'events[0].metadata.tool'],
        ] as const
      ).map(([odd, path]) => [newStream(), 'none', [event({ metadata: odd as never })], path]),
    ),

  'refuses data that JSON would change, and names the field': (opened) =>
    refuses(
      opened,
      Invalid,
      (
        [
          [{ price: { value: 2 ** 53 } }, 'data.price.value'],
          [{ ratio: Number.NaN }, 'data.ratio'],
          [{ sizes: [1, Number.POSITIVE_INFINITY] }, 'data.sizes.1'],
          [{ title: 'a\0b' }, 'data.title'],
          [{ title: '\udc00' }, 'data.title'],
          [{ title: text(16_385) }, 'data.title'],
          [undefined, 'data'],
          [{ when: new Date(0) }, 'data.when'],
        ] as const
      ).map(([data, path]) => [newStream(), 'none', [event({ data })], `events[0].${path}`]),
    ),

  'refuses more than 1,000 events, an event over 256 KiB and an append over 1,000,000 bytes': async (opened) => {
    await refuses(opened, Invalid, [[newStream(), 'none', events(1_001), 'events']]);
    await refuses(opened, TooLarge, [
      [newStream(), 'none', [event({ data: dataOf(262_145) })], 'events[0]'],
      [newStream(), 'none', [1, 2, 3, 4].map(() => event({ data: dataOf(250_000) })), 'events'],
    ]);
  },

  'accepts data just within the limits': async ({ store }) => {
    const large = event({ data: dataOf(261_000) });
    const stream = newStream();
    await store.append(stream, 'none', [large]);
    await store.append(
      stream,
      0,
      [1, 2, 3].map(() => event({ data: dataOf(250_000) })),
    );
    await store.append(newStream(), 'none', events(1_000));
    expect((await whole(store.readStream(stream)))[0]?.data).toEqual(large.data);
  },
};
