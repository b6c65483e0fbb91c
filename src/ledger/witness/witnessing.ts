import { existsSync, readFileSync } from 'node:fs';
import { toBase64 } from '../hash';
import { BadNote, parseNote, parseVkey, type Verifier, verifyNote } from '../note';
import { readSignedLog, type SignedLog } from '../reading';
import { placesIn } from '../sequencer';

/** A witness that a log asks for its cosignature. */
export interface KnownWitness {
  /** Prefix of its addresses. */
  readonly url: string;
  readonly key: Verifier;
}

/** A witness did not cosign; the message says which, and why. */
export class NotCosigned extends Error {
  override readonly name = 'NotCosigned';
}

const PATIENCE_MS = 5_000;

/** Lines of a file: the key of a witness, a blank, and its address. Throws BadNote. */
export function parseWitnesses(text: string): readonly KnownWitness[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [vkey = '', url = ''] = line.split(/\s+/);
      if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
        throw new BadNote(`"${url}" is no address of a witness`);
      return { url: url.replace(/\/$/, ''), key: parseVkey(vkey) };
    });
}

/** The signature lines of one witness for what the log has signed. Throws NotCosigned. */
export async function cosign(witness: KnownWitness, signed: SignedLog): Promise<string> {
  let answer = await submit(witness, signed, signed.size);
  if (answer.status === 409) {
    const seen = Number(answer.body);
    if (!Number.isSafeInteger(seen) || seen > signed.size) {
      throw new NotCosigned(
        `${witness.key.name} has seen ${answer.body.trim()} entries, and this log has ${signed.size}: it was set back`,
      );
    }
    answer = await submit(witness, signed, seen);
  }
  if (answer.status !== 200)
    throw new NotCosigned(`${witness.key.name} answered ${answer.status}: ${answer.body.trim()}`);
  const { text, signatures } = parseNote(`${signed.checkpoint.note.text}\n${answer.body}`);
  // Only what the known key signed is taken over.
  if (verifyNote({ text, signatures }, [witness.key]).length === 0)
    throw new NotCosigned(`${witness.key.name} gave no cosignature of its own`);
  const lines = answer.body.split('\n').slice(0, -1);
  return signatures
    .flatMap(({ name, id }, at) => (name === witness.key.name && id.equals(witness.key.id) ? [`${lines[at]}\n`] : []))
    .join('');
}

async function submit({ url, key }: KnownWitness, signed: SignedLog, old: number) {
  const { size, text } = signed;
  const proof = old === 0 || old === size ? [] : signed.consistency(old, size);
  const body = `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${text}`;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body, signal, redirect: 'error' });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw new NotCosigned(`${key.name} cannot be reached: ${(error as Error).message}`);
  }
}

export interface Cosignatures {
  /** The checkpoint that was cosigned; undefined if there are no witnesses or nothing was signed. */
  readonly text?: string;
  readonly lines: string;
  readonly faults: readonly Error[];
}

/** Asks every witness that is listed in the ledger's file `witnesses`. */
export async function cosignatures(ledger: string): Promise<Cosignatures> {
  const file = placesIn(ledger).witnesses;
  if (!existsSync(file)) return { lines: '', faults: [] };
  let witnesses: readonly KnownWitness[];
  try {
    witnesses = parseWitnesses(readFileSync(file, 'utf8'));
  } catch (error) {
    return { lines: '', faults: [new Error(`${file}: ${(error as Error).message}`)] };
  }
  const signed = readSignedLog(ledger);
  if (signed === undefined) return { lines: '', faults: [] };
  const asked = await Promise.allSettled(witnesses.map((witness) => cosign(witness, signed)));
  const lines = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])).join('');
  const faults = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  return { text: signed.text, lines, faults };
}
