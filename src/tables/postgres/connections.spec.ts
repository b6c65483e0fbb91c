import { emptyDatabase } from '../../../test/support/postgres';
import { type Connections, connect, connections } from './driver';

jest.setTimeout(60_000);

let url: string;
let asking: Connections;
beforeAll(async () => {
  url = await emptyDatabase();
});
beforeEach(() => {
  asking = connections({ url }, { max: 3, settings: '' });
});
afterEach(() => asking.end());

const double = (n: number) => asking.query('SELECT $1::bigint * 2', [n]);
const share = (n: number) => asking.query('SELECT 12 / $1::int', [n]);
/** Statements are sent together once they are known to be quick. */
async function become(quick: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 1; n < 60; n++) await quick(n);
}

it('gives each of many questions asked at once its own answer', async () => {
  await become(double);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => double(n)));
  expect(answers).toEqual(Array.from({ length: 200 }, (_, n) => [[n * 2]]));
});

it('reads every kind of value, and nothing as nothing', async () => {
  const asked = `SELECT $1::text, $2::bigint, $3::boolean, $4::text[], $5::text, $6::bigint = ANY ($7::bigint[]), '\\x0aff'::bytea`;
  const list = ['a "b"', 'c\\d', 'e,{f}', ''];
  const values = ['é\n', 7, true, list, null, 3, [1, 2, 3]];
  for (const planned of [true, false, true]) {
    expect(await asking.query(asked, values, planned)).toEqual([['é\n', 7, true, list, null, true, '0aff']]);
  }
});

it('lets a question that fails take no other one with it', async () => {
  await become(share);
  const answers = await Promise.allSettled([3, 0, 4, 6, 0, 2, 12].map(share));
  expect(answers.map((each) => (each.status === 'fulfilled' ? each.value[0]![0] : each.reason.code))).toEqual([
    4,
    '22012',
    3,
    2,
    '22012',
    6,
    1,
  ]);
  expect(await double(4)).toEqual([[8]]);
});

it('asks over another connection what the server ended the first over', async () => {
  const [slow, admin] = [asking.query('SELECT pg_sleep(0.3), 7', []), await connect(url)];
  const busy = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'palimpsest readers' AND datname = current_database() AND state = 'active'`;
  while ((await admin.query(busy)).length === 0);
  await admin.end();
  expect((await slow)[0]![1]).toBe(7);
});

it('goes on when the server has ended its connections', async () => {
  await Promise.all([1, 2, 3].map(double));
  const admin = await connect(url);
  const ended = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'palimpsest readers' AND datname = current_database()`,
  );
  expect(ended.length).toBeGreaterThan(0);
  await admin.end();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => double(n)));
  expect(answers).toEqual(Array.from({ length: 12 }, (_, n) => [[n * 2]]));
});

it('says why it cannot ask where there is no server', async () => {
  const nobody = connections({ url: 'postgres://nobody@127.0.0.1:1/none' }, { max: 2, settings: '' });
  const answers = await Promise.allSettled([1, 2, 3].map((n) => nobody.query('SELECT $1::int', [n])));
  expect(answers.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(Array(3).fill('ECONNREFUSED'));
  await nobody.end();
});

it('ends when what is under way is answered, and takes no question afterwards', async () => {
  const slow = asking.query('SELECT pg_sleep(0.2), 5', []);
  await double(1);
  await asking.end();
  expect((await slow)[0]![1]).toBe(5);
  await expect(double(1)).rejects.toThrow('closed');
});
