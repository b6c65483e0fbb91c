import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { buildSchema, isAbstractType } from 'graphql';
import { contentOf, type House, openHouse } from '../journeys/house';

const SCHEMA = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

/** What Apollo Client asks a frontend to configure: the possible types of each interface. */
const possibleTypes = Object.fromEntries(
  Object.values(SCHEMA.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, SCHEMA.getPossibleTypes(type).map(({ name }) => name)]),
);

const CARD = gql`
  fragment Card on Asset {
    id
    title
    versionCount
    currentVersion { id number }
    registeredBy { id name kind }
  }
`;
const NOW = gql`
  query Now($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) { ...Card } }
  ${CARD}
`;
const THEN = gql`
  query Then($id: ID!, $at: PointInTime!) { asset(id: $id, at: $at) { ...Card } }
  ${CARD}
`;
const AGAIN = gql`
  query Again($id: ID!) { node(id: $id) { ...Card } }
  ${CARD}
`;

interface Card {
  readonly id: string;
  readonly title: string;
  readonly versionCount: number;
}

let house: House;
let client: ApolloClient;
let id: string;
/** The position just after the registration, and that of the title change. */
let at: { readonly position: string };
let last: string;

beforeEach(async () => {
  house = await openHouse();
  const given = { kind: 'IMAGE', title: 'Spring', content: contentOf('a') };
  const registered = await house.act('author:ana', 'assetRegister', given);
  id = registered.asset.id;
  at = { position: registered.position };
  last = (await house.act('author:ana', 'assetChangeMetadata', { assetId: id, title: 'Autumn' })).position;
  client = new ApolloClient({
    link: new HttpLink({
      uri: house.started.url,
      headers: { authorization: `Bearer ${await house.token('analyst')}` },
    }),
    cache: new InMemoryCache({ possibleTypes }),
  });
});
afterEach(async () => {
  client.stop();
  await house.close();
});

const ask = async (query: typeof NOW, variables: object): Promise<Card> => {
  const { data } = await client.query<Record<string, Card>>({ query, variables: { ...variables } });
  return Object.values(data!)[0]!;
};
/** What the client shows without a request to the server. */
const shown = (query: typeof NOW, variables: object) =>
  Object.values(client.readQuery<Record<string, Card>>({ query, variables: { ...variables } })!)[0];

describe('Apollo Client', () => {
  it('keeps the present state of an asset when a past one arrives, and the past one when the present arrives', async () => {
    const now = { id, waitFor: last };
    expect(await ask(NOW, now)).toMatchObject({ id, title: 'Autumn' });
    expect(await ask(THEN, { id, at })).toMatchObject({ id: `${id}@p${at.position}`, title: 'Spring' });
    expect(shown(NOW, now)).toMatchObject({ title: 'Autumn' });
    expect(await ask(NOW, { id })).toMatchObject({ title: 'Autumn' });
    expect(shown(THEN, { id, at })).toMatchObject({ title: 'Spring' });
  });

  it('keeps the objects inside a past state separate as well, and each actor once', async () => {
    await ask(NOW, { id, waitFor: last });
    await ask(THEN, { id, at });
    const keys = Object.keys(client.cache.extract() as object);
    const of = (type: string) => keys.filter((key) => key.startsWith(`${type}:`));
    expect(of('Asset').sort()).toEqual([`Asset:${id}`, `Asset:${id}@p${at.position}`]);
    expect(of('Version')).toHaveLength(2);
    expect(of('Actor')).toEqual(['Actor:actor-ana']);
  });

  it('finds the past state again by its id, as the same object', async () => {
    const past = await ask(THEN, { id, at });
    const again = await ask(AGAIN, { id: past.id });
    expect(again).toEqual(past);
    expect(await ask(AGAIN, { id })).toMatchObject({ title: 'Autumn' });
    expect(shown(THEN, { id, at })).toEqual(past);
  });
});
