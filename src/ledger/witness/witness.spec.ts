import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Log } from '../../../test/ledger/logs';
import { checkpointText, openCheckpoint } from '../checkpoint';
import { EMPTY_ROOT, sha256, toBase64 } from '../hash';
import { COSIGNATURE, parseNote, parseVkey, signerOf, signNote, verifyNote, vkeyOf } from '../note';
import { readSignedLog, type SignedLog } from '../reading';
import { Sequencer } from '../sequencer';
import { Witness } from './witness';
import { cosign, type KnownWitness, parseWitnesses } from './witnessing';
import { serveWitness } from './witnessserver';

const signer = signerOf('example.org/witness', sha256('witness'), COSIGNATURE);
const NOW = Date.parse('2026-04-01T00:00:00.000Z');

let log: Log;
beforeEach(() => {
  log = new Log();
});
afterEach(() => log.close());

async function sign(): Promise<SignedLog> {
  const sequencer = await Sequencer.open({ store: log.store, ledger: log.ledger, clock: log.clock });
  try {
    await sequencer.toHead(log.store);
  } finally {
    await sequencer.close();
  }
  return readSignedLog(log.ledger)!;
}

const place = () => join(log.directory, 'witness');
const watching = (signed: SignedLog) => new Witness(place(), signer, signed.keys.verifiers());
const body = (signed: SignedLog, old: number, proof = old === 0 ? [] : signed.consistency(old, signed.size)) =>
  Buffer.from(`old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${signed.text}`);

describe('a witness', () => {
  test('cosigns what it sees first, and then only what contains it', async () => {
    await log.grow(10);
    const first = await sign();
    const witness = watching(first);
    const answer = witness.addCheckpoint(body(first, 0), NOW);
    expect(answer.status).toBe(200);
    const note = parseNote(`${first.checkpoint.note.text}\n${answer.body}`);
    expect(verifyNote(note, [signer])).toEqual([{ verifier: signer, seconds: NOW / 1_000 }]);
    await log.grow(300);
    const second = await sign();
    expect(witness.addCheckpoint(body(second, 10), NOW)).toMatchObject({ status: 200 });
    expect(witness.addCheckpoint(body(second, second.size, []), NOW)).toMatchObject({ status: 200 });
  });

  test('tells its size to whoever is behind or ahead of it, and remembers it beyond its own end', async () => {
    await log.grow(10);
    const first = await sign();
    watching(first).addCheckpoint(body(first, 0), NOW);
    await log.grow(10);
    const second = await sign();
    const again = watching(second);
    for (const old of [0, 5]) {
      expect(again.addCheckpoint(body(second, old), NOW)).toEqual({
        status: 409,
        type: 'text/x.tlog.size',
        body: '10\n',
      });
    }
    expect(again.addCheckpoint(body(second, 10), NOW)).toMatchObject({ status: 200 });
    expect(again.addCheckpoint(body(first, 10, []), NOW)).toMatchObject({ status: 409, body: '20\n' });
  });

  test('does not take a state that it cannot read for none', async () => {
    await log.grow(10);
    const first = await sign();
    watching(first).addCheckpoint(body(first, 0), NOW);
    const [name] = readdirSync(place());
    writeFileSync(join(place(), name!), 'x');
    expect(() => watching(first).addCheckpoint(body(first, 0), NOW)).toThrow();
  });

  test('refuses with the status of the specification', async () => {
    await log.grow(10);
    const signed = await sign();
    const witness = watching(signed);
    const ask = (text: string) => witness.addCheckpoint(Buffer.from(text), NOW).status;
    const whole = body(signed, 0).toString();
    expect(ask('old 0\n')).toBe(400);
    expect(ask(whole.replace('old 0', 'old 00'))).toBe(400);
    expect(ask(whole.replace('old 0', 'old 11'))).toBe(400);
    expect(ask(`old 0\n${`${toBase64(sha256('x'))}\n`.repeat(64)}\n${signed.text}`)).toBe(400);
    expect(ask(whole.replace(signed.keys.origin, 'example.org/other'))).toBe(404);
    expect(ask(whole.replace(/\n10\n/, '\n11\n'))).toBe(403);
    const stranger = signNote(signed.checkpoint.note.text, [signerOf(signed.keys.origin, sha256('other'))]);
    expect(ask(`old 0\n\n${stranger}`)).toBe(403);
    expect(ask(`old 0\n${toBase64(sha256('x'))}\n\n${signed.text}`)).toBe(422);
    const own = signed.keys.signers();
    const of = (size: number, root: Buffer) =>
      `\n${signNote(checkpointText({ origin: signed.keys.origin, size, root }), own)}`;
    expect(ask(`old 0\n${of(0, sha256('x'))}`)).toBe(422);
    expect(ask(`old 0\n${of(0, EMPTY_ROOT)}`)).toBe(200);
    expect(ask(whole)).toBe(200);
    expect(ask(`old 10\n${of(10, sha256('x'))}`)).toBe(422);
    expect(ask(`old 10\n${toBase64(sha256('x'))}\n${of(12, sha256('x'))}`)).toBe(422);
  });
});

describe('a log that asks a witness', () => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  async function served(signed: SignedLog): Promise<KnownWitness> {
    const server = await serveWitness(watching(signed), '127.0.0.1', 0);
    close = server.close;
    return parseWitnesses(`# our auditor\n${vkeyOf(signer)} ${server.url}/\n`)[0]!;
  }

  test('gets its cosignature, again after it grew, and says so with its checkpoint', async () => {
    await log.grow(10);
    const first = await sign();
    const witness = await served(first);
    await cosign(witness, first);
    await log.grow(300);
    const second = await sign();
    const lines = await cosign(witness, second);
    const sequencer = await Sequencer.open({ store: log.store, ledger: log.ledger, clock: log.clock });
    await sequencer.cosigned(second.text, lines);
    await sequencer.close();
    const { text, keys } = readSignedLog(log.ledger)!;
    expect(openCheckpoint(text, keys.origin, [parseVkey(vkeyOf(signer))])).toMatchObject({ size: 311 });
    const before = text;
    await sign();
    expect(readSignedLog(log.ledger)!.text).toBe(before);
  });

  test('is told when it was set back, when nobody answers, and when the answer is not of the witness', async () => {
    await log.grow(10);
    const first = await sign();
    await log.grow(10);
    const second = await sign();
    const witness = await served(second);
    await cosign(witness, second);
    await expect(cosign(witness, first)).rejects.toThrow(/has seen 20 entries, and this log has 10: it was set back/);
    const other = { ...witness, key: signerOf('example.org/other', sha256('other'), COSIGNATURE) };
    await expect(cosign(other, second)).rejects.toThrow('gave no cosignature of its own');
    await close();
    close = async () => undefined;
    await expect(cosign(witness, second)).rejects.toThrow('cannot be reached');
  });

  test('is refused at another address, by another method and with too much', async () => {
    await log.grow(1);
    const { url } = await served(await sign());
    expect((await fetch(`${url}/x`)).status).toBe(404);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${url}/add-checkpoint`, { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
  });

  test('names what is wrong with the list of witnesses', () => {
    expect(() => parseWitnesses('x http://localhost')).toThrow('a key has the form');
    expect(() => parseWitnesses(`${vkeyOf(signer)} ftp://x`)).toThrow('is no address');
  });
});
