import { fromBase64, HASH_BYTES, toBase64 } from './hash';
import { BadNote } from './note';

/** c2sp.org/tlog-proof: the proof that an entry is in a log, with the checkpoint, in one file. */
export interface TlogProof {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as issued by the log. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

export function formatTlogProof({ index, proof, checkpoint }: TlogProof): string {
  return `${[HEADER, `index ${index}`, ...proof.map(toBase64), '', checkpoint].join('\n')}`;
}

/** Throws BadNote with the reason. */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  if (header !== HEADER) throw new BadNote(`a proof begins with the line ${HEADER}`);
  // Unauthenticated, so it is ignored.
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [, decimal] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (decimal === undefined || !Number.isSafeInteger(Number(decimal))) throw new BadNote('a proof names its index');
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw new BadNote(`"${line}" is no hash`);
    return hash;
  });
  return { index: Number(decimal), proof, checkpoint: text.slice(end + 2) };
}
