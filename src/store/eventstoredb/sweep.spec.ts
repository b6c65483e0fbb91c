import { Names } from './encoding';
import { Sweep } from './sweep';
import type { Incoming, Listener, Wire } from './wire';

const NAMES = new Names('ours');

const written = (commit: number, streamName = 'ours.asset-1'): Incoming => ({
  id: `00000000-0000-4000-8000-${String(commit).padStart(12, '0')}`,
  type: 'VersionAdded',
  data: {},
  metadata: {},
  json: true,
  streamName,
  revision: commit,
  commit,
  created: new Date(0),
});

/** A sweep, and the server's side of it. */
function swept(until: number, signal?: AbortSignal) {
  const far = { said: undefined as unknown as Listener, waits: false, ended: false };
  const wire: Pick<Wire, 'subscribe'> = {
    subscribe(_after, _prefix, listener) {
      far.said = listener;
      return {
        stop: () => Object.assign(far, { ended: true }),
        pause: () => Object.assign(far, { waits: true }),
        resume: () => Object.assign(far, { waits: false }),
      };
    },
  };
  const sweep = new Sweep(wire as Wire, NAMES, { from: 0, after: 0, until, quietMs: 20, signal });
  /** The server sends as far as it is allowed to. */
  const send = (from: number, count: number, bytes = 1) => {
    for (let sent = 0; sent < count && !far.waits; sent += 1) far.said.event(written(from + sent * bytes));
  };
  return { far, sweep, send };
}

const positions = async (sweep: Sweep) => (await sweep.next()).map(({ position }) => Number(position));

describe('a long read of the log', () => {
  test('makes the server wait until the reader asks for more', async () => {
    const { far, sweep, send } = swept(1e9);
    send(1, 1_000_000);
    expect(far.waits).toBe(true);
    const first = await positions(sweep);
    expect(first).toHaveLength(1_000);
    expect(far.waits).toBe(false);
    send(2_001, 1_000_000);
    const rest = [...(await positions(sweep)), ...(await positions(sweep))];
    expect([...first, ...rest]).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    sweep.stop();
    expect(far.ended).toBe(true);
  });

  test('pauses the server earlier if events are large', () => {
    const { far, send } = swept(1e9);
    let sent = 0;
    for (; !far.waits && sent < 100; sent += 1) send(1 + sent * 250_000, 1);
    expect(sent).toBe(27);
  });

  test('ends at the requested position or after it, and returns nothing beyond it', async () => {
    const { far, sweep } = swept(2);
    far.said.event(written(1));
    far.said.event(written(3));
    expect(await positions(sweep)).toEqual([1]);
    expect([await positions(sweep), sweep.whole, far.ended]).toEqual([[], true, true]);
  });

  test('ends when the server reports the end of the log', async () => {
    const { far, sweep } = swept(2);
    const waiting = positions(sweep);
    far.said.event(written(1));
    far.said.caughtUp();
    expect([await waiting, await positions(sweep), sweep.whole]).toEqual([[1], [], true]);
  });

  test('skips events of other applications, and returns ours even if they are rare', async () => {
    const { far, sweep } = swept(1e9);
    const waiting = positions(sweep);
    far.said.event(written(1, 'others.asset-1'));
    far.said.checkpoint();
    far.said.event(written(2));
    far.said.checkpoint();
    expect(await waiting).toEqual([2]);
    sweep.stop();
  });

  test('fails if the server is silent while the reader waits, or ends it', async () => {
    const silent = swept(1e9);
    silent.far.said.confirmed();
    silent.far.said.event(written(1));
    expect([await positions(silent.sweep), await positions(silent.sweep)]).toEqual([[1], []]);
    expect([silent.sweep.whole, silent.far.ended]).toEqual([false, true]);
    const ended = swept(1e9);
    ended.far.said.ended();
    expect([await positions(ended.sweep), ended.sweep.whole]).toEqual([[], false]);
  });

  test('ends as soon as the reader stops', async () => {
    const end = new AbortController();
    const { far, sweep } = swept(1e9, end.signal);
    const waiting = positions(sweep);
    end.abort();
    expect([await waiting, far.ended]).toEqual([[], true]);
    expect(swept(1e9, end.signal).far.ended).toBe(true);
  });
});
