import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { until } from '../support/until';
import { type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const READINESS = `query ($id: ID!, $at: PointInTime, $waitFor: Position) { asset(id: $id, at: $at, waitFor: $waitFor) {
  currentVersion { width content { facts { analyser width colourSpace creator c2pa } } }
  channelReadiness { profile profileVersion state reason url mediaType bytes width height }
} }`;

interface Readiness {
  readonly profile: string;
  readonly state: string;
  readonly reason: string | null;
  readonly url: string | null;
  readonly mediaType: string;
  readonly bytes: string;
  readonly width: number;
}

const head = async (): Promise<string> => (await house.ask('analyst', '{ head { position } }')).data.head.position;
const shown = async (id: string, at?: object) =>
  (await house.ask('analyst', READINESS, { id, at, waitFor: await head() })).data.asset;
const readiness = async (id: string): Promise<readonly Readiness[]> => (await shown(id)).channelReadiness;

async function approved(bytes: Buffer, mediaType: string): Promise<{ id: string; digest: string }> {
  const { digest } = await house.started.app.content.put(Readable.from([bytes]));
  const content = { digest, bytes: String(bytes.length), mediaType, width: 900, madeWith: { tool: 'figma' } };
  const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'Poster / “5”', content });
  await house.act('author:ana', 'assetRequestReview', { assetId: asset.id });
  expect((await readiness(asset.id)).map(({ state }) => state)).toEqual(Array(3).fill('NOT_APPROVED'));
  const decision = { assetId: asset.id, version: 1, digest, decision: 'APPROVE', role: 'brand' };
  const payload = await house.act('approver:ben', 'assetRecordDecision', decision);
  expect(payload.userErrors).toEqual([]);
  return { id: asset.id, digest };
}

const get = async (url: string) => {
  const response = await fetch(new URL(url, house.started.url));
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};
const isDone = (all: readonly Readiness[]) => all.every(({ state }) => state === 'READY' || state === 'FAILED');

describe('what is approved', () => {
  test('is ready for every channel without anybody doing anything, and no longer when the approval ends', async () => {
    const picture = sharp({ create: { width: 800, height: 400, channels: 3, background: '#c06' } });
    const { id, digest } = await approved(
      await picture
        .withExif({ IFD0: { Artist: 'Ana' } })
        .jpeg()
        .toBuffer(),
      'image/jpeg',
    );
    const ready = await until(() => readiness(id), isDone);
    expect(ready.map(({ profile, state, reason }) => [profile, state, reason])).toEqual([
      ['web-large', 'READY', null],
      ['social-square', 'READY', null],
      ['email', 'READY', null],
    ]);
    expect(ready.map(({ width, mediaType }) => [width, mediaType])).toEqual([
      [800, 'image/webp'],
      [1_080, 'image/jpeg'],
      [600, 'image/jpeg'],
    ]);
    const email = await get(ready[2]!.url!);
    expect([email.status, email.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(email.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('Poster “5”-email.jpg')}`,
    );
    expect(email.body.length).toBe(Number(ready[2]!.bytes));
    const { data } = await house.ask(
      'auditor',
      `{ history(filter: { typeIn: [RenditionPrepared] }) { nodes { ... on RenditionPrepared { digest profile profileVersion library rendition } } } }`,
    );
    const [told] = data.history.nodes.filter(({ profile }: Readiness) => profile === 'email');
    expect(told).toMatchObject({ digest, profileVersion: 1, library: expect.stringMatching(/^sharp\d/) });
    expect(createHash('sha256').update(email.body).digest('hex')).toBe(told.rendition);

    const facts = await until(
      () => shown(id),
      ({ currentVersion }) => currentVersion.content.facts !== null,
    );
    expect(facts.currentVersion).toEqual({
      // What the author said stays beside what the bytes say.
      width: 900,
      content: { facts: { analyser: 'palimpsest', width: 800, colourSpace: 'srgb', creator: 'Ana', c2pa: false } },
    });

    const position = await head();
    await house.act('approver:ben', 'assetRetire', { assetId: id });
    const refused = await get(ready[2]!.url!);
    expect([refused.status, JSON.parse(String(refused.body)).errors[0].extensions.code]).toEqual([403, 'NOT_APPROVED']);
    expect((await readiness(id)).map(({ state, url }) => [state, url])).toEqual(Array(3).fill(['NOT_APPROVED', null]));
    const then = (await shown(id, { position })).channelReadiness as readonly Readiness[];
    expect(then.map(({ state, url }) => [state, url])).toEqual(Array(3).fill(['READY', null]));
  });

  test('says why it is not ready where it cannot be drawn', async () => {
    const { id } = await approved(Buffer.from('%PDF-1.7 not a picture here'), 'application/pdf');
    const failed = await until(() => readiness(id), isDone);
    expect(failed.map(({ state, reason, url }) => [state, reason, url])).toEqual(
      Array(3).fill(['FAILED', 'No library here reads this kind of file.', null]),
    );
  });

  test('is not handed out to whoever knows digest and profile alone', async () => {
    const picture = sharp({ create: { width: 80, height: 40, channels: 3, background: '#06c' } });
    const { id, digest } = await approved(await picture.png().toBuffer(), 'image/png');
    const [first] = await until(() => readiness(id), isDone);
    const path = `/content/${digest}/rendition/web-large`;
    const other = await get(first!.url!.replace('web-large', 'email'));
    const codes = [await get(path), await get(`${path}?asset=${id}`), other].map(({ status, body }) => [
      status,
      JSON.parse(String(body)).errors[0].extensions.code,
    ]);
    expect(codes).toEqual([
      [401, 'UNAUTHENTICATED'],
      [401, 'UNAUTHENTICATED'],
      [403, 'LINK_INVALID'],
    ]);
    expect((await get(first!.url!)).status).toBe(200);
  });
});
