import { Reach } from './reach';
import { NoAnswer } from './timer';

const away = new NoAnswer('no answer');
const line = { doubtful: true };
beforeEach(() => {
  line.doubtful = true;
});

it('does not probe a server that answered the last call', async () => {
  line.doubtful = false;
  const ask = jest.fn(async () => undefined);
  await new Reach(line).settled(ask);
  expect(ask).not.toHaveBeenCalled();
});

it('probes an unreachable server once for all concurrent callers, and tells all of them', async () => {
  const ask = jest.fn(async () => {
    throw away;
  });
  const reach = new Reach(line);
  const answers = await Promise.allSettled([reach.settled(ask), reach.settled(ask)]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(ask).toHaveBeenCalledTimes(1);
  await new Promise(setImmediate);
  await expect(reach.settled(ask)).rejects.toBe(away);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('probes once more after a broken connection, and accepts a server that then answers', async () => {
  const broken = Object.assign(new Error('Connection dropped'), { type: 'unavailable', code: 14 });
  const ask = jest.fn(async () => {
    if (ask.mock.calls.length === 1) throw broken;
  });
  await new Reach(line).settled(ask);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('treats a server that refuses as reachable', async () => {
  const refusal = Object.assign(new Error('no'), { type: 'access-denied' });
  await expect(new Reach(line).settled(() => Promise.reject(refusal))).resolves.toBeUndefined();
});

it('lets waiting callers proceed before one that arrives with the answer', async () => {
  const reach = new Reach(line);
  const order: string[] = [];
  const write = (name: string) => reach.settled(ask).then(() => order.push(name));
  const late: Promise<unknown>[] = [];
  const ask = async () => {
    await undefined;
    line.doubtful = false;
    // Concurrent work of another caller.
    queueMicrotask(() => late.push(write('third')));
  };
  await Promise.all([write('first'), write('second')]);
  await Promise.all(late);
  expect(order).toEqual(['first', 'second', 'third']);
});
