import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAddress } from '../../store/eventstoredb/address';
import { checkSkew } from './clock';

const NOW = Date.parse('2026-06-01T12:00:00.400Z');

/** A server with this clock; returns what doctor finds. */
async function found(date: string | undefined): Promise<Awaited<ReturnType<typeof checkSkew>>> {
  const server = createServer((_request, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader('date', date);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await checkSkew(parseAddress(`esdb://127.0.0.1:${port}?tls=false`), () => NOW);
  } finally {
    server.close();
  }
}

describe('the clock of the store', () => {
  test('passes if it agrees with ours', async () => {
    expect(await found('Mon, 01 Jun 2026 12:00:00 GMT')).toMatchObject({ ok: true, advice: '' });
    expect(await found('Mon, 01 Jun 2026 12:00:04 GMT')).toMatchObject({ ok: true });
  });

  test('is reported as ahead or behind, with advice', async () => {
    expect(await found('Mon, 01 Jun 2026 12:01:00 GMT')).toMatchObject({
      ok: false,
      detail: '60 s ahead of ours',
      advice: expect.stringContaining('time service'),
    });
    expect(await found('Mon, 01 Jun 2026 11:00:00 GMT')).toMatchObject({ ok: false, detail: '3600 s behind ours' });
  });

  test('is not guessed if the server does not report its time', async () => {
    expect(await found(undefined)).toMatchObject({ ok: true, detail: expect.stringContaining('does not say') });
  });
});
