import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkKey } from '../../src/api/content/linkkey';
import { Links } from '../../src/api/content/links';
import { given, sha256 } from './given';
import { openUploadHouse, type UploadHouse } from './uploading';

const ANA = 'author:ana';
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  given(200_000).bytes,
]);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const SHOWN = `query ($id: ID!, $how: ContentDisposition! = INLINE, $for: Int! = 3600) {
  asset(id: $id) { currentVersion { id digest content {
    available url(disposition: $how, expiresIn: $for) scan { verdict engine } fixity { outcome }
  } } }
}`;

let house: UploadHouse;
beforeAll(async () => {
  house = await openUploadHouse();
});
afterAll(() => house.close());

async function assetOf(bytes: Buffer, title = 'Summer poster'): Promise<string> {
  const uploadId = await house.upload(ANA, bytes);
  const content = { uploadId, madeWith: { tool: 'Figma' } };
  const { asset } = await house.act(ANA, 'assetRegister', { kind: 'IMAGE', title, content });
  return asset.id;
}
const shown = async (id: string, more: object = {}) =>
  (await house.ask('auditor', SHOWN, { id, ...more })).data.asset.currentVersion;
const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  fetch(new URL(path, house.origin), { headers, method });
const bearer = async (role: 'auditor' | 'author' = 'auditor') => ({
  authorization: `Bearer ${await house.token(role)}`,
});
const codeOf = async (response: Response) => [response.status, (await response.json()).errors[0].extensions.code];
const fileOf = (digest: string) => join(house.dataDir, 'content', 'sha256', digest.slice(0, 2), digest.slice(2));

describe('the bytes of a version', () => {
  test('come by a signed link, exactly, without a token', async () => {
    const { content, digest } = await shown(await assetOf(PNG));
    expect(content).toMatchObject({
      available: true,
      scan: { verdict: 'NOT_SCANNED', engine: null },
      fixity: { outcome: 'GOOD' },
    });
    const response = await get(content.url);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': `${PNG.length}`,
      'content-disposition': `inline; filename="Summer poster_ version 1.png"; filename*=UTF-8''Summer%20poster%2C%20version%201.png`,
      etag: `"${digest}"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
    });
  });

  test('come with a token, and to nobody for the digest alone', async () => {
    await assetOf(PNG);
    const path = `/content/${sha256(PNG)}`;
    expect((await get(path, await bearer())).status).toBe(200);
    expect(await codeOf(await get(path))).toEqual([401, 'UNAUTHENTICATED']);
    const loose = Buffer.from('nobody made a version of these');
    await house.upload(ANA, loose);
    expect(await codeOf(await get(`/content/${sha256(loose)}`, await bearer()))).toEqual([404, 'NOT_FOUND']);
    const other = await shown(await assetOf(Buffer.from('other words')));
    expect(await codeOf(await get(`${path}?version=${other.id}`, await bearer()))).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf(await get(`${path}?version=x`, await bearer()))).toEqual([400, 'BAD_USER_INPUT']);
  });

  test('come until the link expires, and by no link that was changed', async () => {
    const { content, digest, id } = await shown(await assetOf(PNG), { for: 60 });
    const { searchParams } = new URL(content.url, house.origin);
    const left = Number(searchParams.get('expires')) * 1000 - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    const links = new Links(() => linkKey(house.dataDir, undefined));
    const over = links.signed(`/content/${digest}`, { version: id, disposition: 'inline' }, Date.now() - 1000);
    expect(await codeOf(await get(over))).toEqual([403, 'LINK_EXPIRED']);
    const later = content.url.replace(/expires=\d+/, 'expires=9999999999');
    expect(await codeOf(await get(later))).toEqual([403, 'LINK_INVALID']);
    const elsewhere = content.url.replace(digest, sha256(Buffer.from('other words')));
    expect(await codeOf(await get(elsewhere))).toEqual([403, 'LINK_INVALID']);
    const { errors } = await house.ask('auditor', SHOWN, { id: 'x', for: 59 });
    expect(errors).toBeDefined();
  });

  test('come in stretches', async () => {
    const { content, digest } = await shown(await assetOf(PNG));
    const size = PNG.length;
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, size - 1],
      ['bytes=-5', size - 5, size - 1],
      [`bytes=7-${size * 2}`, 7, size - 1],
    ] as const) {
      const response = await get(content.url, { range });
      expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${size}`]);
      expect(Buffer.from(await response.arrayBuffer()).equals(PNG.subarray(start, end + 1))).toBe(true);
    }
    const beyond = await get(content.url, { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    expect((await get(content.url, { range: 'bytes=0-1,5-6' })).status).toBe(200);
    expect((await get(content.url, { range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
    expect((await get(content.url, { range: 'bytes=0-9', 'if-range': `"${digest}"` })).status).toBe(206);
    const head = await get(content.url, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, `${size}`, '']);
    expect((await get(content.url, { 'if-none-match': `"x", "${digest}"` })).status).toBe(304);
  });

  test.each([
    ['a drawing', SVG, 'image/svg+xml'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/html'],
  ])('that a browser would run are only saved: %s', async (_what, bytes, type) => {
    const { content } = await shown(await assetOf(bytes, '../../<x>" “é”'), { how: 'INLINE' });
    const response = await get(content.url);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w .-]+"; filename\*=UTF-8''[\w.%-]+$/,
    );
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    await response.arrayBuffer();
  });

  test('are not there where they are elsewhere, or were cut short', async () => {
    const { digest } = given(1);
    const content = { digest, bytes: '5', mediaType: 'image/png', madeWith: { tool: 'x' } };
    const { asset } = await house.act(ANA, 'assetRegister', { kind: 'IMAGE', title: 'Elsewhere', content });
    expect((await shown(asset.id)).content).toMatchObject({ available: false, url: null });
    expect(await codeOf(await get(`/content/${digest}`, await bearer()))).toEqual([404, 'CONTENT_NOT_HERE']);
    const bytes = Buffer.from('words that are cut');
    const cut = await shown(await assetOf(bytes));
    writeFileSync(fileOf(cut.digest), 'words');
    expect(await codeOf(await get(cut.content.url))).toEqual([404, 'CONTENT_NOT_HERE']);
    rmSync(fileOf(cut.digest));
    expect(await codeOf(await get(cut.content.url))).toEqual([404, 'CONTENT_NOT_HERE']);
    await house.upload(ANA, bytes);
    expect(await (await get(cut.content.url)).text()).toBe('words that are cut');
    expect(readFileSync(fileOf(cut.digest)).equals(bytes)).toBe(true);
  });

  test('with malware are handed out to nobody, whatever link there is', async () => {
    const bytes = Buffer.from('words that will be found out');
    const id = await assetOf(bytes);
    const { content, digest } = await shown(id);
    const found = { digest, verdict: 'INFECTED', engine: 'ClamAV 1.4.3', finding: 'Eicar-Signature' };
    const { userErrors } = await house.act('approver:eve', 'contentReportScan', found);
    expect(userErrors).toEqual([]);
    const { position } = (await house.ask('auditor', '{ head { position } }')).data.head;
    await house.ask('auditor', `{ head(waitFor: "${position}") { position } }`);
    expect((await shown(id)).content).toMatchObject({
      url: null,
      scan: { verdict: 'INFECTED', engine: 'ClamAV 1.4.3' },
    });
    expect(await codeOf(await get(content.url))).toEqual([403, 'CONTENT_WITHHELD']);
    expect(await codeOf(await get(`/content/${digest}`, await bearer()))).toEqual([403, 'CONTENT_WITHHELD']);
  });
});
