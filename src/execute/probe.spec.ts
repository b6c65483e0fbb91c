import { Bench, idOf } from '../../test/support/shelf';
import type { Command } from '../domain/deciders';
import { type Store, Unavailable, UnknownOutcome } from '../store/store';
import type { FoldProbe } from '../tables/probe';
import { createExecute } from './execute';
import type { Intent } from './intent';
import type { WriteProbe } from './probe';

let bench: Bench;
let seen: string[];

beforeEach(() => {
  bench = new Bench();
  seen = [];
});
afterEach(() => bench.close());

/** Records everything it is told, as words. */
const probe: WriteProbe & FoldProbe = {
  act: ({ command }) => {
    seen.push(command.type);
    return {
      step: (name) => seen.push(name),
      met: (incident) => seen.push(incident),
      ended: (outcome) => seen.push(outcome),
    };
  },
  folded: (events, began, ended) => {
    expect(ended).toBeGreaterThanOrEqual(began);
    seen.push(...events.map(({ type }) => `folded ${type}`));
  },
};

const execution = (store: Store = bench.store) =>
  createExecute({ store, clock: Date.now, random: () => 0, ordered: false, probe });

const asset = idOf('watched poster');
const register: Command = { type: 'RegisterAsset', asset, kind: 'image', title: 'Poster' };

function intent(command: Command, name: string): Intent {
  const actor = { id: 'ana', kind: 'person' } as const;
  return { command, actor, workspace: 'default', tool: 'spec', commandId: idOf(name) };
}

describe('an observed act', () => {
  it('is reported from its decision to its end, and so is its fold', async () => {
    const runtime = await bench.runtime({ probe });
    await runtime.start();
    const answer = await execution()(intent(register, 'one'));
    if (answer.ok) await runtime.waitFor(answer.position);
    expect(seen).toEqual(['RegisterAsset', 'decide', 'append', 'done', 'folded AssetRegistered']);
  });

  it('is reported as repeated, or with the code of its refusal', async () => {
    const execute = execution();
    await execute(intent(register, 'one'));
    seen = [];
    await execute(intent(register, 'one'));
    await execute(intent({ type: 'RetireAsset', asset: idOf('nowhere'), reason: 'gone' } as Command, 'two'));
    expect(seen).toEqual(['RegisterAsset', 'decide', 'repeated', 'RetireAsset', 'decide', 'ASSET_NOT_FOUND']);
  });

  it('is reported as a conflict when another writer comes first, and decides again', async () => {
    const [execute, elsewhere] = [execution(), execution()];
    await execute(intent(register, 'one'));
    seen = [];
    const retitle = (title: string) => intent({ type: 'ChangeMetadata', asset, title }, title);
    await Promise.all([execute(retitle('Winner')), elsewhere(retitle('Second'))]);
    expect(seen.filter((word) => word === 'conflict' || word === 'retry')).toEqual(['conflict', 'retry']);
    expect(seen.filter((word) => word === 'done')).toHaveLength(2);
  });

  it('is reported with an unknown outcome', async () => {
    let times = 0;
    const lost: Store = {
      ...bench.store,
      append: async (...of) => {
        const appended = await bench.store.append(...of);
        times += 1;
        if (times === 1) throw new UnknownOutcome('the acknowledgement was lost');
        return appended;
      },
    };
    await execution(lost)(intent(register, 'one'));
    expect(seen).toEqual(['RegisterAsset', 'decide', 'append', 'unknownOutcome', 'retry', 'done']);
  });

  it('is reported with the name of the error that ended it', async () => {
    const down: Store = {
      ...bench.store,
      append: () => Promise.reject(new Unavailable('the disk is full')),
    };
    await expect(execution(down)(intent(register, 'one'))).rejects.toThrow('the disk is full');
    expect(seen).toEqual(['RegisterAsset', 'decide', 'append', 'Unavailable']);
  });
});

describe('a runtime that starts while the store does not answer', () => {
  it('says why, allows reads of its tables, and projects by itself once the store is back', async () => {
    const before = await bench.happens('poster', { is: 'registered', title: 'Poster', tags: [] });
    const first = await bench.runtime();
    await first.catchUp();
    let down = true;
    const faults: unknown[] = [];
    const flaky: Store = {
      ...bench.store,
      head: () => (down ? Promise.reject(new Unavailable('nobody answers')) : bench.store.head()),
    };
    const runtime = await bench.runtime({ store: flaky, onFault: (fault) => faults.push(fault) });
    await runtime.start();
    expect(faults).toEqual([expect.objectContaining({ message: 'nobody answers' })]);
    expect(await runtime.reader('shelf').position()).toBe(before);
    const after = await bench.happens('other', { is: 'registered', title: 'Other', tags: [] });
    down = false;
    expect(await runtime.waitFor(after)).toBe(true);
  });
});
