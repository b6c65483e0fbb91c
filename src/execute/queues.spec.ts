import { Queues } from './queues';

function later(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

it('starts work on one asset in order, each after the previous one has settled, and other work at once', async () => {
  const queues = new Queues();
  const seen: string[] = [];
  const first = later();
  const work = (name: string, until?: Promise<void>) => async () => {
    seen.push(`${name} begins`);
    await until;
    seen.push(`${name} ends`);
    return name;
  };
  const all = [
    queues.behind('a', work('one', first.promise)),
    queues.behind('a', work('two')),
    queues.behind('b', work('other')),
    queues.behind('a', work('three')),
  ];
  await all[2];
  expect(seen).toEqual(['one begins', 'other begins', 'other ends']);
  first.resolve();
  expect(await Promise.all(all)).toEqual(['one', 'two', 'other', 'three']);
  expect(seen.slice(3)).toEqual(['one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
  expect(queues.size).toBe(0);
});

it('continues after failed work', async () => {
  const queues = new Queues();
  const failing = queues.behind('a', () => Promise.reject(new Error('no')));
  const next = queues.behind('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
  expect(queues.size).toBe(0);
});

it('does not wait forever for stalled work', async () => {
  const queues = new Queues();
  const stalled = later();
  const stalling = queues.behind('a', () => stalled.promise);
  expect(await queues.behind('a', async () => 'went ahead')).toBe('went ahead');
  stalled.resolve();
  await stalling;
});

it('keeps the order, however long the queue is, as long as work keeps settling', async () => {
  const queues = new Queues();
  const seen: number[] = [];
  const work = async (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) await new Promise(setImmediate);
  };
  const all = Array.from({ length: 30 }, (_, n) =>
    queues.behind('a', async () => {
      expect(seen).toHaveLength(n);
      await work(60);
      seen.push(n);
    }),
  );
  await Promise.all(all);
  expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n));
});
