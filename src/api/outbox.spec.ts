import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Outbox } from './outbox';

let outbox: Outbox;
let server: Server;
let waiting: ServerResponse[];
beforeEach(async () => {
  outbox = new Outbox();
  waiting = [];
  server = createServer((_request, response) => waiting.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const port = () => (server.address() as AddressInfo).port;
const untilAsked = async (count: number) => {
  while (waiting.length < count) await once(server, 'request');
};

it('sends nothing before the turn ends, and then everything, even if one of the clients has gone', async () => {
  const url = `http://127.0.0.1:${port()}`;
  const gone = new AbortController();
  const lost = fetch(url, { signal: gone.signal });
  await once(server, 'request');
  const answers = [fetch(url), fetch(url)];
  await untilAsked(3);
  gone.abort();
  await expect(lost).rejects.toThrow();
  for (const [at, response] of waiting.entries()) outbox.put({ response, text: `Nº ${at}`, again: undefined });
  expect(waiting.some((response) => response.headersSent)).toBe(false);
  const texts = (await Promise.all(answers)).map((answer) => answer.text());
  expect((await Promise.all(texts)).sort()).toEqual(['Nº 1', 'Nº 2']);
});

it('does not delay large answers', async () => {
  const answers = [fetch(`http://127.0.0.1:${port()}`), fetch(`http://127.0.0.1:${port()}`)];
  await untilAsked(2);
  outbox.put({ response: waiting[0]!, text: 'small', again: undefined });
  outbox.put({ response: waiting[1]!, text: 'x'.repeat(70_000), again: undefined });
  expect(waiting.map((response) => response.headersSent)).toEqual([true, true]);
  await Promise.all(answers.map(async (answer) => (await answer).text()));
});

it('counts an answer queued behind another on its connection as sent, so that Node stops reading a client that reads nothing', async () => {
  const socket = connect(port(), '127.0.0.1').pause();
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n'.repeat(3));
  await untilAsked(3);
  for (const response of waiting) outbox.put({ response, text: 'x', again: undefined });
  expect(waiting.map((response) => response.writableEnded)).toEqual([false, true, true]);
  socket.destroy();
});
