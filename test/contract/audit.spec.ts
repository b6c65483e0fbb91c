import { auditServer } from 'graphql-http';
import { type House, openHouse } from '../journeys/house';

const PLAIN_JSON = 'a document that was not executed has status 400 for every media type, so that a monitor sees it';
const GET = 'a GET needs the header Apollo-Require-Preflight, so that no web page can ask in the name of a visitor';

/** The recommendations of GraphQL over HTTP that this server does not follow, and why. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  'SHOULD use 200 status code on document parsing failure when accepting application/json': PLAIN_JSON,
  'SHOULD use 200 status code on document validation failure when accepting application/json': PLAIN_JSON,
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json': PLAIN_JSON,
  'MAY accept application/x-www-form-urlencoded formatted GET requests': GET,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json':
    GET,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json': GET,
};

describe('GraphQL over HTTP, according to the audit of graphql-http', () => {
  let house: House;
  let results: Awaited<ReturnType<typeof auditServer>>;

  beforeAll(async () => {
    house = await openHouse();
    const authorization = `Bearer ${await house.token('analyst')}`;
    const fetchFn = (url: string, init?: RequestInit) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', authorization);
      return fetch(url, { ...init, headers });
    };
    results = await auditServer({ url: house.started.url, fetchFn });
  });
  afterAll(() => house.close());

  test('meets every MUST', () => {
    const required = results.filter(({ name }) => name.startsWith('MUST'));
    expect(required.length).toBeGreaterThan(10);
    expect(required.filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  test('meets every SHOULD and MAY, except those listed with a reason', () => {
    const others = results.filter(({ status }) => status !== 'ok').map(({ name }) => name);
    expect(others.sort()).toEqual(Object.keys(NOT_FOLLOWED).sort());
  });
});
