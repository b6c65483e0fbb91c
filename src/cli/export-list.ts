import { existsSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Export } from '../api/exports/exports';
import { FORMATS, type FormatName } from '../api/exports/formats';
import { refuseMissing } from '../app';
import { NotAvailable, UsageError } from '../config/exit';
import { isSpecial } from '../store/special';
import { loadDuckDb, parquetFrom } from './exporting/parquet';
import { PartFile, type Stand } from './exporting/partfile';
import { action, collected, dataCommand, type Frame, type Result } from './frame';
import { openProgress } from './progress-bar';

interface Options {
  readonly out: string;
  readonly format?: string;
  readonly filter?: string;
  readonly at?: string;
  readonly order?: string;
  readonly after?: string;
  readonly columns?: string;
  readonly argument?: readonly string[];
}

type Parameters = readonly (readonly [string, string])[];
const NAMES = [...Object.keys(FORMATS), 'parquet'];

const MORE = `
Lists: events, assets, history, approvals, placements, archive, campaigns, actors, signals, assetHistory.
Rows are written to FILE.part, with the progress beside it, and FILE gets its name when it is complete. After an
interruption the same command resumes, as of the same moment. An existing FILE is replaced.`;

/** `export`: writes a list or the events to a file. */
export function addExport(program: Command): void {
  dataCommand(program, 'export <list>', 'write a list, or the events, to a file, all as of one moment', [
    'export assets --out assets.csv',
    `export assets --filter '{"statusIn":["APPROVED"]}' --at recordedAt=2026-01-01T00:00:00Z --out approved.ndjson`,
    'export signals --argument family=APPROVAL --argument by=DAY --out approvals-by-day.csv',
    'export events --out events.parquet --json',
  ])
    .requiredOption('--out <file>', 'file to write')
    .option('--format <name>', `${NAMES.join(', ')} (default: by the file's extension)`)
    .option('--filter <json>', 'filter of the list, as in GraphQL')
    .option('--at <moment>', 'position=…, recordedAt=… or occurredAt=…, or the same as JSON (default: now)')
    .option('--order <json>', 'order of the list, for instance {"by":"TITLE"}')
    .option('--after <cursor>', 'only rows after this cursor')
    .option('--columns <names>', 'only these columns, separated by commas')
    .option('--argument <name=value>', 'any argument of the list, as over HTTP; may be repeated', collected)
    .addHelpText('after', MORE)
    .action(
      action<Options, [string]>(async (frame, options, list): Promise<Result> => {
        const out = resolve(options.out);
        const format = formatOf(options);
        const parameters = parametersOf(options);
        refuseWrongTarget(out);
        const duckdb = format === 'parquet' ? loadDuckDb() : undefined;
        refuseMissing(frame.config);
        // Loads the server's code, which otherwise only `serve` needs.
        const { openExports } = require('../main') as typeof import('../main');
        const exports = await openExports(frame.config, frame.signal);
        try {
          const begin = (given: Parameters) => exports.begin({ list, parameters: given });
          return await written(frame, begin, { list, parameters, out, format, duckdb });
        } catch (error) {
          throw ofCommand(error);
        } finally {
          await exports.close();
        }
      }),
    );
}

interface Task {
  readonly list: string;
  readonly parameters: Parameters;
  readonly out: string;
  readonly format: FormatName | 'parquet';
  readonly duckdb: ReturnType<typeof loadDuckDb> | undefined;
}

async function written(frame: Frame, begin: (given: Parameters) => Export, task: Task): Promise<Result> {
  const { list, parameters, out, format, duckdb } = task;
  const { signal, note } = frame;
  const part = new PartFile(out, JSON.stringify({ list, format, parameters }));
  try {
    const stood = part.stood();
    const asked = begin(parameters);
    if (stood !== undefined) note(`resuming after ${stood.rows} rows, as of position ${stood.position}`);
    const running = stood === undefined ? asked : begin(resumed(parameters, stood, asked.past));
    const before = stood?.rows ?? 0;
    await pages(running, part, { format: FORMATS[format === 'parquet' ? 'ndjson' : format], before, signal });
    const { position, rows, cursor } = running.ending;
    let sha256 = part.digest();
    const made = `${part.path}.parquet`;
    if (duckdb !== undefined) {
      sha256 = await parquetFrom(duckdb, { from: part.path, to: made, columns: running.columns, signal });
    }
    await part.finish(duckdb === undefined ? undefined : made);
    const json = { rows: before + rows, position, file: out, format, sha256, cursor };
    return { json, text: `${json.rows} rows as of position ${position} in ${out}, sha256 ${sha256}` };
  } finally {
    await part.close();
  }
}

/** Resumes after the last row, as of the same moment if the list supports it. */
function resumed(given: Parameters, { position, cursor }: Stand, past: boolean): Parameters {
  const isSaid = given.some(([name]) => name === 'at' || name.startsWith('at.'));
  return [
    ...given.filter(([name]) => name !== 'after' || cursor === null),
    ...(cursor === null ? [] : [['after', cursor] as const]),
    ...(isSaid || !past ? [] : [['at.position', position] as const]),
  ];
}

async function pages(
  running: Export,
  part: PartFile,
  { format, before, signal }: { format: (typeof FORMATS)[FormatName]; before: number; signal: AbortSignal },
): Promise<void> {
  const progress = openProgress('export');
  let head = before === 0 ? format.head(running.columns) : '';
  try {
    for await (const page of running.pages()) {
      const text = head + format.rows(running.columns, page, false).join('');
      head = '';
      running.wrote(text.length);
      const { position, rows, cursor } = running.ending;
      const done = before + rows;
      await part.write(text, { position, cursor, rows: done });
      progress.update(done, Math.max(done, await running.total()));
      if (!signal.aborted) continue;
      await part.settle();
      throw signal.reason;
    }
  } finally {
    progress.stop();
  }
}

function formatOf({ format, out }: Options): FormatName | 'parquet' {
  const name = format ?? extname(out).slice(1);
  if (NAMES.includes(name)) return name as FormatName | 'parquet';
  const choice = `choose one with --format: ${NAMES.join(', ')}`;
  throw new UsageError(
    format === undefined ? `${out} names no format; ${choice}` : `there is no format "${format}"; ${choice}`,
  );
}

function parametersOf({ filter, at, order, after, columns, argument = [] }: Options): Parameters {
  const given: (readonly [string, string])[] = argument.map((each) => named('--argument', each));
  if (filter !== undefined) given.push(['filter', filter]);
  if (order !== undefined) given.push(['orderBy', order]);
  if (after !== undefined) given.push(['after', after]);
  if (columns !== undefined) given.push(['columns', columns]);
  if (at?.startsWith('{')) given.push(['at', at]);
  else if (at !== undefined) {
    const [name, value] = named('--at', at);
    given.push([`at.${name}`, value]);
  }
  return given;
}

function named(option: string, text: string): readonly [string, string] {
  const [, name, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`${option} must be NAME=VALUE, not "${text}"`);
  return [name, value!];
}

function refuseWrongTarget(out: string): void {
  if (!statSync(dirname(out), { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`there is no directory ${dirname(out)} to write into`);
  }
  if (isSpecial(out) || (existsSync(out) && !statSync(out).isFile())) throw new UsageError(`${out} is not a file`);
}

/** Errors of the list about its arguments are wrong usage; other errors may be temporary. */
function ofCommand(error: unknown): unknown {
  const { message, extensions } = error as {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  };
  const code = extensions?.code;
  if (code === undefined) return error;
  const isUsage = code === 'BAD_USER_INPUT' || code === 'NOT_FOUND';
  return isUsage ? new UsageError(message) : new NotAvailable(message);
}
