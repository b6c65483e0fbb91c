import { Unavailable } from '../store/store';
import { Turnstile } from './turnstile';

const nothing = Symbol('not yet');
const state = (come: Promise<void>) =>
  Promise.race([come, new Promise((soon) => setImmediate(() => soon(nothing)))]).catch((error: unknown) => error);

describe('the turns of acts', () => {
  it('come in the order in which they were taken, whichever finishes first', async () => {
    const turnstile = new Turnstile();
    const [first, second, third] = [turnstile.take(), turnstile.take(), turnstile.take()];
    second.pass();
    expect(await state(first.come)).toBeUndefined();
    expect(await state(third.come)).toBe(nothing);
    first.pass();
    expect(await state(third.come)).toBeUndefined();
  });

  it('never come after one that failed', async () => {
    const turnstile = new Turnstile();
    const [first, second, third] = [turnstile.take(), turnstile.take(), turnstile.take()];
    third.pass();
    first.fail();
    first.pass();
    expect(await state(second.come)).toBeInstanceOf(Unavailable);
    expect(await state(turnstile.take().come)).toBeInstanceOf(Unavailable);
  });
});
