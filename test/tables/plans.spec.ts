import { PROJECTIONS } from '../../projections/all';
import { library } from '../../projections/library/fold';
import { type Connection, connect } from '../../src/tables/postgres/driver';
import { fillSides, type Layout, layoutsOf, list } from '../../src/tables/postgres/schema';
import { type AnySelection, selectSql } from '../../src/tables/postgres/select';
import { numbered } from '../../src/tables/postgres/sql';
import { fillTexts } from '../../src/tables/postgres/texts';
import type { Projection } from '../../src/tables/projection';
import { Bench } from '../support/shelf';

jest.setTimeout(120_000);

const ASSETS = 100_000;
const POSITION = "lpad((n * 7)::text, 20, '0')";

let bench: Bench;
let connection: Connection;
let layout: Layout;

/** Tables as the runtime creates them, and the rows of a large library, generated on the server. */
beforeAll(async () => {
  bench = new Bench({ engine: 'postgres' });
  const runtime = await bench.runtime({ projections: PROJECTIONS as unknown as readonly Projection[] });
  await runtime.catchUp();
  const tables = await bench.tablesAt();
  if (tables.adapter !== 'postgres') throw new Error('there is no server');
  connection = await connect(tables);
  const generation = 1 + PROJECTIONS.indexOf(library);
  layout = layoutsOf(tables.schema, library as unknown as Projection, generation).get('asset')!;
  await connection.script(`INSERT INTO ${layout.live} (${list(layout.columns)}, _from, _from_effective)
    SELECT gen_random_uuid(), (ARRAY['image', 'video', 'copy'])[1 + n % 3], 'Poster ' || n || ' of ' || n % 997, 'poster ' || n,
      (ARRAY['draft', 'approved', 'inReview'])[1 + n % 3], ARRAY['brand-' || n % 12, 'market-' || n % 31], 1, 'figma',
      NULL, ARRAY[]::text[], 0, ${POSITION}, n, 'p-' || n % 90, 3, ${POSITION}, n, ${POSITION}, n
    FROM generate_series(1, ${ASSETS}) n`);
  await connection.script(fillSides(layout).join('; '));
  await connection.script('BEGIN');
  await fillTexts(connection, layout);
  await connection.script('COMMIT');
  await connection.script('ANALYZE');
});

afterAll(async () => {
  await connection.end();
  await bench.close();
});

async function planOf(selection: Omit<AnySelection, 'limit'>): Promise<string> {
  const { text, values } = numbered(selectSql(layout, { limit: 21, ...selection }));
  return (await connection.query(`EXPLAIN ${text}`, values)).map(([line]) => line).join('\n');
}

describe('a list of a large library in PostgreSQL', () => {
  it.each<[string, Omit<AnySelection, 'limit'>]>([
    ['newest first', { order: [{ by: 'registered', descending: true }] }],
    ['last changed first', { order: [{ by: 'changed', descending: true }] }],
    ['by title', { order: [{ by: 'titleKey' }] }],
    [
      'by status, newest first',
      { where: { status: { in: ['approved'] } }, order: [{ by: 'registered', descending: true }] },
    ],
    [
      'by status and tag, newest first',
      {
        where: { status: { in: ['approved'] }, tags: [{ has: 'brand-3' }] },
        order: [{ by: 'registered', descending: true }],
      },
    ],
    ['by words', { search: 'poster 977', order: [{ by: 'registered', descending: true }] }],
  ])('%s is read from indexes', async (_what, selection) => {
    expect(await planOf(selection)).not.toMatch(/Seq Scan/);
  });

  it('continues after a row without reading those before it', async () => {
    const after = { registered: '00000000000000350000', asset: 'f3a04a55-7b1c-4b1f-8a3a-111111111111' };
    const plan = await planOf({ order: [{ by: 'registered', descending: true }], after });
    expect(plan).toMatch(/Index Cond: \(ROW/);
    expect(plan).not.toMatch(/Seq Scan|Sort/);
  });

  it.each(['registered', 'changed'])(
    'by status and tag and %s needs no sort: it ends when the page is full',
    async (by) => {
      const plan = await planOf({
        where: { status: { in: ['approved'] }, tags: [{ has: 'brand-3' }] },
        order: [{ by, descending: true }],
      });
      expect(plan).not.toMatch(/Sort/);
    },
  );
});
