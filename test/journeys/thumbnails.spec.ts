import { Readable } from 'node:stream';
import sharp from 'sharp';
import { svg } from '../pictures/drawn';
import { type House, openHouse } from './house';

let house: House;
let versions: { readonly id: string; readonly digest: string; readonly url: string }[];

async function added(bytes: Buffer, mediaType: string): Promise<(typeof versions)[number]> {
  const { digest } = await house.started.app.content.put(Readable.from([bytes]));
  return versionOf(digest, String(bytes.length), mediaType);
}

async function versionOf(digest: string, bytes: string, mediaType: string): Promise<(typeof versions)[number]> {
  const content = { digest, bytes, mediaType, madeWith: { tool: 'figma' } };
  const { asset, position } = await house.act('author', 'assetRegister', { kind: 'IMAGE', title: 'Poster', content });
  const { data } = await house.ask(
    'analyst',
    'query ($id: ID!, $waitFor: Position) { asset(id: $id, waitFor: $waitFor) { currentVersion { id content { thumbnail(width: 300) { url width expiresAt } } } } }',
    { id: asset.id, waitFor: position },
  );
  const { id, content: shown } = data.asset.currentVersion;
  expect(shown.thumbnail.width).toBe(400);
  expect(Date.parse(shown.thumbnail.expiresAt)).toBeGreaterThan(Date.now() + 3_500_000);
  return { id, digest, url: shown.thumbnail.url };
}

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, house.started.url), { headers });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};
const codeOf = ({ body }: { readonly body: Buffer }): string => JSON.parse(String(body)).errors[0].extensions.code;
const bearer = async () => ({ authorization: `Bearer ${await house.token('analyst')}` });

beforeAll(async () => {
  house = await openHouse();
  const picture = sharp({ create: { width: 900, height: 600, channels: 3, background: '#c06' } });
  versions = [
    await added(await picture.jpeg().toBuffer(), 'image/jpeg'),
    await added(svg('width="24" height="16"'), 'image/svg+xml'),
    await added(Buffer.from('RIFF\0\0\0\0WAVE'), 'audio/wav'),
    await versionOf('cd'.repeat(32), '2048', 'image/png'),
  ];
});
afterAll(() => house.close());

describe('a thumbnail', () => {
  test('is fetched by its link without a token, and cached forever', async () => {
    for (const { url, digest } of versions.slice(0, 2)) {
      const { status, headers, body } = await get(url);
      expect([status, headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain('sandbox');
      expect(await sharp(body).metadata()).toMatchObject({ width: 400, format: 'webp' });
      const again = await get(url, { 'if-none-match': headers.get('etag')! });
      expect([again.status, again.body.length]).toEqual([304, 0]);
      expect(url).toMatch(new RegExp(`^/content/${digest}/thumbnail\\?`));
    }
  });

  test('of an undrawable file is a placeholder that says why', async () => {
    const [sound, elsewhere] = [await get(versions[2]!.url), await get(versions[3]!.url)];
    expect([sound, elsewhere].map(({ headers }) => headers.get('x-palimpsest-placeholder'))).toEqual([
      'UNSUPPORTED',
      'NOT_HERE',
    ]);
    for (const { status, headers, body } of [sound, elsewhere]) {
      expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
      expect(String(body)).toMatch(/^<svg .*<text/s);
    }
    expect(elsewhere.headers.get('cache-control')).toBe('no-store');
  });

  test('is fetched with a token by naming the version, and not by its digest alone', async () => {
    const [{ digest, id }, other] = versions as [(typeof versions)[0], (typeof versions)[0]];
    const path = `/content/${digest}/thumbnail`;
    expect((await get(`${path}?version=${id}&width=96`, await bearer())).status).toBe(200);
    const refused = await Promise.all([
      get(path),
      get(`${path}?version=${id}`),
      get(path, await bearer()),
      get(`${path}?version=${other.id}`, await bearer()),
      get(`${path}?version=${id}&width=0`, await bearer()),
      get(`${path}?version=${id}&width=99999`, await bearer()),
      get(`/content/${'0'.repeat(64)}/thumbnail?version=${id}`, await bearer()),
      get('/content/..%2f..%2fetc/thumbnail', await bearer()),
    ]);
    expect(refused.map((answer) => [answer.status, codeOf(answer)])).toEqual([
      [401, 'UNAUTHENTICATED'],
      [401, 'UNAUTHENTICATED'],
      [400, 'BAD_USER_INPUT'],
      [404, 'NOT_FOUND'],
      [400, 'BAD_USER_INPUT'],
      [400, 'BAD_USER_INPUT'],
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
    ]);
  });

  test('is not fetched by a modified or expired link', async () => {
    const { url } = versions[0]!;
    const changed = await get(url.replace('width=400', 'width=96'));
    expect([changed.status, codeOf(changed)]).toEqual([403, 'LINK_INVALID']);
    const swapped = await get(url.replace(versions[0]!.digest, versions[1]!.digest));
    expect([swapped.status, codeOf(swapped)]).toEqual([403, 'LINK_INVALID']);
  });

  test('without a width is refused', async () => {
    const { errors } = await house.ask(
      'analyst',
      `{ node(id: "${versions[0]!.id}") { ... on Version { content { thumbnail(width: 0) { url } } } } }`,
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
