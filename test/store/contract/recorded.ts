import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectedRevision } from '../../../src/store/store';
import type { Chapter } from '../contract';
import { event, newStream, outcome } from '../given';

interface Step {
  readonly expect: 'none' | 'any' | 'exists' | number;
  readonly ids: readonly string[];
  readonly result: {
    readonly nextExpectedRevision?: number;
    readonly position?: string;
    readonly error?: string;
    readonly actual?: number | 'no_stream';
  };
}

/** Append sequences answered by a real EventStoreDB 23.10, with its answers; five event ids, `a` to `e`. */
const ROWS = readFileSync(join(__dirname, '..', 'vectors', 'eventstoredb-appends.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly name: string; readonly steps: readonly Step[] });

/**
 * The steps of a row that the port makes promises about. A step counts if it expects `none` or an exact revision, its
 * ids exist and are distinct, and it does not append ids again that are already in the stream (S2 leaves that open).
 * Any other step that the server refused changed nothing and is skipped; one that the server accepted ends the row,
 * because the streams differ from there on.
 */
function promised(steps: readonly Step[]): readonly Step[] {
  const kept: Step[] = [];
  const standing: string[] = [];
  for (const step of steps) {
    const exact = step.expect === 'none' || typeof step.expect === 'number';
    const distinct = step.ids.length > 0 && new Set(step.ids).size === step.ids.length;
    const atEnd = (step.expect === 'none' ? -1 : step.expect) === standing.length - 1;
    const again = atEnd && step.ids.some((id) => standing.includes(id));
    if (exact && distinct && !again) {
      kept.push(step);
      if (atEnd) standing.push(...step.ids);
    } else if (step.result.error === undefined) break;
  }
  return kept;
}

function idOf(letter: string): string {
  const hex = createHash('sha256').update(letter).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export const recorded: Chapter = {
  'answers more than 250 sequences of appends like a real EventStoreDB': async ({ store }) => {
    let sequences = 0;
    for (const { name, steps } of ROWS) {
      const stream = newStream();
      // The server's positions are labels: equal labels mean equal positions, and different ones different positions.
      const labels = new Map<string, string>();
      for (const [index, step] of promised(steps).entries()) {
        const batch = step.ids.map((letter) => event({ id: idOf(letter) }));
        const answer = await outcome(store.append(stream, step.expect as ExpectedRevision, batch));
        const { position } = answer as { position?: string };
        const label = step.result.position;
        if (position !== undefined && label !== undefined && !labels.has(label)) {
          expect([...labels.values()]).not.toContain(position);
          labels.set(label, position);
        }
        expect({ name, index, answer }).toEqual({ name, index, answer: expectedOf(step, labels) });
        if (index === 0) sequences += 1;
      }
    }
    expect(sequences).toBeGreaterThan(250);
  },
};

function expectedOf({ result }: Step, labels: ReadonlyMap<string, string>): unknown {
  if (result.error !== undefined) {
    return { error: 'Conflict', actual: result.actual === 'no_stream' ? 'none' : result.actual };
  }
  return { revision: result.nextExpectedRevision, position: labels.get(result.position!) };
}
