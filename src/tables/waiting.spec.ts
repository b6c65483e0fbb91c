import type { Reach } from './engine';
import { Waiting } from './waiting';

const LONG = 3_600_000;

function tablesAt(position: number) {
  const reach = new Map<string, Reach>([['shelf', { position, stuck: false }]]);
  const waiting = new Waiting(['shelf'], { reach: () => reach, watch: () => () => undefined });
  const advance = (to: number): void => {
    reach.set('shelf', { position: to, stuck: false });
    waiting.notify();
  };
  return { waiting, advance };
}

describe('letting events gather', () => {
  it('ends as soon as somebody waits for a position', async () => {
    const { waiting, advance } = tablesAt(1);
    const gathering = waiting.nobodyFor(LONG);
    const waiter = waiting.waitFor(2, ['shelf'], LONG);
    await gathering;
    advance(2);
    expect(await waiter).toBe(true);
  });

  it('does not begin while somebody waits', async () => {
    const { waiting, advance } = tablesAt(1);
    const waiter = waiting.waitFor(3, ['shelf'], LONG);
    await waiting.nobodyFor(LONG);
    advance(2);
    await waiting.nobodyFor(LONG);
    advance(3);
    expect(await waiter).toBe(true);
  });

  it('is not ended by a question that the tables can answer', async () => {
    const { waiting } = tablesAt(2);
    let ended = false;
    const stopping = new AbortController();
    const gathering = waiting.nobodyFor(LONG, stopping.signal).finally(() => {
      ended = true;
    });
    expect(await waiting.waitFor(2, ['shelf'], LONG)).toBe(true);
    expect(ended).toBe(false);
    stopping.abort();
    await expect(gathering).rejects.toThrow('aborted');
  });

  it('ends when its time is over', async () => {
    await expect(tablesAt(1).waiting.nobodyFor(1)).resolves.toBeUndefined();
  });
});
