import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Outbox } from './outbox';

it('sends nothing before the turn ends, and then everything, whatever became of one of those who wait', async () => {
  const outbox = new Outbox();
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => waiting.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gone = new AbortController();
  const lost = fetch(url, { signal: gone.signal });
  await once(server, 'request');
  const answers = [fetch(url), fetch(url)];
  while (waiting.length < 3) await once(server, 'request');
  gone.abort();
  await expect(lost).rejects.toThrow();
  for (const [at, response] of waiting.entries()) outbox.put({ response, text: `Nº ${at}`, again: undefined });
  expect(waiting.some((response) => response.headersSent)).toBe(false);
  const texts = (await Promise.all(answers)).map((answer) => answer.text());
  expect((await Promise.all(texts)).sort()).toEqual(['Nº 1', 'Nº 2']);
  server.close();
});
