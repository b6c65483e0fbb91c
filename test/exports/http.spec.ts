import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { devToken } from '../../src/api/tokens';
import { type Door, openDoor } from '../attack/door';
import { engineOfRun } from '../support/engines';
import { type House, linesOf, openFilled, type Row, withoutCursor } from './house';

jest.setTimeout(120_000);

let house: House;
beforeAll(async () => {
  house = await openFilled(engineOfRun, { assets: 250 });
});
afterAll(() => house.close());

const errorOf = (body: string) => JSON.parse(body).errors[0] as { message: string; extensions: Row };

describe('an export over HTTP', () => {
  test('states its moment before the first row, and at its end that nothing is missing', async () => {
    const { status, headers, trailers, body, whole } = await house.download('history.ndjson?orderBy.by=RECORDED');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="history.ndjson"',
      'x-palimpsest-position': await house.app.store.head(),
    });
    const rows = linesOf(body);
    const { end } = rows.at(-1) as { readonly end: Row };
    expect(end).toEqual({
      position: headers['x-palimpsest-position'],
      rows: rows.length - 1,
      cursor: rows.at(-2)!.cursor,
    });
    expect(trailers).toEqual({
      'x-palimpsest-position': end.position,
      'x-palimpsest-rows': String(end.rows),
      'x-palimpsest-cursor': end.cursor,
    });
    expect(whole).toBe(true);
  });

  test('resumes after any of its rows, as of the same moment', async () => {
    const file = 'assets.ndjson?orderBy.by=TITLE&columns=id,title';
    const all = linesOf((await house.download(file)).body);
    const { position } = all.at(-1)!.end as Row;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: all.length - 2 }), async (index) => {
        const after = encodeURIComponent(all[index]!.cursor as string);
        const rest = linesOf((await house.download(`${file}&at.position=${position}&after=${after}`)).body);
        expect(rest.slice(0, -1)).toEqual(all.slice(index + 1, -1));
        expect(rest.at(-1)).toEqual({ end: { ...(all.at(-1)!.end as Row), rows: all.length - 2 - index } });
      }),
      { numRuns: 8 },
    );
  });

  test('is of one moment, whatever is recorded while it runs', async () => {
    const parameters = [['orderBy.by', 'CHANGED']] as const;
    const running = house.local.begin({ list: 'assets', parameters });
    const rows: Row[] = [];
    let changes = 0;
    for await (const page of running.pages()) {
      rows.push(...page.rows);
      running.wrote(1_000_000);
      // Rows that were read change, and rows that were not: ordered by change, both move to the front.
      for (const { id } of [rows[0]!, rows.at(-1)!]) {
        const act = { idempotencyKey: `change-${changes}` };
        const query = `mutation ($input: AssetChangeMetadataInput!) { assetChangeMetadata(input: $input) { position userErrors { message } } }`;
        const { data } = await house.ask(query, { input: { act, assetId: id, title: `Changed ${changes}` } });
        const { position, userErrors } = data.assetChangeMetadata as unknown as {
          position: string;
          userErrors: unknown[];
        };
        expect(userErrors).toEqual([]);
        await house.app.runtime.waitFor(position);
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(3);
    const { position } = running.ending;
    const again = await house.rows(`assets.ndjson?orderBy.by=CHANGED&at.position=${position}`);
    expect(rows).toEqual(again.rows);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const now = await house.rows('assets.ndjson?orderBy.by=CHANGED');
    expect(now.rows).not.toEqual(rows);
  });

  test('up to the current instant has everything recorded by then, and nothing after', async () => {
    const title = async (text: string) => {
      const input = { act: { idempotencyKey: text }, kind: 'COPY', title: text };
      const query =
        'mutation ($input: AssetRegisterInput!) { assetRegister(input: $input) { userErrors { message } } }';
      expect(await house.ask(query, { input })).toMatchObject({ data: { assetRegister: { userErrors: [] } } });
    };
    await title('just-now');
    const file = `assets.ndjson?columns=title&at.recordedAt=${new Date().toISOString()}`;
    const asked = house.rows(file);
    await title('a-moment-later');
    const { rows } = await asked;
    expect(rows[0]).toEqual({ title: 'just-now' });
    expect((await house.rows(file)).rows).toEqual(rows);
  });

  test('writes CSV with a header, and reports in the trailer that it is complete', async () => {
    const { headers, trailers, body } = await house.download('campaigns.csv?columns=id,name,markets');
    const lines = body.split('\r\n');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(lines[0]).toBe('id,name,markets');
    expect(lines[1]).toMatch(/^campaign-[0-9a-f-]{36},[^,]+,"\[""[A-Z]{2}""/);
    expect(trailers['x-palimpsest-rows']).toBe(String(lines.length - 2));
  });

  test('without rows has a moment, no row and no cursor', async () => {
    const { rows, end } = await house.rows('placements.ndjson?filter.channel=nowhere');
    expect({ rows, end }).toEqual({ rows: [], end: { position: end.position, rows: 0, cursor: null } });
    const { body, trailers } = await house.download('placements.csv?filter.channel=nowhere&columns=id');
    expect({ body, cursor: trailers['x-palimpsest-cursor'] }).toEqual({ body: 'id\r\n', cursor: undefined });
  });

  test.each([
    ['nothing.ndjson', 404, 'NOT_FOUND', 'There is no list "nothing"; there are events, assets'],
    ['asset.ndjson', 404, 'NOT_FOUND', 'There is no list "asset"'],
    ['assets.xlsx', 404, 'NOT_FOUND', 'There is no format of "assets.xlsx"'],
    ['assets', 404, 'NOT_FOUND', 'There is no format of "assets"'],
    ['assets.csv?filter.stauts=DRAFT', 400, 'BAD_USER_INPUT', 'Field "stauts" is not defined'],
    ['assets.csv?filter.tagsAll=["a"]&filter.statusIn=GOOD', 400, 'BAD_USER_INPUT', 'does not exist in "AssetStatus"'],
    ['assets.csv?filter.titleMatches=…', 400, 'BAD_USER_INPUT', 'filter.titleMatches holds no letter or digit'],
    ['assets.csv?columns=id,name', 400, 'BAD_USER_INPUT', 'assets has no column "name"; it has id, kind, title'],
    ['assets.csv?first=10', 400, 'BAD_USER_INPUT', 'assets takes no "first"'],
    ['assets.csv?after=x', 400, 'BAD_USER_INPUT', 'after must be a cursor that this field gave, in the same order'],
    ['assets.csv?at.position=7', 400, 'BAD_USER_INPUT', 'Position must be 20 decimal digits'],
    ['assets.csv?at.recordedAt=yesterday', 400, 'BAD_USER_INPUT', 'DateTime must be ISO 8601'],
    ['assets.csv?at.recordedAt=9999-01-01T00:00:00Z', 400, 'BAD_USER_INPUT', 'lies in the future'],
    ['assets.csv?at.occurredAt=9999-01-01T00:00:00Z', 400, 'BAD_USER_INPUT', 'lies in the future'],
    ['assets.csv?at.position=00000000000099999999', 400, 'BAD_USER_INPUT', 'lies behind the end of the log'],
    [
      'assets.csv?at={"position":"00000000000000000001","recordedAt":"2025-01-01T00:00:00Z"}',
      400,
      'BAD_USER_INPUT',
      'Exactly one key must be specified',
    ],
    ['changesBetween.csv?at.position=00000000000000000001', 400, 'BAD_USER_INPUT', 'changesBetween takes no "at"'],
    ['assets.csv?waitFor=00000000000099999999', 503, 'POSITION_NOT_REACHED', 'have not reached position'],
  ])('%s is refused with %i %s: %s', async (file, status, code, message) => {
    const { status: answered, body, headers } = await house.download(file);
    const error = errorOf(body);
    expect([answered, error.extensions.code]).toEqual([status, code]);
    expect(error.message).toContain(message);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('refuses the cursor of another list or order', async () => {
    const [row] = linesOf((await house.download('assets.ndjson?columns=id')).body);
    const after = encodeURIComponent(row!.cursor as string);
    for (const file of ['placements.ndjson?', 'assets.ndjson?orderBy.by=TITLE&']) {
      const { status, body } = await house.download(`${file}after=${after}`);
      expect([status, errorOf(body).extensions.argument]).toEqual([400, ['after']]);
    }
  });

  test('accepts a cursor of GraphQL, and returns such cursors', async () => {
    const query = '{ assets(first: 3) { pageInfo { endCursor } } }';
    const { endCursor } = ((await house.ask(query)).data.assets as unknown as { pageInfo: { endCursor: string } })
      .pageInfo;
    const all = linesOf((await house.download('assets.ndjson?columns=id')).body);
    expect(all[2]!.cursor).toBe(endCursor);
    const { rows } = await house.rows(`assets.ndjson?columns=id&after=${endCursor}`);
    expect(rows).toEqual(all.slice(3, -1).map(withoutCursor));
  });

  test('requires a valid token', async () => {
    const { status, body } = await house.download('assets.ndjson', 'x');
    expect([status, errorOf(body).extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const answer = await fetch(new URL('/export/assets.ndjson', house.url), { method: 'HEAD' });
    expect(answer.status).toBe(404);
  });
});

/** Events of 220 kB each: more in total than the system buffers for a connection. */
async function fill(door: Door, events: number): Promise<void> {
  const author = { authorization: `Bearer ${await door.token('author')}` };
  const done = async (query: string) => (await (await door.ask(query, author)).json()) as Row;
  const begun = await done(
    'mutation { assetRegister(input: { act: { idempotencyKey: "a" }, kind: COPY, title: "a" }) { asset { id } } }',
  );
  const { id } = (begun.data as { assetRegister: { asset: { id: string } } }).assetRegister.asset;
  for (let number = 0; number < events; number += 1) {
    const text = `${number} ${'x'.repeat(3_990)}`;
    const set = Array.from({ length: 55 }, (_, field) => `{ name: "f${field}", value: { text: "${text}" } }`);
    const input = `{ act: { idempotencyKey: "${number}" }, assetId: "${id}", set: [${set}] }`;
    expect(await done(`mutation { assetChangeMetadata(input: ${input}) { userErrors { code } } }`)).toMatchObject({
      data: { assetChangeMetadata: { userErrors: [] } },
    });
  }
}

describe('a client that stops reading', () => {
  const open: Door[] = [];
  afterEach(async () => {
    for (const door of open.splice(0)) await door.close();
  });

  async function stalled(door: Door, actor: string, token = door.token('analyst', actor)): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${await token}` };
    const [response] = (await once(get(new URL('/export/events.ndjson', door.url), { headers }), 'response')) as [
      IncomingMessage,
    ];
    response.on('error', () => undefined);
    response.pause();
    return response;
  }

  async function opened(quotas: Parameters<typeof openDoor>[0]): Promise<Door> {
    const door = await openDoor(quotas);
    open.push(door);
    await fill(door, 60);
    return door;
  }

  test('is disconnected after a time, and its rows end without the last line', async () => {
    const door = await opened({ answerTimeout: 500, exportsPerActor: 1 });
    const response = await stalled(door, 'ana');
    let body = '';
    // Another export is admitted, which shows that the server dropped this one.
    await untilLetIn(door, 'ana');
    response.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    await ended(response);
    expect(response.complete).toBe(false);
    expect(body).not.toContain('{"end":');
  });

  test('occupies one of the places, and others are told to wait', async () => {
    const door = await opened({ exports: 2, exportsPerActor: 1 });
    const first = await stalled(door, 'ana');
    const own = await answered(door, 'ana');
    expect([own.status, own.headers.get('retry-after')]).toEqual([429, '5']);
    expect(errorOf(await own.text()).message).toContain('You have 1 exports running');
    const second = await stalled(door, 'bob');
    const other = await answered(door, 'eve');
    expect(errorOf(await other.text()).message).toContain('The maximum number of exports is running');
    first.destroy();
    second.destroy();
    await untilLetIn(door, 'eve');
  });

  test('learns from a stopping server why the rows end, and where to resume', async () => {
    const door = await opened({});
    open.pop();
    const response = await stalled(door, 'ana');
    const closed = door.close();
    let body = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    await ended(response);
    await closed;
    const lines = linesOf(body);
    expect(response.complete).toBe(false);
    expect(lines.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'GOING_AWAY' } }] });
    expect(typeof lines.at(-2)!.cursor).toBe('string');
  });

  test('gets no further row when its token has expired', async () => {
    const door = await opened({});
    const token = devToken(door.app.config.dataDir, { role: 'analyst', expiresIn: 2 });
    const response = await stalled(door, 'ana', token);
    let body = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    for (let status = 0; status !== 401; ) ({ status } = await answered(door, 'ana', token));
    await ended(response);
    expect(linesOf(body).at(-1)).toMatchObject({ errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }] });
  });

  async function answered(door: Door, actor: string, token = door.token('analyst', actor)): Promise<Response> {
    const headers = { authorization: `Bearer ${await token}` };
    return fetch(new URL('/export/assets.ndjson?columns=id', door.url), { headers });
  }

  /** Reads to the end, which may be an error. */
  const ended = (response: IncomingMessage) =>
    new Promise<void>((resolve) => response.on('close', () => resolve()).resume());

  async function untilLetIn(door: Door, actor: string): Promise<void> {
    for (let status = 0; status !== 200; ) ({ status } = await answered(door, actor));
  }
});
