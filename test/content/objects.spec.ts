import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { checkedStream } from '../../src/store/content/checkedstream';
import { openContentBucket } from '../../src/store/content/s3';
import { bytesOf, given, MB, pieces, refusalOf } from './given';
import { inBucket, objectServer } from './places';
import { openUploadHouse } from './uploading';

describe('an object store', () => {
  test('that gives other bytes than it was given fails the reader before the end', async () => {
    const { store, overwrite, close } = await inBucket();
    const { bytes, digest } = given(3 * MB);
    await store.put(pieces(bytes));
    const changed = Buffer.from(bytes);
    changed[MB]! ^= 1;
    await overwrite(digest, changed);
    const stream = await store.open(digest);
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    const failure = await new Promise<Error>((resolve) => stream.on('error', resolve));
    expect(failure).toMatchObject({ name: 'ContentUnavailable', trouble: 'false' });
    expect(received).toBeLessThan(3 * MB);
    await close();
  });

  test('that says nothing is given up, and leaves nothing behind', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const server = await objectServer();
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const store = openContentBucket({ ...server.place, endpoint }, { connect: 200, answer: 200, silence: 200 });
    expect(await refusalOf(store.put(pieces(given(10).bytes)))).toMatchObject({ name: 'ContentUnavailable' });
    expect(await refusalOf(store.size(given(1).digest))).toMatchObject({ trouble: 'unreachable' });
    await store.close();
    silent.closeAllConnections();
    silent.close();
    await server.stop();
  });

  test('that stops in the middle, or sends less or more than it said, fails the reader', async () => {
    const { bytes, digest } = given(100);
    const read = (sent: Buffer, how: 'end' | 'destroy' | 'wait') => {
      const source = new PassThrough();
      source.write(sent);
      if (how === 'end') source.end();
      if (how === 'destroy') setImmediate(() => source.destroy());
      return refusalOf(bytesOf(checkedStream(source, { digest, bytes: 100 }, 50)));
    };
    expect(await read(bytes.subarray(0, 99), 'end')).toMatchObject({ trouble: 'false' });
    expect(await read(Buffer.concat([bytes, bytes]), 'end')).toMatchObject({ trouble: 'false' });
    expect(await read(bytes.subarray(0, 50), 'destroy')).toMatchObject({ trouble: 'unreachable' });
    expect(await read(bytes.subarray(0, 50), 'wait')).toMatchObject({ trouble: 'unreachable' });
    const whole = new PassThrough();
    whole.end(bytes);
    expect((await bytesOf(checkedStream(whole, { digest, bytes: 100 }, 50))).equals(bytes)).toBe(true);
  });

  test('holds what is uploaded through the server, and is answered for with 503 while it is away', async () => {
    const objects = await objectServer();
    const house = await openUploadHouse({
      PALIMPSEST_CONTENT: 's3://content/palimpsest',
      PALIMPSEST_CONTENT_ENDPOINT: objects.place.endpoint!,
      PALIMPSEST_CONTENT_ACCESS_KEY: 'S3RVER',
      PALIMPSEST_CONTENT_SECRET_KEY: 'S3RVER',
    });
    try {
      const { bytes } = given(300_000);
      const uploadId = await house.upload('author:ana', bytes);
      const content = { uploadId, madeWith: { tool: 'Figma' } };
      const { asset } = await house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'Poster', content });
      const shown = 'query ($id: ID!) { asset(id: $id) { currentVersion { content { available url } } } }';
      const { url, available } = (await house.ask('author', shown, { id: asset.id })).data.asset.currentVersion.content;
      expect(available).toBe(true);
      const whole = await fetch(new URL(url, house.origin));
      expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
      const part = await fetch(new URL(url, house.origin), { headers: { range: 'bytes=1000-1999' } });
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true);
      await objects.stop();
      const away = await fetch(new URL(url, house.origin));
      expect([away.status, (await away.json()).errors[0].extensions.code]).toEqual([503, 'CONTENT_UNAVAILABLE']);
      await expect(house.upload('author:ana', given(10).bytes)).rejects.toThrow('503');
    } finally {
      await house.close();
      await objects.stop();
    }
  });
});

test('a client that goes away in the middle keeps what it sent', async () => {
  const house = await openUploadHouse();
  const { data } = await house.ask(
    'author:ana',
    'mutation { uploadBegin(input: { bytes: "1000000" }) { upload { id url } } }',
  );
  const { id, url } = data.uploadBegin.upload;
  const socket = connect(Number(new URL(house.origin).port), '127.0.0.1');
  const token = await house.token('author', 'ana');
  const head = [
    `PATCH ${url} HTTP/1.1`,
    `Host: ${new URL(house.origin).host}`,
    `Authorization: Bearer ${token}`,
    'Tus-Resumable: 1.0.0',
    'Upload-Offset: 0',
    'Content-Type: application/offset+octet-stream',
    'Content-Length: 1000000',
  ];
  await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n`, () => resolve()));
  await new Promise<void>((resolve) => socket.write(Buffer.alloc(400_000), () => resolve()));
  socket.end();
  // The next request waits until the server has put away what came.
  let offset = '0';
  for (let tries = 0; tries < 200 && offset !== '400000'; tries += 1) {
    offset = (await house.tus('author:ana', 'HEAD', `/uploads/${id}`)).headers.get('upload-offset') ?? '';
  }
  expect(offset).toBe('400000');
  socket.destroy();
  await house.close();
});
