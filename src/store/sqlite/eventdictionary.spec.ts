import { place } from '../../../test/store/embedded';
import { EventDictionary } from './eventdictionary';
import { openEventFile } from './file';

/** More than the cache holds, and no multiple of the read-ahead. */
const STREAMS = 131_072 + 1_000;

it('names every stream of a log with more streams than the cache holds', () => {
  const { file, remove } = place();
  const database = openEventFile(file, { synchronous: 'OFF' });
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${STREAMS})
     INSERT INTO stream (category, key) SELECT 'stream' || i, x'' FROM n`,
  );
  const words = new EventDictionary(database);
  // The read-ahead from here overlaps with the one from the beginning.
  expect(words.streamName(200)).toBe('stream200');
  for (let id = 1; id <= STREAMS; id++) if (words.streamName(id) !== `stream${id}`) throw new Error(`stream ${id}`);
  expect(words.streamName(1)).toBe('stream1');
  expect(() => words.streamName(STREAMS + 1)).toThrow(/refers to stream 132073/);
  database.close();
  remove();
});
