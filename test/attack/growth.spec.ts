import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/store/sqlite/driver';
import { type House, openHouse } from '../journeys/house';

jest.setTimeout(180_000);

/*
 * What one request may write. It may repeat its variables in many acts, and each act is recorded and stays in the past of
 * the tables; but what an act writes follows from that act alone, never from everything the asset holds.
 */

const ASSET = '7c1f1b52-6f0e-4c57-9a4c-6a3d0b7e9f11';
const FIELDS = 200;
const LONGEST = 4_000;
const ACTS = 150;
const MEGABYTE = 1_000_000;

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** Bytes of all pages in the databases of the data directory, including those still in the write-ahead log. */
function written(): number {
  const files = readdirSync(house.dataDir).filter((file) => file.endsWith('.sqlite'));
  return files.reduce((sum, file) => {
    const db = openDatabase(join(house.dataDir, file), { readOnly: true });
    try {
      const [pages] = db.prepareArrays<readonly [number]>('PRAGMA page_count').get()!;
      const [size] = db.prepareArrays<readonly [number]>('PRAGMA page_size').get()!;
      return sum + pages * size;
    } finally {
      db.close();
    }
  }, 0);
}

/** Waits until everything acknowledged is in the tables. */
async function settled(position: string): Promise<void> {
  const { data } = await house.ask('author', 'query ($waitFor: Position) { head(waitFor: $waitFor) { computedAt } }', {
    waitFor: position,
  });
  expect(data.head.computedAt >= position).toBe(true);
}

interface Sent {
  readonly bytes: number;
  readonly grown: number;
}

/** One request with many acts on the asset; returns the bytes sent and the growth of the files. */
async function send(acts: readonly string[], variables: Record<string, unknown>, declared: string): Promise<Sent> {
  const fields = acts.map((input, at) => `a${at}: assetChangeMetadata(input: { ${input} }) { ...p }`);
  const query = `mutation (${declared}) { ${fields.join(' ')} } fragment p on ActPayload { position userErrors { code } }`;
  const before = written();
  const { data, errors } = await house.ask('author', query, variables);
  expect(errors).toBeUndefined();
  const answers = Object.values(data) as { position: string; userErrors: readonly object[] }[];
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  await settled(answers.at(-1)!.position);
  return { bytes: Buffer.byteLength(query) + Buffer.byteLength(JSON.stringify(variables)), grown: written() - before };
}

const key = (n: number) => `act: { idempotencyKey: "k${n}" }`;

it('grows with what is said about an asset that holds the maximum metadata, not with what it holds', async () => {
  const ids = { assetId: ASSET };
  await house.act('author', 'assetRegister', { ...ids, kind: 'IMAGE', title: 'Poster' });
  const long = '界'.repeat(LONGEST);
  for (let at = 0; at < FIELDS; at += 10) {
    const set = Array.from({ length: 10 }, (_, n) => ({ name: `f${at + n}`, value: { text: long } }));
    const { userErrors, position } = await house.act('author', 'assetChangeMetadata', { ...ids, set });
    expect(userErrors).toEqual([]);
    await settled(position);
  }
  const acts = Array.from(
    { length: ACTS },
    (_, n) => `${key(n)}, assetId: $a, set: [{ name: "f0", value: { number: ${n} } }]`,
  );
  const { bytes, grown } = await send(acts, { a: ASSET }, '$a: ID!');
  expect(bytes).toBeLessThan(25_000);
  expect(grown).toBeLessThan(MEGABYTE);
});

it('grows little more than the events themselves if long titles are repeated', async () => {
  await house.act('author', 'assetRegister', { assetId: ASSET, kind: 'IMAGE', title: 'Poster' });
  const han = (from: number) => String.fromCodePoint(...Array.from({ length: 500 }, (_, n) => 0x4e00 + from + n));
  const acts = Array.from({ length: ACTS }, (_, n) => `${key(n)}, assetId: $a, title: ${n % 2 === 0 ? '$t' : '$u'}`);
  const titles = { t: han(0), u: han(500) };
  const { bytes, grown } = await send(acts, { a: ASSET, ...titles }, '$a: ID!, $t: String!, $u: String!');
  expect(bytes).toBeLessThan(25_000);
  expect(grown).toBeLessThan(2 * MEGABYTE);
});

it('grows with the current paths of an asset, not with all former ones', async () => {
  await house.act('author', 'assetRegister', { assetId: ASSET, kind: 'IMAGE', title: 'Poster' });
  const observe = async (from: number): Promise<number> => {
    const before = written();
    const fields = Array.from(
      { length: ACTS },
      (_, n) => `a${n}: assetObserveAlias(input: { ${key(from + n)}, assetId: $a, path: "p/${from + n}" }) { ...p }`,
    );
    const query = `mutation ($a: ID!) { ${fields.join(' ')} } fragment p on ActPayload { position userErrors { code } }`;
    const { data } = await house.ask('author', query, { a: ASSET });
    await settled(data[`a${ACTS - 1}`].position);
    return written() - before;
  };
  let last = 0;
  for (let round = 0; round < 12; round += 1) last = await observe(round * ACTS);
  expect(last).toBeLessThan(MEGABYTE / 2);
});

it('writes a bounded part of a campaign’s contents, however many reports of a few files one request repeats', async () => {
  const { campaign } = await house.act('author', 'campaignPlan', { name: 'Release' });
  const digest = 'a'.repeat(64);
  const spread: { path: string; digest: string }[] = [];
  for (let from = 0; from < 20_000; from += 1_000) {
    const put = Array.from({ length: 1_000 }, (_, n) => ({ path: `icons/outline/${100_000 + from + n}.svg`, digest }));
    spread.push(...put.filter((_, n) => n % 128 === 0));
    const { userErrors } = await house.act('author', 'campaignObserveContents', { campaignId: campaign.id, put });
    expect(userErrors).toEqual([]);
  }
  const report = async (many: number) => {
    const fields = Array.from(
      { length: many },
      (_, n) =>
        `a${n}: campaignObserveContents(input: { ${key(n)}, campaignId: $c, put: ${n % 2 ? '$p' : '$q'} }) { ...p }`,
    );
    const query = `mutation ($c: ID!, $p: [CampaignFileInput!]!, $q: [CampaignFileInput!]!) { ${fields.join(' ')} }
      fragment p on ActPayload { position userErrors { code } }`;
    const p = spread.map(({ path }) => ({ path, digest: 'b'.repeat(64) }));
    const q = spread.map(({ path }) => ({ path, digest: 'c'.repeat(64) }));
    return house.ask('author', query, { c: campaign.id, p, q });
  };
  const { errors } = await report(ACTS);
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
  const before = written();
  const { data } = await report(7);
  await settled(data.a6.position);
  expect(written() - before).toBeLessThan(25 * MEGABYTE);
});

it('counts a variable once for each act that uses it', async () => {
  const who = Array.from({ length: 1_000 }, (_, n) => `person-${n}`);
  const fields = Array.from({ length: ACTS }, (_, n) => {
    const content = `digest: "${n.toString(16).padStart(64, '0')}", bytes: "1", mediaType: "image/png"`;
    return `a${n}: assetAddVersion(input: { ${key(n)}, assetId: $a, content: { ${content}, madeWith: { tool: "t" }, contributors: $w } }) { ...p }`;
  });
  const query = `mutation ($a: ID!, $w: [ID!]) { ${fields.join(' ')} } fragment p on ActPayload { position }`;
  const { errors } = await house.ask('author', query, { a: ASSET, w: who });
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COSTLY' } }]);
});
