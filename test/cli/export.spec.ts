import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { linesOf, type Row, withoutCursor } from '../exports/house';
import { directories, type Ended, json, palimpsest, type Server, serve, start } from './palimpsest';

jest.setTimeout(120_000);

const places = directories();
const data = places.fresh();
const outputs = places.fresh();
let server: Server;

beforeAll(async () => {
  await json(['simulate', '--assets', '1200', '--seed', '5', '--data', data]);
  server = await serve(data);
}, 120_000);

afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  places.remove();
});

interface Summary {
  readonly rows: number;
  readonly position: string;
  readonly file: string;
  readonly format: string;
  readonly sha256: string;
  readonly cursor: string | null;
}

const out = (name: string): string => join(outputs, name);
const exported = (list: string, name: string, ...more: readonly string[]) =>
  json<Summary>(['export', list, '--out', out(name), '--data', data, ...more]);

async function overHttp(file: string): Promise<string> {
  const headers = { authorization: `Bearer ${server.tokens.analyst}` };
  return (await fetch(new URL(`/export/${file}`, server.url), { headers })).text();
}

async function query(sql: string): Promise<readonly Row[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as readonly Row[];
  } finally {
    connection.closeSync();
  }
}

describe('an export to a file', () => {
  test('has the rows that HTTP returns, and states its moment', async () => {
    const filter = '{"kindIn":["APPROVAL"]}';
    const summary = await exported('approvals', 'approvals.ndjson', '--filter', filter);
    const text = readFileSync(summary.file, 'utf8');
    const answered = linesOf(await overHttp(`approvals.ndjson?filter=${filter}`));
    expect(linesOf(text)).toEqual(answered.slice(0, -1).map(withoutCursor));
    const { end } = answered.at(-1) as { readonly end: Row };
    // The policies of the server may have added events since.
    expect(summary.position <= String(end.position)).toBe(true);
    expect(summary).toEqual({
      ...end,
      position: summary.position,
      file: out('approvals.ndjson'),
      format: 'ndjson',
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(summary.rows).toBeGreaterThan(100);
    expect(readdirSync(outputs).filter((name) => name.startsWith('approvals.ndjson'))).toEqual(['approvals.ndjson']);
  });

  test('is the same CSV as over HTTP, with the same orders and moments', async () => {
    const more = ['--order', '{"by":"TITLE","direction":"ASC"}', '--columns', 'id,title,tags'];
    const moment = ['--at', 'occurredAt=2025-07-01T00:00:00Z'];
    const { file } = await exported('assets', 'assets.csv', ...more, ...moment);
    const parameters = 'orderBy.by=TITLE&orderBy.direction=ASC&columns=id,title,tags';
    const answered = await overHttp(`assets.csv?${parameters}&at.occurredAt=2025-07-01T00:00:00Z`);
    expect(readFileSync(file, 'utf8')).toBe(answered);
  });

  test('is Parquet with the same rows in the same order', async () => {
    const { file, rows } = await exported('placements', 'placements.parquet');
    const answered = linesOf(await overHttp('placements.ndjson')).slice(0, -1);
    const read = await query(`SELECT id, version, observed, epoch_ms("startedAt") AS started FROM '${file}'`);
    expect(rows).toBe(answered.length);
    expect(read).toEqual(
      answered.map(({ id, version, observed, startedAt }) => ({
        id,
        version: version === null ? null : String(version),
        observed,
        started: String(Date.parse(startedAt as string)),
      })),
    );
  });

  test('of signals takes their other arguments', async () => {
    const { file } = await exported(
      'signals',
      'signals.ndjson',
      '--argument',
      'family=CREATION',
      '--argument',
      'by=KIND',
    );
    expect(linesOf(readFileSync(file, 'utf8'))).toContainEqual(expect.objectContaining({ kind: 'IMAGE' }));
  });

  test('continues after a cursor', async () => {
    const whole = await exported('events', 'all.ndjson');
    const lines = readFileSync(whole.file, 'utf8').trimEnd().split('\n');
    const cursor = Buffer.from(JSON.stringify(['history recorded asc', { position: JSON.parse(lines[99]!).position }]));
    const rest = await exported('events', 'rest.ndjson', '--after', cursor.toString('base64url'));
    expect(readFileSync(rest.file, 'utf8').trimEnd().split('\n')).toEqual(lines.slice(100));
    const later = await exported('events', 'later.ndjson', '--after', whole.cursor!);
    expect([later.rows, readFileSync(later.file, 'utf8'), later.cursor]).toEqual([0, '', whole.cursor]);
  });

  test('replaces an earlier file with the same name only when it is complete', async () => {
    writeFileSync(out('earlier.csv'), 'earlier');
    const bad = await palimpsest(['export', 'assets', '--out', out('earlier.csv'), '--after', 'x', '--data', data]);
    expect([bad.code, readFileSync(out('earlier.csv'), 'utf8')]).toEqual([2, 'earlier']);
    await exported('campaigns', 'earlier.csv', '--columns', 'name');
    expect(readFileSync(out('earlier.csv'), 'utf8')).toMatch(/^name\r\n/);
  });
});

describe('an interrupted export', () => {
  /** Stops an export after its first rows. */
  async function stopped(file: string, signal: NodeJS.Signals, format: string): Promise<Ended> {
    const appeared = new Promise<void>((resolve) => {
      const watcher = watch(dirname(file), (_event, name) => {
        if (name !== `${file.slice(dirname(file).length + 1)}.part.json`) return;
        watcher.close();
        resolve();
      });
    });
    const running = start(['export', 'assets', '--out', file, '--format', format, '--data', data]);
    await appeared;
    running.child.kill(signal);
    return running.ended;
  }

  test.each([
    ['SIGINT', 130, 'ndjson'],
    ['SIGTERM', 130, 'csv'],
    ['SIGKILL', null, 'ndjson'],
    ['SIGINT', 130, 'parquet'],
  ] as const)(
    'by %s ends with %j, and the same command resumes as of the same moment: %s',
    async (signal, code, format) => {
      const file = join(places.fresh(), `cut.${format}`);
      const ended = await stopped(file, signal, format);
      expect([ended.code, existsSync(file)]).toEqual([code, false]);
      const { position } = JSON.parse(readFileSync(`${file}.part.json`, 'utf8')) as Summary;
      const [{ id }] = linesOf(await overHttp('assets.ndjson?columns=id')) as [{ id: string }];
      const input = { act: { idempotencyKey: file }, assetId: id, title: `Changed after ${signal} ${format}` };
      const act =
        'mutation ($input: AssetChangeMetadataInput!) { assetChangeMetadata(input: $input) { userErrors { code } } }';
      expect(await server.ask('author', act, { input })).toMatchObject({
        data: { assetChangeMetadata: { userErrors: [] } },
      });
      const again = await palimpsest(['export', 'assets', '--out', file, '--format', format, '--data', data, '--json']);
      expect(again.stderr).toContain(`as of position ${position}`);
      const summary = JSON.parse(again.stdout) as Summary;
      const whole = await exported('assets', `whole.${format}`, '--at', `position=${position}`);
      expect({ ...summary, file: '' }).toEqual({ ...whole, file: '' });
      expect(readdirSync(dirname(file))).toEqual([`cut.${format}`]);
    },
  );
});

describe('an export with wrong usage ends with 2 and writes nothing', () => {
  test.each([
    ['an unknown list', ['asset'], 'There is no list "asset"; there are events, assets'],
    [
      'an unknown filter',
      ['assets', '--filter', '{"state":"DRAFT"}'],
      'Field "state" is not defined by type "AssetFilter"',
    ],
    ['a filter that is no JSON', ['assets', '--filter', 'DRAFT'], 'filter must be JSON'],
    ['a moment that is none', ['assets', '--at', 'yesterday'], '--at must be NAME=VALUE'],
    ['a moment of an unknown kind', ['assets', '--at', 'day=2025-01-01'], 'Field "day" is not defined'],
    [
      'a moment of two kinds',
      ['assets', '--at', '{"position":"00000000000000000001","occurredAt":"2025-01-01T00:00:00Z"}'],
      'Exactly one key',
    ],
    ['a position that is none', ['assets', '--at', 'position=7'], 'Position must be 20 decimal digits'],
    ['a position of the future', ['assets', '--at', 'position=00000000000099999999'], 'lies behind the end of the log'],
    ['an unknown order', ['assets', '--order', '{"by":"SIZE"}'], 'Value "SIZE" does not exist in "AssetSort" enum'],
    [
      'a cursor of another list',
      ['assets', '--after', 'WyJhY3RvcnMiLHt9XQ'],
      'after must be a cursor that this field gave',
    ],
    ['an unknown column', ['assets', '--columns', 'name'], 'assets has no column "name"'],
    ['an argument without a value', ['signals', '--argument', 'family'], '--argument must be NAME=VALUE'],
    ['a missing argument', ['signals'], 'Variable "$family" of required type "SignalFamily!" was not provided'],
    ['an unknown format', ['assets', '--format', 'xlsx'], 'there is no format "xlsx"'],
  ])('%s', async (_what, args, message) => {
    const directory = places.fresh();
    const given = [...args, '--out', join(directory, 'rows.csv'), '--data', data];
    const { code, stdout, stderr } = await palimpsest(['export', ...given]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([
    ['no ending that is a format', () => join(places.fresh(), 'rows'), 'names no format'],
    ['no directory', () => join(places.fresh(), 'none', 'rows.csv'), 'there is no directory'],
    [
      'a directory',
      () => {
        const directory = join(places.fresh(), 'rows.csv');
        mkdirSync(directory);
        return directory;
      },
      'is not a file',
    ],
  ])('a file with %s', async (_what, file, message) => {
    const { code, stderr } = await palimpsest(['export', 'assets', '--out', file(), '--data', data]);
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });
});
