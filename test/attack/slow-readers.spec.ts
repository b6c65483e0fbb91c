import { encodeCursor } from '../../src/api/ids';
import { attack, type Door, type Stranger, subscribe } from './door';

const HEAD = '{ head { position } }';
const { open, member, closeAll } = attack();
afterEach(closeAll);

/** Many characters per change, so that a few changes exceed what the system buffers for a connection. */
const WIDE = `subscription ($after: String) { changes(after: $after) { cursor position entry {
  ${Array.from({ length: 300 }, (_, number) => `s${number}: sentence`).join(' ')} } } }`;

interface Item {
  readonly cursor: string;
  readonly position: string;
}

const itemsOf = ({ messages }: Stranger): readonly Item[] =>
  messages.flatMap(({ type, payload }) =>
    type === 'next' ? [(payload as { data: { changes: Item } }).data.changes] : [],
  );

async function until(reader: Stranger, items: number): Promise<void> {
  while (itemsOf(reader).length < items) await reader.heardMore();
}

async function fill(door: Door, assets: number): Promise<void> {
  const token = await door.token('author');
  for (let number = 0; number < assets; number += 1) {
    const title = `${number} ${'x'.repeat(150)}`;
    const query = `mutation { assetRegister(input: { act: { idempotencyKey: "${number}" }, kind: COPY, title: "${title}" })
      { userErrors { code } } }`;
    const reply = await door.ask(query, { authorization: `Bearer ${token}` });
    expect(await reply.json()).toMatchObject({ data: { assetRegister: { userErrors: [] } } });
  }
}

describe('a client that does not read', () => {
  it('is disconnected with a code and the cursor from which it misses nothing', async () => {
    const door = await open({ stall: 1_000, heartbeat: 1_300 });
    await fill(door, 150);
    const slow = await member(door);
    slow.send(subscribe('1', WIDE));
    await slow.hear('next');
    slow.socket.pause();
    // The server's close is not noticed before reading resumes; another connection shows that it happened.
    const other = await member(door, 'bob');
    other.send(subscribe('1', WIDE));
    await until(other, 151);
    // Three heartbeats are longer than a client may read nothing.
    for (let beats = 0; beats < 3; beats += 1) await new Promise((resolve) => other.socket.once('ping', resolve));
    slow.socket.resume();
    const { code, reason } = await slow.closed;
    expect(code).toBe(4410);
    const [name, cursor] = reason.split(' ');
    expect(name).toBe('CLIENT_TOO_SLOW');
    const had = itemsOf(slow);
    expect(had.at(-1)?.cursor).toBe(cursor);
    expect(had.length).toBeLessThan(151);
    const again = await member(door);
    again.send(subscribe('1', WIDE, { after: cursor }));
    await until(again, 151 - had.length);
    expect([...had, ...itemsOf(again)]).toEqual(itemsOf(other));
  }, 60_000);

  it('is disconnected also if the little it was sent is buffered by the system', async () => {
    const door = await open({ heartbeat: 100 });
    const silent = await member(door);
    silent.send(subscribe('1', 'subscription { changes { cursor } }'));
    await silent.hear('next');
    silent.socket.pause();
    const rest = new Promise((resolve) => silent.socket.once('ping', resolve));
    const lively = await member(door, 'bob');
    // The active client answers several pings meanwhile; the other one's answers are too late then.
    for (let beats = 0; beats < 5; beats += 1) await new Promise((resolve) => lively.socket.once('ping', resolve));
    silent.socket.resume();
    await rest;
    expect(await silent.closed).toEqual({
      code: 4410,
      reason: `CLIENT_TOO_SLOW ${encodeCursor('changes', { position: '0'.repeat(20) })}`,
    });
    expect(lively.socket.readyState).toBe(lively.socket.OPEN);
  });

  it('causes no more work once it is disconnected, whether or not it notices', async () => {
    const door = await open({ stall: 1_000, heartbeat: 1_300 });
    await fill(door, 150);
    const subscribed = jest.spyOn(door.app.store, 'subscribe');
    const slow = await member(door);
    slow.send(subscribe('1', WIDE));
    await slow.hear('next');
    slow.socket.pause();
    const { signal } = subscribed.mock.calls[0]![0] as { signal: AbortSignal };
    // The library waits half a minute for the client's close frame, which is longer than this test may take.
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    slow.socket.terminate();
  }, 15_000);

  it('cannot make the server buffer more than a few answers', async () => {
    const door = await open({ waitingBytes: 500_000, operations: 1000, stall: 60_000, heartbeat: 60_000 });
    const large = '{ __schema { types { description fields { description args { description } } } } }';
    const each = await member(door);
    each.socket.pause();
    for (let number = 0; number < 400; number += 1) each.send(subscribe(`${number}`, large));
    // A request on another connection is answered after the earlier ones.
    expect((await door.ask(HEAD)).status).toBe(200);
    each.socket.resume();
    expect((await each.closed).code).toBe(4410);
  }, 60_000);
});
