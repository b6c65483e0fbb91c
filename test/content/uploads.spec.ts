import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { given, MB, sha256 } from './given';
import { BEGIN, openUploadHouse, STATE, type UploadHouse } from './uploading';

const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  given(3000).bytes,
]);
const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const ANA = 'author:ana';

let house: UploadHouse;
beforeAll(async () => {
  house = await openUploadHouse({
    PALIMPSEST_ORIGINS: 'https://studio.example.org',
    PALIMPSEST_UPLOAD_BYTES: '12 MiB',
    PALIMPSEST_UPLOAD_DAY_BYTES: '60 MiB',
    PALIMPSEST_UPLOAD_KINDS: 'image/*, text/*, application/octet-stream',
  });
});
afterAll(() => house.close());

const begin = async (who: string, input: Readonly<Record<string, unknown>>) =>
  (await house.ask(who as 'author', BEGIN, { input })).data.uploadBegin;
const stateOf = async (who: string, id: string) => (await house.ask(who as 'author', STATE, { id })).data.upload;
const kept = (digest: string) =>
  existsSync(join(house.dataDir, 'content', 'sha256', digest.slice(0, 2), digest.slice(2)));
const add = (content: object, kind = 'IMAGE') =>
  house.act(ANA, 'assetRegister', { kind, title: 'Poster', content: { madeWith: { tool: 'Figma' }, ...content } });
const VERSION = 'query ($id: ID!) { asset(id: $id) { currentVersion { digest bytes mediaType } } }';
const versionOf = async (asset: { readonly id: string }) =>
  (await house.ask(ANA, VERSION, { id: asset.id })).data.asset.currentVersion;

describe('an upload', () => {
  test('becomes a version, whose digest, size and type the server found out', async () => {
    const { upload, stored, limits } = await begin(ANA, { bytes: `${PNG.length}`, fileName: 'poster.png' });
    expect({ stored, limits }).toEqual({
      stored: false,
      limits: {
        bytes: `${12 * MB}`,
        bytesPerDay: `${60 * MB}`,
        kinds: ['image/*', 'text/*', 'application/octet-stream'],
      },
    });
    expect(upload).toMatchObject({ state: 'OPEN', offset: '0', bytes: `${PNG.length}`, digest: null });
    expect(upload.url).toBe(`/uploads/${upload.id}`);
    expect(upload.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await house.patch(ANA, upload.url, 0, PNG)).status).toBe(204);
    expect(await stateOf(ANA, upload.id)).toMatchObject({
      state: 'FINISHED',
      digest: sha256(PNG),
      mediaType: 'image/png',
    });
    const { asset, userErrors } = await add({ uploadId: upload.id });
    expect(userErrors).toEqual([]);
    expect(await versionOf(asset)).toEqual({ digest: sha256(PNG), bytes: `${PNG.length}`, mediaType: 'image/png' });
    expect(kept(sha256(PNG))).toBe(true);
  });

  test('goes on where it broke off, in the hands of a client that somebody else wrote', async () => {
    const { bytes, digest } = given(5 * MB);
    const token = await house.token('author', 'ana');
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(bytes, {
        endpoint: `${house.origin}/uploads`,
        headers: { authorization: `Bearer ${token}` },
        chunkSize: MB,
        metadata: { filename: 'film.bin', filetype: 'application/octet-stream' },
        retryDelays: [],
        onError: reject,
        onSuccess: () => resolve(),
        onProgress: (sent) => {
          if (sent < 2 * MB || upload.options.metadata?.again === 'yes') return;
          upload.options.metadata = { ...upload.options.metadata, again: 'yes' };
          void upload.abort().then(() => upload.start());
        },
      });
      upload.start();
    });
    expect(kept(digest)).toBe(true);
  });

  test('needs not be sent where the bytes are here', async () => {
    await house.upload(ANA, PNG);
    const digest = sha256(PNG);
    expect(await begin(ANA, { bytes: `${PNG.length}`, digest })).toMatchObject({ stored: true, upload: null });
    const { asset } = await add({ digest });
    expect(await versionOf(asset)).toMatchObject({ bytes: `${PNG.length}`, mediaType: 'image/png' });
  });

  test('of bytes that a check found damaged is sent again', async () => {
    const bytes = Buffer.from('words that will rot');
    await house.upload(ANA, bytes, { mediaType: 'text/plain' });
    const digest = sha256(bytes);
    const { userErrors } = await house.act('approver:eve', 'contentReportFixity', { digest, outcome: 'DAMAGED' });
    expect(userErrors).toEqual([]);
    const { position } = (await house.ask('author', '{ head { position } }')).data.head;
    await house.ask('author', `{ head(waitFor: "${position}") { position } }`);
    expect(await begin(ANA, { bytes: `${bytes.length}`, digest })).toMatchObject({ stored: false });
  });

  test('of a digest that is not here leaves the digest allowed, with size and type', async () => {
    const { digest } = given(1);
    expect((await add({ digest })).userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID_INPUT', path: ['input', 'content', 'bytes'] }),
    ]);
    expect((await add({ digest, bytes: '1' })).userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID_INPUT', path: ['input', 'content', 'mediaType'] }),
    ]);
    expect((await add({ digest, bytes: '1', mediaType: 'image/png' })).userErrors).toEqual([]);
    expect((await add({})).userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID_INPUT', path: ['input', 'content', 'digest'] }),
    ]);
  });
});

describe('an upload is refused', () => {
  test('to the size of a file, by whichever way it is begun', async () => {
    expect((await begin(ANA, { bytes: `${12 * MB + 1}` })).userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_TOO_LARGE', path: ['input', 'bytes'] }),
    ]);
    const posted = await house.tus(ANA, 'POST', '/uploads', { 'upload-length': `${12 * MB + 1}` });
    expect(posted.status).toBe(413);
  });

  test('to the bytes of an actor and a day', async () => {
    const sizes = Array.from({ length: 5 }, () => ({ bytes: `${12 * MB}` }));
    for (const input of sizes) expect((await begin('author:ben', input)).userErrors).toEqual([]);
    expect((await begin('author:ben', { bytes: '1' })).userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_DAY_USED_UP', message: expect.stringContaining('0 are left') }),
    ]);
    expect((await house.tus('author:ben', 'POST', '/uploads', { 'upload-length': '1' })).status).toBe(429);
    expect((await begin('author:cat', { bytes: '1' })).userErrors).toEqual([]);
  });

  test('to kinds that are not accepted, by what is said and by the bytes', async () => {
    expect((await begin(ANA, { bytes: '1', mediaType: 'application/pdf' })).userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_KIND_REFUSED', path: ['input', 'mediaType'] }),
    ]);
    await expect(house.upload(ANA, Buffer.from('%PDF-1.7\n'))).rejects.toThrow(
      '422 put aside: application/pdf is not accepted',
    );
  });

  test('to anybody who may not make content, or shows no token', async () => {
    expect((await house.tus('analyst:zoe', 'POST', '/uploads', { 'upload-length': '1' })).status).toBe(403);
    const response = await fetch(`${house.origin}/uploads`, { method: 'POST', headers: { 'upload-length': '1' } });
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    const { errors } = await house.ask('analyst:zoe', BEGIN, { input: { bytes: '1' } });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('with input that names its fields', async () => {
    const { userErrors } = await begin(ANA, {
      bytes: '-1',
      mediaType: 'png',
      fileName: 'a\u202eb',
      digest: 'a'.repeat(64),
    });
    expect(userErrors.map(({ path }: { path: string[] }) => path[1])).toEqual(['bytes', 'mediaType', 'fileName']);
  });
});

describe('an upload of somebody else', () => {
  test('is as one that does not exist', async () => {
    const { upload } = await begin(ANA, { bytes: '10' });
    for (const path of [upload.url, `/uploads/${'0'.repeat(32)}`]) {
      const answers = [
        await house.tus('author:mal', 'HEAD', path),
        await house.patch('author:mal', path, 0, Buffer.alloc(10)),
        await house.tus('author:mal', 'DELETE', path),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    }
    expect(await stateOf('author:mal', upload.id)).toBeNull();
    expect(await stateOf(ANA, upload.id)).toMatchObject({ state: 'OPEN', offset: '0' });
    const id = await house.upload(ANA, PNG);
    const stolen = await house.act('author:mal', 'assetRegister', {
      kind: 'IMAGE',
      title: 'Mine',
      content: { uploadId: id, madeWith: { tool: 'x' } },
    });
    expect(stolen.userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_NOT_FOUND', path: ['input', 'content', 'uploadId'] }),
    ]);
  });
});

describe('bytes that are not what was said', () => {
  test('are put aside, and no version is made of them', async () => {
    const { upload } = await begin(ANA, { bytes: `${HTML.length}`, mediaType: 'image/png', fileName: '../../x.png' });
    const sent = await house.patch(ANA, upload.url, 0, HTML);
    expect([sent.status, sent.text]).toEqual([
      422,
      'put aside: the upload has the media type image/png, but its bytes are text/html\n',
    ]);
    expect(await stateOf(ANA, upload.id)).toMatchObject({
      state: 'QUARANTINED',
      reason: expect.stringContaining('text/html'),
    });
    expect((await add({ uploadId: upload.id })).userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_QUARANTINED', message: expect.stringContaining('text/html') }),
    ]);
    expect(kept(sha256(HTML))).toBe(false);
    expect(existsSync(join(house.dataDir, 'content', 'uploads', 'quarantine', upload.id))).toBe(true);
  });

  test('are put aside where their digest is another', async () => {
    const { upload } = await begin(ANA, { bytes: '5', digest: sha256(Buffer.from('other')) });
    expect((await house.patch(ANA, upload.url, 0, Buffer.from('bytes'))).text).toContain('not the announced');
  });

  test('write nothing outside their directory, whatever a name says', async () => {
    const name = Buffer.from('../../../escaped.png').toString('base64');
    const posted = await house.tus(ANA, 'POST', '/uploads', {
      'upload-length': '3',
      'upload-metadata': `filename ${name}`,
    });
    expect(posted.status).toBe(201);
    expect(posted.headers.get('location')).toMatch(/^\/uploads\/[0-9a-f]{32}$/);
    expect(readdirSync(house.dataDir).filter((file) => file.includes('escaped'))).toEqual([]);
    for (const path of ['/uploads/..%2f..%2fevents.sqlite', '/uploads/%00', `/uploads/${'a'.repeat(31)}`]) {
      expect((await house.tus(ANA, 'HEAD', path)).status).toBe(404);
    }
  });
});

describe('a request of an upload', () => {
  test('with another offset than there is conflicts, and changes nothing', async () => {
    const { upload } = await begin(ANA, { bytes: '10' });
    expect((await house.patch(ANA, upload.url, 5, Buffer.from('later'))).status).toBe(409);
    expect((await house.patch(ANA, upload.url, 0, Buffer.from('first'))).headers.get('upload-offset')).toBe('5');
    expect((await house.patch(ANA, upload.url, 0, Buffer.from('again'))).status).toBe(409);
    expect((await house.tus(ANA, 'HEAD', upload.url)).headers.get('upload-offset')).toBe('5');
    expect((await add({ uploadId: upload.id })).userErrors).toEqual([
      expect.objectContaining({ code: 'UPLOAD_UNFINISHED', path: ['input', 'content', 'uploadId'] }),
    ]);
    expect((await house.patch(ANA, upload.url, 5, Buffer.from('later'))).status).toBe(204);
    expect(kept(sha256(Buffer.from('firstlater')))).toBe(true);
  });

  test('with more bytes than were announced is refused, and keeps none of them', async () => {
    const { upload } = await begin(ANA, { bytes: '4' });
    expect((await house.patch(ANA, upload.url, 0, Buffer.from('bytes'))).status).toBe(413);
    async function* endless() {
      for (;;) yield Buffer.alloc(1000);
    }
    const stream = Readable.toWeb(Readable.from(endless())) as unknown as ReadableStream;
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const sent = await house.tus(ANA, 'PATCH', upload.url, headers, stream).catch(() => undefined);
    expect(sent === undefined || sent.status >= 400).toBe(true);
    expect(Number((await stateOf(ANA, upload.id)).offset)).toBeLessThanOrEqual(4);
  });

  test('may end an upload that is open, and none that is finished', async () => {
    const { upload } = await begin(ANA, { bytes: '4' });
    expect((await house.tus(ANA, 'DELETE', upload.url)).status).toBe(204);
    expect(await stateOf(ANA, upload.id)).toBeNull();
    const id = await house.upload(ANA, PNG);
    expect((await house.tus(ANA, 'DELETE', `/uploads/${id}`)).status).toBe(400);
  });
});

test('a page of an allowed origin may upload and read, and learns what it needs', async () => {
  const origin = 'https://studio.example.org';
  const asked = { origin, 'access-control-request-method': 'PATCH' };
  const preflight = await fetch(`${house.origin}/uploads/x`, { method: 'OPTIONS', headers: asked });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Upload-Offset');
  const posted = await house.tus(ANA, 'POST', '/uploads', { origin, 'upload-length': '3' });
  expect(posted.headers.get('access-control-allow-origin')).toBe(origin);
  expect(posted.headers.get('access-control-expose-headers')).toContain('Location');
  const read = await fetch(`${house.origin}/content/${'0'.repeat(64)}`, { headers: { origin } });
  expect(read.headers.get('access-control-allow-origin')).toBe(origin);
  const other = await fetch(`${house.origin}/uploads`, {
    method: 'POST',
    headers: { origin: 'https://other.example.org' },
  });
  expect(other.status).toBe(403);
});
