import { connect } from 'node:net';
import { type House, openHouse } from './house';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});

afterAll(() => house.close());

/** Status, the headers that a client sees, and the body as sent. */
async function post(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(house.started.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await house.token('analyst', 'ana')}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const kept = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() };
}

const BY_ID = 'query One($id: ID!) { asset(id: $id) { id title } } query Two { __typename }';
const one = (id: string) => ({ query: BY_ID, operationName: 'One', variables: { id } });
const GONE = '00000000-0000-4000-8000-000000000000';

test('a repeated query gets the same answer, with the same headers, byte for byte', async () => {
  const first = await post(one(GONE));
  const answers = [await post(one(GONE)), await post(one(GONE))];
  expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } });
  expect(answers).toEqual([first, first]);
});

test('of two operations in one document the named one is always executed', async () => {
  await post({ query: BY_ID, operationName: 'Two' });
  expect(JSON.parse((await post({ query: BY_ID, operationName: 'Two' })).body).data).toEqual({ __typename: 'Query' });
  expect(JSON.parse((await post(one(GONE))).body).data).toEqual({ asset: null });
  expect(JSON.parse((await post({ query: BY_ID })).body).errors[0].extensions.code).toBe(
    'OPERATION_RESOLUTION_FAILURE',
  );
});

test('an invalid id is refused equally the first and every other time', async () => {
  const question = { ...one('nonsense'), query: `${BY_ID} # refused` };
  const first = await post(question);
  expect(JSON.parse(first.body).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect([await post(question), await post(question)]).toEqual([first, first]);
});

test('a known query is still refused without a token, with bad variables, or to a role that may not send it', async () => {
  await post(one(GONE));
  expect((await post(one(GONE), { authorization: 'Bearer nonsense' })).status).toBe(401);
  expect((await post({ ...one(GONE), variables: {} })).status).toBe(400);
  expect((await post({ ...one(GONE), variables: [] })).status).toBe(400);
  const end = 'mutation ($input: CampaignEndInput!) { campaignEnd(input: $input) { position userErrors { code } } }';
  const act = { query: end, variables: { input: { act: { idempotencyKey: 'end' }, campaignId: GONE } } };
  expect((await house.ask('author', end, act.variables)).data.campaignEnd.userErrors[0].code).toBe(
    'CAMPAIGN_NOT_FOUND',
  );
  expect((await house.ask('author', end, act.variables)).data.campaignEnd.userErrors[0].code).toBe(
    'CAMPAIGN_NOT_FOUND',
  );
  const refused = await post(act);
  expect(refused.status).toBe(403);
  expect(JSON.parse(refused.body).errors[0].extensions.code).toBe('FORBIDDEN');
});

test('a known query in a form that browsers send across sites without a preflight is refused', async () => {
  await post(one(GONE));
  expect((await post(one(GONE), { 'content-type': 'text/plain' })).status).toBeGreaterThanOrEqual(400);
  const form = await post(one(GONE), { 'content-type': 'application/x-www-form-urlencoded' });
  expect(form.status).toBeGreaterThanOrEqual(400);
});

test('a client that wants another media type gets it for a known query, too', async () => {
  await post(one(GONE));
  const wanted = await post(one(GONE), { accept: 'application/graphql-response+json' });
  expect(wanted.headers['content-type']).toContain('application/graphql-response+json');
  expect((await post(one(GONE), { accept: 'image/png' })).status).toBe(406);
});

/** Sends raw requests over one connection, part by part; returns what arrives until `answers` answers are complete. */
async function wire(parts: readonly string[], answers: number): Promise<string> {
  const { port, hostname } = new URL(house.started.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8').setNoDelay(true);
  let heard = '';
  const all = new Promise<void>((resolve, reject) => {
    socket.on('data', (text) => {
      heard += text;
      if (heard.split('HTTP/1.1 ').length > answers && /}\n?$/.test(heard)) resolve();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the connection ended after ${heard}`)));
  });
  for (const part of parts) await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  await all;
  socket.removeAllListeners('close').destroy();
  return heard;
}

async function request(body: string, length = `content-length: ${Buffer.byteLength(body)}`): Promise<string> {
  const token = await house.token('analyst', 'ana');
  const { host } = new URL(house.started.url);
  const head = ['POST /graphql HTTP/1.1', `host: ${host}`, 'content-type: application/json', length];
  return `${[...head, `authorization: Bearer ${token}`].join('\r\n')}\r\n\r\n${body}`;
}

test('a known query is recognised in any number of chunks, with or without its length', async () => {
  await post(one(GONE));
  const { body } = await post(one(GONE));
  const text = JSON.stringify(one(GONE));
  const whole = await request(text);
  expect(await wire([whole.slice(0, 40), whole.slice(40, -30), whole.slice(-30)], 1)).toContain(body);
  const chunked = await request(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`, 'transfer-encoding: chunked');
  expect(await wire([chunked], 1)).toContain(body);
});

test('pipelined queries are answered in order, known and unknown', async () => {
  await post(one(GONE));
  const fresh = { query: '{ fresh: __typename }' };
  const wrong = { ...one('nonsense') };
  const asked = await Promise.all([one(GONE), fresh, one(GONE), wrong].map((each) => request(JSON.stringify(each))));
  const heard = await wire([asked.join('')], 4);
  const places = ['{"asset":null}', '"fresh":"Query"', '{"asset":null}', 'BAD_USER_INPUT'];
  let from = 0;
  for (const place of places) {
    from = heard.indexOf(place, from) + 1;
    expect(from).toBeGreaterThan(0);
  }
});

test('a known query that is no longer valid JSON is refused as the first time', async () => {
  await post(one(GONE));
  const broken = JSON.stringify(one(GONE)).slice(0, -1);
  expect(await wire([await request(broken)], 1)).toMatch(/^HTTP\/1.1 400 [\s\S]*BAD_REQUEST/);
});

test.each(['Poster', 'Café', 'Łódź – plakat', '海报 🎨'])(
  'a title such as %s is complete in every answer',
  async (title) => {
    for (let time = 0; time < 3; time++) {
      const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'COPY', title });
      expect(JSON.parse((await post(one(asset.id))).body).data).toEqual({ asset: { id: asset.id, title } });
    }
  },
);
