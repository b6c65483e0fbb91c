import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { type Chapter, event, idOf, idsIn, newStream, outcome } from './given';

type Expected = 'none' | 'any' | 'exists' | number;

interface Step {
  readonly expect: Expected;
  readonly ids: readonly string[];
  readonly result: {
    readonly nextExpectedRevision?: number;
    readonly position?: string;
    readonly error?: string;
    readonly expected?: string | number;
    readonly actual?: string | number;
    readonly noAnswer?: true;
  };
}

interface Row {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Null if the stream does not exist. */
  readonly final: readonly string[] | null;
}

/** Append sequences answered by EventStoreDB 23.10.1, with its answers; five event ids, `a` to `e`. */
const ROWS = readFileSync(join(__dirname, '..', '..', '..', 'store', 'vectors', 'eventstoredb-appends.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

const revisionOf = (expect: Expected) =>
  expect === 'none' ? 'no_stream' : expect === 'exists' ? 'stream_exists' : expect === 'any' ? 'any' : BigInt(expect);

/** Returns the answer in the form of the records. Positions are named in the order in which they are first seen. */
async function take(client: EventStoreDBClient, stream: string, step: Step, names: Map<string, string>) {
  const batch = step.ids.map((letter) => event({ id: idOf(stream, letter) }));
  const appending = outcome(client.appendToStream(stream, batch, { expectedRevision: revisionOf(step.expect) }));
  const answer = (await (step.result.noAnswer ? Promise.race([appending, silence(client)]) : appending)) as object;
  if ('noAnswer' in answer) return answer;
  if ('type' in answer) {
    const { type, expectedVersion, actualVersion } = answer as Record<string, unknown>;
    return { error: type, expected: plain(expectedVersion), actual: plain(actualVersion) };
  }
  const { position, nextExpectedRevision } = answer as AppendResult;
  const at = String(position?.commit);
  if (!names.has(at)) names.set(at, `p${names.size + 1}`);
  return { nextExpectedRevision: Number(nextExpectedRevision), position: names.get(at) };
}

/** A server answers the appends of one client in order: the answer of a later one shows that none will come. */
async function silence(client: EventStoreDBClient) {
  await client.appendToStream(newStream(), event());
  return { noAnswer: true } as const;
}

const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

export const recorded: Chapter = {
  'answers 415 sequences of appends as they were recorded': async ({ client }) => {
    expect(ROWS).toHaveLength(415);
    for (const { name, steps, final } of ROWS) {
      const stream = newStream();
      const names = new Map<string, string>();
      const answers: unknown[] = [];
      for (const step of steps) answers.push(await take(client, stream, step, names));
      expect({ name, answers }).toEqual({ name, answers: steps.map(({ result }) => result) });
      const standing = await idsIn(client, stream);
      expect({ name, standing }).toEqual({ name, standing: (final ?? []).map((letter) => idOf(stream, letter)) });
    }
  },
};
