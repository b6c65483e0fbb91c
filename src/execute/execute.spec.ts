import {
  accepted,
  asset,
  content,
  everything,
  intent,
  NOW,
  register,
  retitle,
  store,
  storeWith,
  uuid,
} from '../../test/support/acting';
import type { Command } from '../domain/deciders';
import { reasonsOf } from '../domain/refusal';
import { type Store, Unavailable, UnknownOutcome } from '../store/store';
import { createExecute } from './execute';
import type { Answer } from './intent';

const stream = `asset-${asset}`;

const execution = (over: Store = store) => createExecute({ store: over, clock: () => NOW, random: () => 0 });

const refusalOf = (answer: Answer) => (answer.ok ? undefined : answer.refusal);

it('records who did what, when, with which tool and through which command', async () => {
  const answer = accepted(await execution()(intent(register, { occurredAt: '2026-05-01T10:00:00+02:00' })));
  const [event] = await everything();
  expect(event).toMatchObject({ stream, revision: 0, type: 'AssetRegistered', position: answer.position });
  expect(event!.metadata).toMatchObject({
    actorId: 'person-ana',
    actorKind: 'person',
    tool: 'spec',
    occurredAt: '2026-05-01T08:00:00.000Z',
    commandId: uuid(JSON.stringify(register)),
    commandType: 'RegisterAsset',
    $correlationId: uuid(JSON.stringify(register)),
    $causationId: uuid(JSON.stringify(register)),
  });
});

it('returns the first answer to a repeated command and writes nothing', async () => {
  const execute = execution();
  const first = accepted(await execute(intent(register)));
  accepted(await execute(intent(retitle('Summer banner'))));
  const again = accepted(await execute(intent(register)));
  expect(again).toMatchObject({ position: first.position, revision: first.revision, repeated: true });
  expect(await everything()).toHaveLength(2);
});

it('refuses an idempotency key that was used for another command', async () => {
  const execute = execution();
  await execute(intent(register, { commandId: uuid('key') }));
  const answer = await execute(intent(retitle('Other'), { commandId: uuid('key') }));
  expect(refusalOf(answer)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] });
});

it('gives objects created on two assets under one key different ids', async () => {
  const execute = execution();
  const reviews: unknown[] = [];
  for (const name of ['one', 'two']) {
    await execute(intent({ ...register, asset: uuid(name), content: content(1) }));
    const answer = await execute(intent({ type: 'RequestReview', asset: uuid(name) }, { commandId: uuid('key') }));
    reviews.push((accepted(answer).events[0]!.data as { review: string }).review);
  }
  expect(new Set(reviews).size).toBe(2);
});

it('treats the same command sent twice at once as one, in one process or two', async () => {
  const execute = execution();
  const elsewhere = execution();
  const answers = await Promise.all([execute, execute, elsewhere].map((each) => each(intent(register))));
  expect(new Set(answers.map((answer) => accepted(answer).position)).size).toBe(1);
  expect(await everything()).toHaveLength(1);
});

it.each([undefined, 0])(
  'reports to the second caller that the same command was answered, expecting %s',
  async (revision) => {
    const execute = execution();
    await execute(intent(register));
    const rest = { commandId: uuid('key'), ...(revision === undefined ? {} : { expectedRevision: revision }) };
    const twice = [1, 2].map((day) => intent(retitle('A'), { ...rest, occurredAt: `2026-05-0${day}T12:00:00Z` }));
    const answers = (await Promise.all(twice.map((one) => execution()(one)))).map(accepted);
    expect(answers.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    expect(await everything()).toHaveLength(2);
  },
);

it('treats two different commands sent at once under one key as two, and executes only the first', async () => {
  const execute = execution();
  const elsewhere = execution();
  await execute(intent(register));
  await elsewhere(intent(register));
  for (const [mine, other] of [
    [execute, execute],
    [execute, elsewhere],
  ] as const) {
    const title = `${(await everything()).length}`;
    const commandId = uuid(`key ${title}`);
    const answers = await Promise.all([
      mine(intent(retitle(`A${title}`), { commandId })),
      other(intent(retitle(`B${title}`), { commandId })),
    ]);
    expect(answers.map((answer) => refusalOf(answer)?.code)).toEqual([undefined, 'IDEMPOTENCY_KEY_REUSED']);
    // The refused command left no trace in the state that later decisions use.
    accepted(await other(intent(retitle(`B${title}`))));
    expect((await everything()).at(-1)).toMatchObject({ data: { title: `B${title}` } });
  }
});

it('begins an asset without a read, and learns from the store if it already exists', async () => {
  let readings = 0;
  const watched = storeWith({
    readStream: (...asked) => {
      readings += 1;
      return store.readStream(...asked);
    },
  });
  const first = accepted(await execution(watched)(intent(register)));
  expect([first.revision, readings]).toEqual([0, 0]);
  const later = createExecute({ store: watched, clock: () => NOW + 1, random: () => 0 });
  const again = accepted(await later(intent(register)));
  expect([again.repeated, again.position]).toEqual([true, first.position]);
  const other = await execution(watched)(intent(register, { commandId: uuid('another') }));
  expect(refusalOf(other)?.code).toBe('ASSET_EXISTS');
  expect(await everything()).toHaveLength(1);
});

it('recognises a repeat, in another process, of a command that states when it was done', async () => {
  const dated = intent(register, { occurredAt: '2026-05-01T10:00:00Z' });
  const first = accepted(await execution()(dated));
  accepted(await execution()(intent(retitle('Summer banner'))));
  expect(accepted(await execution()(dated))).toMatchObject({ repeated: true, position: first.position });
  expect(await everything()).toHaveLength(2);
});

it('decides again after a conflict with another writer', async () => {
  const execute = execution();
  await execute(intent(register));
  const answers = await Promise.all(['A', 'B', 'C'].map((title) => execution()(intent(retitle(title)))));
  expect(answers.map((answer) => answer.ok)).toEqual([true, true, true]);
  expect((await everything()).map((event) => event.revision)).toEqual([0, 1, 2, 3]);
});

it('accepts concurrent changes of one asset by many callers, in order of arrival', async () => {
  const execute = execution();
  const titles = Array.from({ length: 50 }, (_, n) => `Title ${n}`);
  await execute(intent(register));
  const answers = await Promise.all(titles.map((title) => execute(intent(retitle(title)))));
  expect(answers.map((answer) => answer.ok)).toEqual(titles.map(() => true));
  expect((await everything()).slice(1).map(({ data }) => (data as { title: string }).title)).toEqual(titles);
});

it('refuses instead of retrying if the revision named by the caller no longer holds', async () => {
  const execute = execution();
  await execute(intent(register));
  await execute(intent(retitle('A')));
  const answer = await execute(intent(retitle('B'), { expectedRevision: 0 }));
  expect(refusalOf(answer)).toMatchObject({ code: 'REVISION_CONFLICT', path: ['expectedRevision'] });
  expect(await everything()).toHaveLength(2);
});

it.each([
  ['1969-12-31T23:59:59Z', 'before 1970'],
  ['2026-06-02T12:00:00Z', 'in the future'],
  ['yesterday', 'must be an ISO 8601 instant'],
])('refuses an act claimed to have occurred at %s: %s', async (occurredAt, reason) => {
  const refusal = refusalOf(await execution()(intent(register, { occurredAt })));
  expect(refusal).toMatchObject({ code: 'INVALID_INPUT', path: ['occurredAt'] });
  expect(refusal!.message).toContain(reason);
});

it('reports every fault of an act at once: its time, values that cannot be stored, and its limits', async () => {
  const metadata = { 'a.b': { type: 'number', value: 2 ** 60, material: false } };
  const command = { ...register, title: '', tags: ['a', 'half \ud800', ' b', 'a'], metadata } as unknown as Command;
  const refusal = refusalOf(await execution()(intent(command, { occurredAt: '2999-01-01T00:00:00.000Z' })));
  expect(reasonsOf(refusal!).map(({ message, path }) => [message, path])).toEqual([
    ['occurredAt: must not be in the future, as 2999-01-01T00:00:00.000Z is', ['occurredAt']],
    ['title: must not be blank', ['title']],
    ['tags.1: must not hold an unpaired surrogate', ['tags', '1']],
    ['tags.2: must be trimmed', ['tags', '2']],
    ['tags.3: is already in the list', ['tags', '3']],
    ['metadata.a.b.value: must not be a whole number beyond 2^53', ['metadata', 'a.b', 'value']],
  ]);
});

it('refuses values that are nested too deeply without inspecting them further', async () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const refusal = refusalOf(
    await execution()({ ...intent(register), command: { ...register, tags: deep } as Command }),
  );
  expect(refusal).toMatchObject({ code: 'INVALID_INPUT', path: ['tags', ...Array(15).fill('0')] });
});

it('refuses an act that is too large for one event, and reports its size', async () => {
  const text = 'x'.repeat(4_000);
  const fields = Array.from({ length: 200 }, (_, index) => [
    `f${index}`,
    { type: 'text', value: text, material: false },
  ]);
  const command = { ...register, metadata: Object.fromEntries(fields) } as Command;
  const refusal = refusalOf(await execution()(intent(command)));
  expect(refusal).toEqual({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/^the command: would write 8\d{5} bytes at once; the limit is 262144$/),
  });
});

it('reports the actual revision if another one was expected', async () => {
  const execute = execution();
  const refused = async (command: Command, expectedRevision: number | 'none') =>
    refusalOf(await execute(intent(command, { expectedRevision })))?.message;
  expect(await refused(register, 0)).toBe('It has no events yet, so it is not at revision 0.');
  await execute(intent(register));
  expect(await refused(retitle('A'), 7)).toBe('It is at revision 0, not 7.');
  expect(await refused(retitle('B'), 'none')).toBe('It exists already, at revision 0.');
});

it('refuses text that cannot be stored faithfully, naming the field', async () => {
  const refusal = refusalOf(await execution()(intent({ ...register, title: 'half \ud800' } as Command)));
  expect(refusal).toMatchObject({ code: 'INVALID_INPUT', path: ['title'] });
  expect(await everything()).toHaveLength(0);
});

it('repeats an append whose acknowledgement was lost, and the event is stored once', async () => {
  let lost = 2;
  const forgetful = storeWith({
    append: async (...call) => {
      const appended = await store.append(...call);
      if (lost-- > 0) throw new UnknownOutcome('the acknowledgement was lost');
      return appended;
    },
  });
  accepted(await execution(forgetful)(intent(register)));
  expect(await everything()).toHaveLength(1);
  expect(lost).toBe(-1);
});

it('reports an unknown outcome if the store becomes unreachable between an unanswered append and its repetition', async () => {
  let calls = 0;
  const leaving = storeWith({
    append: async (...call) => {
      if (calls++ > 0) throw new Unavailable('away');
      await store.append(...call);
      throw new UnknownOutcome('the acknowledgement was lost');
    },
  });
  await expect(execution(leaving)(intent(register))).rejects.toBeInstanceOf(UnknownOutcome);
  expect(calls).toBeGreaterThan(1);
  expect(await everything()).toHaveLength(1);
});

describe('two processes that change one asset', () => {
  it('never refuse because of a state that the other has changed', async () => {
    const [one, other] = [execution(), execution()];
    accepted(await one(intent(register)));
    accepted(await other(intent(retitle('Summer banner'))));
    accepted(await one(intent(retitle('Spring banner'))));
    expect(await everything()).toHaveLength(3);
  });

  it('never accept because of a state that the other has changed', async () => {
    const [one, other] = [execution(), execution()];
    accepted(await one(intent(register)));
    accepted(await other(intent({ type: 'RetireAsset', asset })));
    expect(refusalOf(await one(intent(retitle('Summer banner'))))).toMatchObject({ code: 'ASSET_RETIRED' });
    expect(await everything()).toHaveLength(2);
  });
});
