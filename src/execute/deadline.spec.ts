import { everything, intent, NOW, register, retitle, store, storeWith, uuid } from '../../test/support/acting';
import { type Store, Unavailable, UnknownOutcome } from '../store/store';
import { ACT_MS, LAST_WORD_MS } from './deadline';
import { createExecute } from './execute';

const inOrder = (over: Store) => createExecute({ store: over, clock: () => NOW, random: () => 0, ordered: true });

describe('an act with a stalled store', () => {
  const never = new Promise<never>(() => undefined);
  const hasty = (over: Store) => createExecute({ store: over, clock: () => NOW, random: () => 0, actMs: 30 });

  it('ends in time, and reports that nothing was written if nothing was sent', async () => {
    let appends = 0;
    const frozen = storeWith({
      readStream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
      append: () => {
        appends += 1;
        return never;
      },
    });
    const act = hasty(frozen)(intent(retitle('A'), { expectedRevision: 0 }));
    await expect(act).rejects.toBeInstanceOf(Unavailable);
    expect(appends).toBe(0);
  });

  it('ends in time, and reports an unknown outcome if its append was sent', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const frozen = storeWith({
      append: (_stream, _expected, _events, options) => {
        signals.push(options?.signal);
        return never;
      },
    });
    await expect(hasty(frozen)(intent(register))).rejects.toBeInstanceOf(UnknownOutcome);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it('ends in time when it is repeated again and again, and sends nothing afterwards', async () => {
    let appends = 0;
    const forgetful = storeWith({
      append: async () => {
        appends += 1;
        throw new UnknownOutcome('the acknowledgement was lost');
      },
    });
    await expect(hasty(forgetful)(intent(register))).rejects.toBeInstanceOf(UnknownOutcome);
    expect(appends).toBe(1);
  });

  it('ends in time when it waits behind another act on its stream, and never sends anything', async () => {
    let appends = 0;
    const frozen = storeWith({
      append: () => {
        appends += 1;
        return never;
      },
    });
    const execute = hasty(frozen);
    const first = execute(intent(register));
    const second = execute(intent(register, { commandId: uuid('second') }));
    await expect(second).rejects.toBeInstanceOf(Unavailable);
    await expect(first).rejects.toBeInstanceOf(UnknownOutcome);
    expect(appends).toBe(1);
  });

  it('has less than 15 seconds', () => {
    expect(ACT_MS + LAST_WORD_MS).toBeLessThan(15_000);
  });
});

it('sends nothing behind an act that could not be decided, when asked to keep the order', async () => {
  const broken = storeWith({
    readStream: (name, options) => {
      if (name === `asset-${uuid('second')}`) throw new Unavailable('away');
      return store.readStream(name, options);
    },
  });
  const execute = inOrder(broken);
  const acts = ['first', 'second', 'third'].map((name) => execute(intent({ ...register, asset: uuid(name) })));
  const ended = await Promise.allSettled(acts);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect((ended[2] as PromiseRejectedResult).reason).toBeInstanceOf(Unavailable);
  expect((await everything()).map((event) => event.stream)).toEqual([`asset-${uuid('first')}`]);
});
