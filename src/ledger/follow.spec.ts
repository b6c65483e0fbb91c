import { Log } from '../../test/ledger/logs';
import { follow } from './follow';
import { readSignedLog } from './reading';

let log: Log;
beforeEach(() => {
  log = new Log();
});
afterEach(() => log.close());

const options = () => ({ store: log.store, ledger: log.ledger, clock: log.clock });

test('it follows the log as events arrive, and signs the rest when it is stopped', async () => {
  const over = new AbortController();
  const sizes: number[] = [];
  const faults: string[] = [];
  const reached = (size: number) =>
    new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (sizes.at(-1) !== size) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
  await log.grow(10);
  const following = follow({
    ...options(),
    store: log.store,
    signal: over.signal,
    onSigned: ({ size }) => sizes.push(size),
    onFault: (fault) => faults.push(String(fault)),
    rhythmMs: 5,
  });
  await reached(10);
  await log.grow(300);
  await reached(311);
  over.abort();
  await following;
  expect(faults).toEqual([]);
  expect(readSignedLog(log.ledger)!.size).toBe(311);
});

test('a fault while following is reported, and retried from what was signed', async () => {
  const over = new AbortController();
  const faults: string[] = [];
  await log.grow(10);
  let broken = true;
  const store: Parameters<typeof follow>[0]['store'] = {
    ...log.store,
    async *subscribe(range) {
      for await (const delivery of log.store.subscribe(range)) {
        if (broken) throw new Error('the store is gone');
        yield delivery;
      }
    },
  };
  const signedAll = new Promise<void>((resolve) => {
    const onFault = (fault: unknown) => {
      faults.push((fault as Error).message);
      broken = false;
    };
    const onSigned = ({ size }: { size: number }) => size === 10 && resolve();
    void follow({ ...options(), store, signal: over.signal, onSigned, onFault, rhythmMs: 5 });
  });
  await signedAll;
  over.abort();
  expect(faults).toEqual(['the store is gone']);
});
