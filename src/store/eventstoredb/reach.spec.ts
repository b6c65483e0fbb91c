import { Reach } from './reach';
import { NoAnswer } from './timer';

const away = new NoAnswer('no answer');
const line = { doubtful: true };
beforeEach(() => {
  line.doubtful = true;
});

it('asks a server nothing that answered the last time', async () => {
  line.doubtful = false;
  const ask = jest.fn(async () => undefined);
  await new Reach(line).settled(ask);
  expect(ask).not.toHaveBeenCalled();
});

it('asks a server that was away once for all who come meanwhile, and tells all of them', async () => {
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

it('asks once more where the connection broke, and takes a server that then answers for one that is there', async () => {
  const broken = Object.assign(new Error('Connection dropped'), { type: 'unavailable', code: 14 });
  const ask = jest.fn(async () => {
    if (ask.mock.calls.length === 1) throw broken;
  });
  await new Reach(line).settled(ask);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('takes a server that refuses for one that is there', async () => {
  const refusal = Object.assign(new Error('no'), { type: 'access-denied' });
  await expect(new Reach(line).settled(() => Promise.reject(refusal))).resolves.toBeUndefined();
});

it('lets those who waited go on before one who comes as the answer does', async () => {
  const reach = new Reach(line);
  const order: string[] = [];
  const write = (name: string) => reach.settled(ask).then(() => order.push(name));
  const late: Promise<unknown>[] = [];
  const ask = async () => {
    await undefined;
    line.doubtful = false;
    // Somebody else's work of this very moment.
    queueMicrotask(() => late.push(write('third')));
  };
  await Promise.all([write('first'), write('second')]);
  await Promise.all(late);
  expect(order).toEqual(['first', 'second', 'third']);
});
