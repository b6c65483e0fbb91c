import { Conflict, UnknownOutcome } from '../store';
import { NotSent, Turns } from './turns';

interface Sent {
  readonly alone: boolean;
  answer(): void;
  refuse(error: Error): void;
}

let turns: Turns;
let sent: Map<string, Sent>;
beforeEach(() => {
  turns = new Turns();
  sent = new Map();
});

function take(name: string, signal?: AbortSignal): Promise<string> {
  const work = (alone: boolean) =>
    new Promise<string>((resolve, reject) => {
      sent.set(name, { alone, answer: () => resolve(name), refuse: reject });
    });
  const taken = turns.take(work, signal);
  taken.catch(() => undefined);
  return taken;
}
/** Until all pending callbacks have run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
const names = () => [...sent.keys()];
const unknown = new UnknownOutcome('nobody answered');

describe('the turns of appends on one stream of messages', () => {
  it('send the first alone, and the others together behind it, in order', async () => {
    for (const name of ['a', 'b', 'c']) take(name);
    expect(names()).toEqual(['a']);
    sent.get('a')!.answer();
    await settled();
    take('d');
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
    expect([...sent.values()].map(({ alone }) => alone)).toEqual([true, false, false, false]);
  });

  it('send one alone again after nothing was in flight, since the stream may be a new one', async () => {
    take('a');
    sent.get('a')!.answer();
    await settled();
    take('b');
    take('c');
    expect(names()).toEqual(['a', 'b']);
    expect(sent.get('b')!.alone).toBe(true);
  });

  it('refuse appends queued behind an unanswered one, and those that arrive before its caller knows', async () => {
    const [first, second] = [take('a'), take('b')];
    sent.get('a')!.refuse(unknown);
    const third = first.catch(() => take('c'));
    await expect(first).rejects.toBe(unknown);
    await expect(second).rejects.toBeInstanceOf(NotSent);
    await expect(third).rejects.toBeInstanceOf(NotSent);
    await settled();
    take('d');
    expect(names()).toEqual(['a', 'd']);
    expect(sent.get('d')!.alone).toBe(true);
  });

  it('continue after a conflict', async () => {
    const first = take('a');
    take('b');
    sent.get('a')!.refuse(new Conflict('asset-1', 'none', 3));
    await expect(first).rejects.toBeInstanceOf(Conflict);
    expect(names()).toEqual(['a', 'b']);
  });

  it('ignore an append that was sent before a failure and settles later', async () => {
    for (const name of ['a', 'b', 'c']) take(name);
    sent.get('a')!.answer();
    await settled();
    sent.get('b')!.refuse(unknown);
    await settled();
    const [leader, waiting] = [take('d'), take('e')];
    sent.get('c')!.refuse(unknown);
    await settled();
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
    sent.get('d')!.answer();
    await expect(leader).resolves.toBe('d');
    sent.get('e')!.answer();
    await expect(waiting).resolves.toBe('e');
  });

  it('never send an append whose caller gave up while it waited', async () => {
    const given = new AbortController();
    take('a');
    const second = take('b', given.signal);
    take('c');
    given.abort();
    await expect(second).rejects.toBeInstanceOf(NotSent);
    sent.get('a')!.answer();
    await settled();
    expect(names()).toEqual(['a', 'c']);
  });
});
