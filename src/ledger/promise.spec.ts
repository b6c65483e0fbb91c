import { Log } from '../../test/ledger/logs';
import type { RecordedEvent } from '../domain/event';
import { PROMISED_MS, signPromise, stateOf } from './promise';
import { readSignedLog, type SignedLog } from './reading';
import { Sequencer } from './sequencer';

let log: Log;
beforeEach(() => {
  log = new Log();
});
afterEach(() => log.close());

async function sign(): Promise<SignedLog> {
  const sequencer = await Sequencer.open({ store: log.store, ledger: log.ledger, clock: log.clock });
  await sequencer.toHead(log.store);
  await sequencer.close();
  return readSignedLog(log.ledger)!;
}

async function last(): Promise<RecordedEvent> {
  let event: RecordedEvent | undefined;
  for await (const page of log.store.readAll()) event = page.at(-1);
  return event!;
}

const promise = async ({ keys }: SignedLog, event: RecordedEvent) => signPromise(event, keys, keys.signers(), log.now);

test('a promise is pending until a checkpoint covers its event, and kept from then on', async () => {
  await log.grow(300);
  const signed = await sign();
  await log.grow(1);
  const text = await promise(signed, await last());
  expect(stateOf(text, signed, log.now)).toMatchObject({ state: 'pending' });
  expect(stateOf(text, await sign(), log.now)).toMatchObject({
    state: 'kept',
    detail: expect.stringContaining('entry 301'),
  });
});

test('a promise is broken once its time has passed without its event', async () => {
  await log.grow(3);
  const signed = await sign();
  await log.grow(1);
  const text = await promise(signed, await last());
  expect(stateOf(text, signed, log.now + PROMISED_MS + 1)).toMatchObject({ state: 'broken' });
});

test('a promise is broken at once where the log holds another event at its place', async () => {
  await log.grow(3);
  const signed = await sign();
  const text = await promise(signed, { ...(await last()), data: { title: 'forged' } });
  expect(stateOf(text, signed, log.now)).toEqual({
    state: 'broken',
    detail: expect.stringMatching(/another event at revision 0 of .*: dataHash differ/),
  });
});

test('what nobody known signed is no promise', async () => {
  await log.grow(3);
  const signed = await sign();
  const text = await promise(signed, await last());
  expect(() => stateOf(text.replace('MetadataChanged', 'AssetRetired'), signed, log.now)).toThrow('signature');
  expect(() => stateOf(signed.text, signed, log.now)).toThrow('the note is no promise');
});
