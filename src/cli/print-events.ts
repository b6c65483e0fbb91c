import { once } from 'node:events';
import type { Command } from 'commander';
import { openStore, refuseMissing } from '../app';
import { UsageError } from '../config/exit';
import { EVENT_TYPES } from '../domain/catalogue';
import type { RecordedEvent } from '../domain/event';
import { START, type Store } from '../store/store';
import { print } from '../telemetry/out';
import { action, dataCommand } from './frame';

interface Options {
  readonly after?: string;
  readonly until?: string;
  readonly stream?: string;
  readonly type?: string;
  readonly limit?: string;
}

interface Filter {
  readonly after: string;
  readonly until: string | undefined;
  readonly stream: string | undefined;
  readonly type: string | undefined;
  readonly limit: number;
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `events`: prints the log, one JSON object per line. */
export function addEvents(program: Command): void {
  dataCommand(program, 'events', 'the log itself as NDJSON: one event a line, envelope included', [
    'events --limit 10',
    'events --type ApprovalGranted --after 00000000000000004711',
    'events --stream asset-7f3c1e9a-5b7d-5c0e-9d9e-2f6a1b3c4d5e | jq .data',
  ])
    .option('--after <position>', 'only events after this position')
    .option('--until <position>', 'only events up to this position, inclusive')
    .option('--stream <name>', 'only events of this stream')
    .option('--type <type>', 'only events of this type')
    .option('--limit <n>', 'at most this many events')
    .action(
      action<Options>(async ({ config, signal, note }, options) => {
        const filter = filterOf(options);
        if (filter.type !== undefined && !EVENT_TYPES.includes(filter.type as never)) {
          note(`this version writes no event type ${filter.type}; its types are ${EVENT_TYPES.join(', ')}`);
        }
        refuseMissing(config);
        const store = await openStore(config);
        try {
          await printAll(matching(store, filter), signal);
        } finally {
          await store.close();
        }
        return undefined;
      }),
    );
}

function filterOf({ after, until, stream, type, limit }: Options): Filter {
  if (limit !== undefined && !/^\d{1,15}$/.test(limit)) {
    throw new UsageError(`--limit must be a whole number, not "${limit}"`);
  }
  return {
    after: positionOf('--after', after) ?? START,
    until: positionOf('--until', until),
    // A stream is named by a UUID, which is in lower case in the log.
    stream: stream?.replace(UUID, (uuid) => uuid.toLowerCase()),
    type,
    limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit),
  };
}

/** A position as printed elsewhere, or its digits without the leading zeros. */
function positionOf(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,20}$/.test(text)) throw new UsageError(`${option} must be a position of 1 to 20 digits, not "${text}"`);
  return text.padStart(START.length, '0');
}

async function* matching(store: Store, filter: Filter): AsyncGenerator<readonly RecordedEvent[]> {
  const { after, until, type } = filter;
  let left = filter.limit;
  if (left === 0) return;
  for await (const page of pagesOf(store, filter)) {
    const kept = page.filter(
      (event) =>
        event.position > after &&
        (until === undefined || event.position <= until) &&
        (type === undefined || event.type === type),
    );
    yield kept.slice(0, left);
    left -= kept.length;
    if (left <= 0) return;
  }
}

function pagesOf(store: Store, { after, until, stream, type }: Filter): AsyncIterable<readonly RecordedEvent[]> {
  if (stream !== undefined) return store.readStream(stream);
  const range = { after, ...(until && { until }) };
  return (type === undefined ? undefined : store.readType?.(type, range)) ?? store.readAll(range);
}

/** Writes as fast as the reader reads; a reader that has seen enough (`| head`) ends it quietly. */
async function printAll(pages: AsyncIterable<readonly RecordedEvent[]>, signal: AbortSignal): Promise<void> {
  const out = process.stdout;
  let closed = false;
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  };
  out.on('error', onError);
  try {
    for await (const page of pages) {
      signal.throwIfAborted();
      if (page.length === 0) continue;
      const lines = page.map((event) => JSON.stringify(inOrder(event))).join('\n');
      // The wait rejects if the reader has disconnected; `closed` shows it.
      if (!print(lines)) await once(out, 'drain', { signal }).catch(() => signal.throwIfAborted());
      if (closed) return;
    }
  } finally {
    if (!closed) out.off('error', onError);
  }
}

function inOrder(event: RecordedEvent): RecordedEvent {
  const { position, stream, revision, id, type, recordedAt, originalPosition, data, metadata } = event;
  const moved = originalPosition === undefined ? {} : { originalPosition };
  return { position, stream, revision, id, type, recordedAt, ...moved, data, metadata };
}
