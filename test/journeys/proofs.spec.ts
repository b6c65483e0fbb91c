import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/ledger/canonical';
import { openCheckpoint } from '../../src/ledger/checkpoint';
import { leafHash } from '../../src/ledger/hash';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/merkle';
import { parseVkey } from '../../src/ledger/note';
import { stateOf } from '../../src/ledger/promise';
import { parseTlogProof } from '../../src/ledger/tlogproof';
import { openDatabase } from '../../src/store/sqlite/driver';
import { type House, openHouse } from './house';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const CHECKPOINT = 'origin size events root position text keys witnesses statement';
const register = (title: string) => house.act('author:ana', 'assetRegister', { kind: 'IMAGE', title });
const bytes = (hashes: readonly string[]) => hashes.map((hash) => Buffer.from(hash, 'base64'));

describe('proofs for outsiders', () => {
  test('an event is proved under a signed checkpoint, from the answer and the key alone', async () => {
    const { position } = await register('Sun');
    const { data } = await house.ask(
      'analyst',
      `query ($id: ID!, $position: Position) { proof(eventId: $id, waitFor: $position) {
        index record salt leafHash hashes file checkpoint { ${CHECKPOINT} } } }`,
      { id: `event-${position}`, position },
    );
    const { index, record, salt, leafHash: leaf, hashes, file, checkpoint } = data.proof;
    const key = parseVkey(checkpoint.keys[0]);
    const { root, size } = openCheckpoint(checkpoint.text, checkpoint.origin, [key]);
    expect(leafHash(Buffer.from(record)).toString('base64')).toBe(leaf);
    expect(verifyInclusion(Number(index), size, Buffer.from(leaf, 'base64'), bytes(hashes), root)).toBe(true);
    expect(parseTlogProof(file)).toMatchObject({ index: Number(index), checkpoint: checkpoint.text });
    expect(checkpoint.statement).toBe('Signed by the operator, unwitnessed.');
    for await (const [event] of house.started.app.store.readAll()) {
      const hashed = createHash('sha256').update(Buffer.from(salt, 'hex')).update(canonicalJson(event!.data));
      expect(JSON.parse(record)).toMatchObject({ eventId: event!.id, dataHash: hashed.digest('hex') });
    }
  });

  test('an earlier checkpoint is a prefix of every later one', async () => {
    const { data: first } = await house.ask('auditor', `{ checkpoint { ${CHECKPOINT} } }`);
    const { position } = await register('Moon');
    const { data } = await house.ask(
      'auditor',
      `query ($from: BigInt!, $position: Position) {
        consistency(from: $from, waitFor: $position) { from to hashes } checkpoint(waitFor: $position) { ${CHECKPOINT} } }`,
      { from: first.checkpoint.size, position },
    );
    const [before, after] = [first.checkpoint, data.checkpoint];
    const roots = bytes([before.root, after.root]);
    const { from, to, hashes } = data.consistency;
    expect([from, to]).toEqual([before.size, after.size]);
    expect(verifyConsistency(Number(from), Number(to), roots[0]!, roots[1]!, bytes(hashes))).toBe(true);
    expect(Number(to)).toBeGreaterThan(Number(from));
  });

  test.each([
    ['an id of something else', '{ proof(eventId: "asset-1") { index } }', 'eventId'],
    ['a size of nothing', '{ consistency(from: 0) { to } }', 'from'],
    ['a size that was never reached', '{ consistency(from: 1, to: 99999) { to } }', 'to'],
    ['two sizes in the wrong order', '{ consistency(from: 2, to: 1) { to } }', 'to'],
  ])('%s is refused, with the invalid argument', async (_what, query, argument) => {
    const { errors } = await house.ask('auditor', query);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: [argument] } }]);
  });

  test('an event that does not exist has no proof', async () => {
    const { data } = await house.ask('auditor', '{ proof(eventId: "event-00000000000000099999") { index } }');
    expect(data.proof).toBeNull();
  });

  test('an auditor compares the whole log with what was signed, and with a kept checkpoint', async () => {
    const query = `query ($kept: String) { verifyLog(kept: $kept) {
      ok events intactEvents intactUpTo unsigned findings { code index detail } checkpoint { text } } }`;
    const { data } = await house.ask('auditor', query);
    expect(data.verifyLog).toMatchObject({ ok: true, findings: [] });
    const kept = data.verifyLog.checkpoint.text;
    expect((await house.ask('auditor', query, { kept })).data.verifyLog.ok).toBe(true);
    const other = (await house.ask('auditor', query, { kept: `x${kept}` })).data.verifyLog;
    expect(other).toMatchObject({ ok: false, findings: [{ code: 'CHECKPOINT_REFUSED' }] });
    expect((await house.ask('author', query)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('a promise is given for an event, and kept', async () => {
  const { position } = await register('Comet');
  const query =
    'query ($id: ID!, $position: Position) { promise(eventId: $id, waitFor: $position) { text notLaterThan } }';
  const { data } = await house.ask('author', query, { id: `event-${position}`, position });
  expect(Date.parse(data.promise.notLaterThan)).toBeGreaterThan(Date.now());
  await house.ask('auditor', `{ checkpoint(waitFor: "${position}") { size } }`);
  const signed = house.started.app.ledger.signed()!;
  expect(stateOf(data.promise.text, signed, Date.now())).toMatchObject({ state: 'kept' });
  const none = await house.ask('author', query, { id: 'event-00000000000000099999' });
  expect(none.data.promise).toBeNull();
});

describe('a log that was changed in the file', () => {
  test('is distinguished from the one that was signed', async () => {
    const own = await openHouse({});
    try {
      const { position } = await own.act('author:ana', 'assetRegister', { kind: 'IMAGE', title: 'Star' });
      await own.ask('auditor', `{ checkpoint(waitFor: "${position}") { size } }`);
      const { config } = own.started.app;
      const db = openDatabase(config.events.adapter === 'sqlite' ? config.events.file : '', { busyTimeoutMs: 1_000 });
      const names = db.prepareArrays<[string]>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
      for (const [name] of names) db.exec(`DROP TRIGGER ${name}`);
      db.exec('DELETE FROM event');
      db.close();
      const { data } = await own.ask('auditor', '{ verifyLog { ok intactEvents findings { code detail } } }');
      expect(data.verifyLog).toMatchObject({ ok: false, intactEvents: '0', findings: [{ code: 'LOG_ENDS_EARLY' }] });
      expect(data.verifyLog.findings[0].detail).toContain('AssetRegistered');
    } finally {
      await own.close();
    }
  });
});
