import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine } from '../../src/cli/doctor/doctor';
import { explain } from '../../src/cli/explain';
import { type Config, loadConfig } from '../../src/config/config';
import { Random } from '../../src/connectors/simulation/random';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { openDatabase } from '../../src/store/sqlite/driver';
import { directories, json, palimpsest } from '../cli/palimpsest';
import { History } from '../import/history';

/** Number of files, each with one changed byte; BIT_FLIPS asks for more. */
const FLIPS = Number(process.env.BIT_FLIPS ?? 50);
jest.setTimeout(60_000 + FLIPS * 3_000);

const places = directories();
afterAll(() => places.remove());

interface Kept {
  readonly config: Config;
  readonly file: string;
  readonly bytes: Buffer;
  readonly events: string;
}

/** Everything that can be read of a log, as one text; undefined if it cannot be read, which must be explained. */
async function told(file: string): Promise<string | undefined> {
  try {
    const store = openSqliteStore(file, { readOnly: true });
    try {
      const events: unknown[] = [];
      for await (const page of store.readAll()) events.push(...page);
      return JSON.stringify(events);
    } finally {
      await store.close();
    }
  } catch (error) {
    expect(explain(error).message).toContain(file);
    expect(explain(error).message).not.toMatch(/^\s+at /m);
    return undefined;
  }
}

let kept: Kept;
beforeAll(async () => {
  const data = places.fresh();
  await json(['simulate', '--assets', '25', '--seed', '5', '--data', data]);
  const original = join(data, 'events.sqlite');
  const directory = places.fresh();
  const file = join(directory, 'events.sqlite');
  copyFileSync(original, file);
  kept = { config: loadConfig({ data: directory }, {}), file, bytes: readFileSync(file), events: (await told(file))! };
});

/** Whether doctor accepts the file, after deleting everything that other readers left behind. */
async function isWell(): Promise<boolean> {
  const checks = await examine(kept.config);
  for (const name of readdirSync(kept.config.dataDir)) {
    if (name !== 'events.sqlite') rmSync(join(kept.config.dataDir, name), { recursive: true });
  }
  // Nobody projects here, and the log is older than the time at which doctor looks.
  return checks.filter(({ name }) => name === 'event store' || name === 'events').every(({ ok }) => ok);
}

test('an unchanged file passes', async () => {
  expect(await isWell()).toBe(true);
  expect(kept.events.length).toBeGreaterThan(100_000);
});

test('of files with one random byte changed, none with an altered event is reported as intact', async () => {
  const random = new Random(11, 1);
  const seen = { altered: 0, unreadable: 0, untouched: 0, wellThoughUntouched: 0 };
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const bytes = Buffer.from(kept.bytes);
    // Every tenth change is in the first page, with the header and the schema.
    const at = random.whole(0, (flip % 10 === 0 ? 4_096 : bytes.length) - 1);
    bytes[at]! ^= random.whole(1, 255);
    writeFileSync(kept.file, bytes);
    const now = await told(kept.file);
    const well = await isWell();
    if (now === kept.events) {
      seen.untouched += 1;
      if (well) seen.wellThoughUntouched += 1;
      continue;
    }
    if (now === undefined) seen.unreadable += 1;
    else seen.altered += 1;
    if (well) throw new Error(`byte ${at} is ${bytes[at]} instead of ${kept.bytes[at]}, and doctor is content`);
  }
  writeFileSync(kept.file, kept.bytes);
  if (process.env.BIT_FLIPS !== undefined) process.stderr.write(`${JSON.stringify(seen)}\n`);
  // To make the test meaningful: some of the changed bytes were bytes of events.
  expect(seen.altered).toBeGreaterThan(FLIPS / 3);
});

describe('a row that is changed through SQLite, which leaves the pages intact', () => {
  const CHANGES: readonly (readonly [what: string, sql: string])[] = [
    ['what an event says', `UPDATE event SET data = replace(data, '"image"', '"video"') WHERE data LIKE '%"image"%'`],
    ['when it was recorded', 'UPDATE event SET recorded = recorded + 1 WHERE position = 17'],
    ['when it was done', 'UPDATE event SET occurred = occurred - 1 WHERE position = 17'],
    [
      'who did it',
      'UPDATE event SET who = (SELECT who FROM event WHERE who <> 0 ORDER BY who DESC) WHERE position = 1',
    ],
    [
      'its id',
      "UPDATE event SET ids = CAST(x'00112233445566778899aabbccddeeff' || substr(ids, 17) AS BLOB) WHERE position = 17",
    ],
    ['its place', 'UPDATE event SET position = 1000000 WHERE position = (SELECT max(position) FROM event)'],
    ['its revision', 'UPDATE event SET revision = revision + 7 WHERE position = (SELECT max(position) FROM event)'],
    ['that it was the last', 'DELETE FROM event WHERE position = 17'],
    ['a word', `UPDATE word SET text = replace(text, '"person"', '"agent"')`],
    ['the name of a stream', 'UPDATE stream SET key = zeroblob(16) WHERE id = 3'],
  ];

  /** Also as a file of an older version, whose rows have no checksums: then only ids and order reveal a change. */
  const OLDER = CHANGES.filter(([what]) => what !== 'when it was recorded').map(
    ([what, sql]) =>
      [`${what}, of an older version`, `ALTER TABLE event DROP COLUMN sum; PRAGMA user_version = 1; ${sql}`] as const,
  );

  test.each([...CHANGES, ...OLDER])('%s: doctor finds it', async (_what, sql) => {
    writeFileSync(kept.file, kept.bytes);
    const database = openDatabase(kept.file);
    const triggers = database.prepareArrays<[string]>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const [name] of triggers) database.exec(`DROP TRIGGER ${name}`);
    database.exec(sql);
    database.close();
    expect(await isWell()).toBe(false);
    writeFileSync(kept.file, kept.bytes);
  });
});

describe('content files', () => {
  let history: History;
  beforeAll(() => {
    history = new History();
    const icon = (size: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"/>`;
    history.commit([
      { path: 'a.svg', content: icon(4) },
      { path: 'b.svg', content: icon(8) },
    ]);
  });
  afterAll(() => history.dispose());

  const content = async (data: string) => {
    const { code, stdout } = await palimpsest(['doctor', '--content', '--json', '--data', data]);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean; detail: string }[] };
    return { code, check: checks.find(({ name }) => name === 'content') };
  };

  test('are read with --content, and each has the digest of its name', async () => {
    const data = places.fresh();
    await json(['import', 'git', history.path, '--data', data]);
    await json(['tables', 'hash', '--data', data]);
    expect(await content(data)).toMatchObject({
      code: 0,
      check: { ok: true, detail: expect.stringMatching(/^2 files/) },
    });
    const root = join(data, 'content', 'sha256');
    const [folder] = readdirSync(root);
    const [name] = readdirSync(join(root, folder!));
    const file = join(root, folder!, name!);
    const bytes = readFileSync(file);
    for (const spoil of [
      () =>
        writeFileSync(
          file,
          bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
        ),
      () => appendFileSync(file, ' '),
      () => writeFileSync(file, ''),
    ]) {
      writeFileSync(file, bytes);
      spoil();
      expect(await content(data)).toMatchObject({
        code: 1,
        check: { ok: false, detail: expect.stringContaining(file) },
      });
    }
    writeFileSync(file, bytes);
    mkdirSync(join(root, 'zz'), { recursive: true });
    writeFileSync(join(root, 'zz', 'left.incoming'), 'half of it');
    expect(await content(data)).toMatchObject({
      code: 0,
      check: { detail: expect.stringContaining('an import that was killed: 1') },
    });
  });
});
