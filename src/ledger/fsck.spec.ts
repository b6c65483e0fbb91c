import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventNamed, Log } from '../../test/ledger/logs';
import type { RecordedEvent } from '../domain/event';
import { type FsckOptions, fsck } from './fsck';
import { readSignedLog } from './reading';
import { Sequencer } from './sequencer';

let log: Log;
beforeEach(() => {
  log = new Log();
});
afterEach(() => log.close());

async function signAll(): Promise<string> {
  const sequencer = await Sequencer.open({ store: log.store, ledger: log.ledger, clock: log.clock });
  try {
    await sequencer.toHead(log.store);
  } finally {
    await sequencer.close();
  }
  return readSignedLog(log.ledger)!.text;
}

const look = (more: Partial<FsckOptions> = {}) => fsck({ store: log.store, ledger: log.ledger, ...more });

/** The log after tampering: every event is changed, or removed. */
function changed(change: (event: RecordedEvent, ordinal: number) => readonly RecordedEvent[]): FsckOptions['store'] {
  return {
    async *readAll() {
      let ordinal = 0;
      for await (const page of log.store.readAll()) yield page.flatMap((event) => change(event, ordinal++));
    },
  };
}

test('there is no result before anything was signed', async () => {
  expect(await look()).toBeUndefined();
});

test('an untouched log matches what was signed, and later events are only unsigned', async () => {
  await log.grow(700);
  const kept = [await signAll()];
  await log.grow(5);
  expect(await look({ kept })).toMatchObject({
    ok: true,
    size: 702,
    events: 700,
    intactEvents: 700,
    unsigned: 5,
    findings: [],
  });
});

const at = 300;
const TAMPERED: readonly (readonly [what: string, change: Parameters<typeof changed>[0], finding: RegExp])[] = [
  [
    'an event is removed',
    (event, n) => (n === at ? [] : [event]),
    /MetadataChanged .*, revision 42 of .* is not there/,
  ],
  ['data are changed', (event, n) => [n === at ? { ...event, data: { title: 'other' } } : event], /its data differ/],
  [
    'the time is changed',
    (event, n) => [n === at ? { ...event, recordedAt: '2020-01-01T00:00:00.000Z' } : event],
    /when it was recorded/,
  ],
  [
    'the actor is changed',
    (event, n) => [n === at ? { ...event, metadata: { ...event.metadata, actorId: 'x' } } : event],
    /its actor, its metadata/,
  ],
  ['an event is written twice', (event, n) => (n === at ? [event, event] : [event]), /is not there/],
  [
    'an event is put in between',
    (event, n) => (n === at ? [{ ...event, ...eventNamed('new') }, event] : [event]),
    /is not there/,
  ],
];

test.each(TAMPERED)('%s: the first different entry is named', async (_what, change, finding) => {
  await log.grow(600);
  await signAll();
  const result = await look({ store: changed(change) });
  expect(result).toMatchObject({ ok: false, findings: [{ code: 'LOG_DIFFERS' }] });
  expect(result!.findings[0]!.detail).toMatch(finding);
  expect(result!.intactEvents).toBeGreaterThanOrEqual(at);
  expect(result!.intactEvents).toBeLessThanOrEqual(at + 1);
});

test('two swapped events are detected', async () => {
  await log.grow(20);
  await signAll();
  const all: RecordedEvent[] = [];
  for await (const page of log.store.readAll()) all.push(...page);
  [all[7], all[8]] = [all[8]!, all[7]!];
  const store: FsckOptions['store'] = {
    async *readAll() {
      yield all;
    },
  };
  expect(await look({ store })).toMatchObject({ ok: false, intactEvents: 7, findings: [{ index: 7 }] });
});

test('a log that was truncated is detected, with what is missing', async () => {
  await log.grow(600);
  await signAll();
  const result = await look({ store: changed((event, n) => (n < 598 ? [event] : [])) });
  expect(result).toMatchObject({ ok: false, intactEvents: 598, findings: [{ code: 'LOG_ENDS_EARLY' }] });
  expect(result!.findings[0]!.detail).toMatch(/the first that is missing is MetadataChanged/);
});

test('a kept checkpoint reveals a ledger that was rewritten over a changed log', async () => {
  await log.grow(300);
  const kept = [await signAll()];
  const { keys } = readSignedLog(log.ledger)!;
  const text = readFileSync(keys.file);
  rmSync(join(log.ledger, 'log'), { recursive: true });
  rmSync(join(log.ledger, 'positions'));
  writeFileSync(keys.file, text);
  const store = {
    ...changed((event, n) => [n === 100 ? { ...event, data: { title: 'forged' } } : event]),
    head: () => log.store.head(),
  };
  const forged = await Sequencer.open({ store, ledger: log.ledger, clock: log.clock });
  await forged.toHead(store);
  await forged.close();
  expect(await look({ store })).toMatchObject({ ok: true });
  const result = await look({ store, kept });
  expect(result).toMatchObject({ ok: false, findings: [{ code: 'HISTORY_REWRITTEN' }] });
});

test('a ledger that was set back is detected with a later checkpoint', async () => {
  await log.grow(10);
  const early = await signAll();
  await log.grow(10);
  const kept = [await signAll()];
  writeFileSync(join(log.ledger, 'log', 'checkpoint'), early);
  const result = await look({ kept });
  expect(result!.findings).toEqual([{ code: 'HISTORY_REWRITTEN', detail: expect.stringMatching(/was set back/) }]);
});

test.each([
  ['of another log', (text: string) => text.replace(/^[^\n]+/, 'example.org/other')],
  ['with another size', (text: string) => text.replace('\n10\n', '\n9\n')],
  ['cut off', (text: string) => text.slice(0, 30)],
])('a kept checkpoint %s is refused, with the reason', async (_what, spoil) => {
  await log.grow(10);
  const kept = [spoil(await signAll())];
  expect(await look({ kept })).toMatchObject({ ok: false, findings: [{ code: 'CHECKPOINT_REFUSED' }] });
});

test('one changed bit in any file of the log is found', async () => {
  await log.grow(600);
  await signAll();
  const root = join(log.ledger, 'log');
  const files = (readdirSync(root, { recursive: true }) as string[]).filter((name) =>
    statSync(join(root, name)).isFile(),
  );
  expect(files.length).toBeGreaterThan(6);
  for (const name of files) {
    const bytes = readFileSync(join(root, name));
    for (const place of [0, Math.floor(bytes.length / 2), bytes.length - 2]) {
      const spoiled = Buffer.from(bytes);
      spoiled[place] = spoiled[place]! ^ (1 << (place % 7));
      writeFileSync(join(root, name), spoiled);
      const found = await look().then(
        (result) => result!.findings.map(({ code }) => code).join(),
        (error: Error) => error.name,
      );
      expect([name, place, found]).toEqual([name, place, expect.stringMatching(/DAMAGED|DIFFERS|BadNote/)]);
    }
    writeFileSync(join(root, name), bytes);
  }
  expect(await look()).toMatchObject({ ok: true });
});
