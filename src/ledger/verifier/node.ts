import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { concat, fromHex, type Host } from './bytes';
import { type Line, verify } from './checks';
import type { Pack, Trust } from './opening';

/** The program `verify.mjs` of a pack: Node's own modules and nothing else. */

const USAGE = `Usage: node verify.mjs [PACK] --key KEY [--key KEY] [--earlier FILE] [--witness KEY] [--quorum N] [--json]

Checks a pack of evidence without the program and the server it came from.

  PACK             its directory; default: the one that this program lies in
  --key KEY        key of the log, or a file with such keys. Get it from the operator in another way than this pack,
                   best long before you need it: a key that comes with the pack proves nothing
  --earlier FILE   a checkpoint of the log that you kept: its history must still be there
  --witness KEY    key of a witness, or a file with such keys; --quorum N of them must have cosigned (default: all)
  --json           the result as one JSON object

Ends with 0 if every check passed, with the number of the first one that failed (10 to 21), or with 2 for wrong usage.`;

const SPKI = fromHex('302a300506032b6570032100');

const host: Host = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  signed: (key, message, signature) => {
    const encoded = Buffer.from(concat(SPKI, key));
    return verifySignature(null, message, createPublicKey({ key: encoded, format: 'der', type: 'spki' }), signature);
  },
};

function readPack(root: string): Pack {
  const files = new Map<string, Uint8Array>();
  const strange: string[] = [];
  const walk = (folder: string, prefix: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const stats = lstatSync(path);
      if (stats.isDirectory()) walk(path, `${prefix}${name}/`);
      else if (stats.isFile()) files.set(`${prefix}${name}`, readFileSync(path));
      else strange.push(`${prefix}${name}`);
    }
  };
  walk(root, '');
  return { files, strange };
}

/** Keys as they are given: themselves, or a file with one on each line. */
function keysIn(value: string): readonly string[] {
  if (/^[^+\s]+\+[0-9a-f]{8}\+\S+$/.test(value)) return [value];
  const lines = readFileSync(value, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

interface Asked extends Trust {
  readonly pack: string;
  readonly json: boolean;
}

function asked(words: readonly string[]): Asked {
  const keys: string[] = [];
  const witnesses: string[] = [];
  let [pack, json, earlier, quorum] = [
    dirname(resolve(process.argv[1] ?? '.')),
    false,
    undefined as string | undefined,
    undefined as number | undefined,
  ];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const value = (): string => {
      at += 1;
      if (words[at] === undefined) throw new Error(`${word} needs a value`);
      return words[at]!;
    };
    if (word === '--key') keys.push(...keysIn(value()));
    else if (word === '--witness') witnesses.push(...keysIn(value()));
    else if (word === '--earlier') earlier = readFileSync(value(), 'utf8');
    else if (word === '--quorum') quorum = Number(value());
    else if (word === '--json') json = true;
    else if (word.startsWith('-')) throw new Error(`there is no option ${word}`);
    else pack = word;
  }
  if (keys.length === 0)
    throw new Error('--key is missing: without a key that you got elsewhere, nothing can be verified');
  if (quorum !== undefined && !(Number.isInteger(quorum) && quorum >= 1))
    throw new Error('--quorum must be a whole number from 1');
  return {
    keys,
    witnesses,
    pack,
    json,
    ...(earlier !== undefined && { earlier }),
    ...(quorum !== undefined && { quorum }),
  };
}

/** A pack may come from anybody: a terminal would obey control characters in its names and texts. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`);
}

function report(lines: readonly Line[]): string {
  const rows = lines.map(({ code, ok, title, detail }) => `${ok ? 'ok    ' : 'FAILED'} ${code}  ${title}: ${detail}`);
  const failed = lines.filter(({ ok }) => !ok).length;
  const end =
    failed === 0
      ? 'Every check passed. The pack is complete and unchanged up to its checkpoint; it says nothing of what came later.'
      : `${failed} of ${lines.length} checks failed: do not rely on this pack.`;
  return [...rows, '', end].join('\n');
}

function main(words: readonly string[]): number {
  let trust: Asked;
  let pack: Pack;
  try {
    trust = asked(words);
    pack = readPack(trust.pack);
  } catch (error) {
    console.error(`${printable((error as Error).message)}\n\n${USAGE}`);
    return 2;
  }
  const lines = verify(pack, trust, host).map((line) => ({ ...line, detail: printable(line.detail) }));
  console.log(trust.json ? JSON.stringify({ ok: lines.every(({ ok }) => ok), lines }) : report(lines));
  return lines.find(({ ok }) => !ok)?.code ?? 0;
}

process.exitCode = main(process.argv.slice(2));
