import { Writer } from '../../src/store/sqlite/appender';
import { ReadTurn } from '../../src/store/sqlite/driver';
import { EventDictionary } from '../../src/store/sqlite/eventdictionary';
import { openEventFile } from '../../src/store/sqlite/file';
import { Reader } from '../../src/store/sqlite/logreader';
import { Unavailable } from '../../src/store/store';
import { place } from './embedded';
import { event, events, newStream } from './given';

/** A file may not grow beyond this number of pages, which SQLite reports like a full disk. */
function withRoomFor(file: string, pages: number) {
  const database = openEventFile(file, {});
  const words = new EventDictionary(database);
  const commits: number[] = [];
  const turn = new ReadTurn(database);
  const reader = new Reader(database, words, file, turn);
  const onCommit = () => commits.push(reader.head());
  const writer = new Writer(database, words, { path: file, now: Date.now, lockTimeoutMs: 1_000, onCommit, turn });
  const limit = (count: number) => database.exec(`PRAGMA max_page_count = ${count}`);
  limit(pages);
  return { writer, reader, limit, commits, close: () => database.close() };
}

describe('a full disk', () => {
  let home: ReturnType<typeof place>;
  beforeEach(() => {
    home = place();
  });
  afterEach(() => home.remove());

  test('fails every append of the transaction, keeps none of it, and recovers as soon as there is room', async () => {
    const { writer, reader, limit, commits, close } = withRoomFor(home.file, 40);
    const kept = newStream();
    await writer.append(kept, 'none', events(2));
    const big = event({ data: Array.from({ length: 15 }, () => 'x'.repeat(16_000)) });
    const streams = [newStream(), newStream('campaign'), newStream()];
    const settled = await Promise.allSettled([
      writer.append(streams[0]!, 'none', events(1)),
      writer.append(streams[1]!, 'none', [big]),
      writer.append(streams[2]!, 'none', events(1)),
      // A conflict in a failed transaction reveals nothing about the stream.
      writer.append(kept, 'none', events(1)),
    ]);
    for (const result of settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
    }
    expect(String((settled[1] as PromiseRejectedResult).reason)).toContain(
      `${home.file} cannot grow: the disk is full`,
    );
    expect(reader.head()).toBe(2);
    expect(streams.flatMap((stream) => reader.streamPage(stream, -1))).toEqual([]);
    expect(commits).toEqual([2]);

    limit(10_000);
    for (const stream of streams) expect((await writer.append(stream, 'none', events(1))).revision).toBe(0);
    await writer.append(streams[1]!, 0, [big]);
    expect(reader.streamPage(streams[1]!, 0)[0]?.data).toEqual(big.data);
    expect(reader.logPage(0, 100, 100).map(({ revision }) => revision)).toEqual([0, 1, 0, 0, 0, 1]);
    close();
  });
});
