import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { RecordedEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import { directories, json, palimpsest, type Server, serve } from '../cli/palimpsest';

jest.setTimeout(60_000);

const FROZEN = readFileSync(join(__dirname, '..', 'import', 'logs', 'mapping-2.ndjson'), 'utf8');
const frozen: readonly RecordedEvent[] = FROZEN.trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const places = directories();
const data = join(places.fresh(), 'old');
let server: Server;

/** A log of November 2026: six of its event types have another schema version today. */
beforeAll(async () => {
  mkdirSync(data);
  const store = openSqliteStore(join(data, 'events.sqlite'), { synchronous: 'OFF' });
  for (const event of frozen) {
    await store.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event]);
  }
  await store.close();
  server = await serve(data);
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  places.remove();
});

async function exported(from: string): Promise<readonly RecordedEvent[]> {
  const { stdout } = await palimpsest(['events', '--data', from]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const said = ({ id, type, data: what, metadata, stream, revision }: RecordedEvent) => {
  return { id, type, data: what, metadata, stream, revision };
};

describe('a log written by an earlier version of the program', () => {
  test('is folded: its decisions are answered with evidence in the current form', async () => {
    const { position } = frozen.at(-1)!;
    const { data: answer } = await server.ask<{ approvals: { nodes: { evidence: { kind: string } }[] } }>(
      'auditor',
      `{ approvals(waitFor: "${position}") { nodes { ... on Attestation { evidence { kind source reference } } } } }`,
    );
    const kinds = answer!.approvals.nodes.map(({ evidence }) => evidence.kind);
    expect([...kinds].sort()).toEqual(['merge', 'reviewTrailer', 'reviewTrailer', 'reviewTrailer']);
  });

  test('is streamed in the current form', async () => {
    const client = createClient({
      url: server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${server.tokens.analyst}` },
    });
    const sentences: string[] = [];
    const query = 'subscription { changes(typeIn: [DecisionAttested]) { caughtUp entry { sentence } } }';
    const items = client.iterate<{ changes: { caughtUp: boolean; entry: { sentence: string } | null } }>({ query });
    for await (const { data: answer, errors } of items) {
      expect(errors).toBeUndefined();
      if (answer?.changes.caughtUp) break;
      sentences.push(answer!.changes.entry!.sentence);
    }
    await client.dispose();
    expect(sentences).toHaveLength(4);
    expect(sentences).toContainEqual(expect.stringMatching(/Reviewed-by in commit [0-9a-f]{12}/));
    expect(sentences).toContainEqual(expect.stringMatching(/merge in commit [0-9a-f]{12}/));
  });

  test('is exported as it was written', async () => {
    expect((await exported(data)).map(said)).toEqual(frozen.map(said));
  });

  test('is copied as it was written, and the tables of the copy are equal', async () => {
    const copy = join(places.fresh(), 'copy');
    const result = await json<{ same: boolean }>([
      'copy',
      '--data',
      data,
      '--to',
      `sqlite:${join(copy, 'events.sqlite')}`,
    ]);
    expect(result.same).toBe(true);
    expect((await exported(copy)).map(said)).toEqual(frozen.map(said));
    const tables = ({ projections }: { projections: object }) => projections;
    expect(tables(await json(['tables', 'hash', '--data', copy]))).toEqual(
      tables(await json(['tables', 'hash', '--data', data])),
    );
  });
});
