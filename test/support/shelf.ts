import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import type { NewEvent } from '../../src/domain/event';
import { openSqliteStore } from '../../src/store/sqlite/adapter';
import type { ExpectedRevision, Store } from '../../src/store/store';
import { type Projection, projection, type Row, table } from '../../src/tables/projection';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/tables/runtime';
import { type EngineName, engineOfRun, tablesAt } from './engines';

const SPACE = '0d4f6c1e-58b3-4b0e-8a53-6b3f2f6f3c11';

/** The same name always gives the same id. */
export const idOf = (name: string): string => uuidv5(name, SPACE);

/**
 * Assets on a shelf: every kind of table that the runtime supports, in few columns. Retiring removes an asset from the
 * shelf.
 */
export const item = table({
  columns: {
    asset: 'uuid',
    title: 'text?',
    status: 'word',
    tags: 'list',
    changes: 'integer',
    placed: 'position',
    changedAt: 'instant',
    seenAt: 'recordedAt',
  },
  key: ['asset'],
  temporal: true,
  search: 'title',
  indexes: [
    { columns: ['tags', 'placed'] },
    { columns: ['status', 'tags', 'placed'] },
    { columns: ['status'], past: true },
  ],
});

export const note = table({
  columns: { position: 'position', asset: 'uuid', text: 'text', occurredAt: 'instant' },
  key: ['position'],
  indexes: [{ columns: ['asset'] }],
});

export const tally = table({
  columns: { word: 'word', day: 'text', count: 'integer' },
  key: ['word', 'day'],
  temporal: true,
});

const tables = { item, note, tally };
export type ItemRow = Row<typeof item>;

const subject = (stream: string) => stream.slice('asset-'.length);

/** `poison` is a title whose event cannot be folded. */
export function shelf(options: { name?: string; version?: number; poison?: string } = {}) {
  return projection({
    name: options.name ?? 'shelf',
    version: options.version ?? 1,
    tables,
    on: {
      AssetRegistered(event, rows) {
        const { title, tags, kind } = event.data;
        const asset = subject(event.stream);
        const { position, recordedAt } = event;
        const { occurredAt } = event.metadata;
        const row: ItemRow = {
          asset,
          title,
          status: 'draft',
          tags,
          changes: 0,
          placed: position,
          changedAt: occurredAt,
          seenAt: recordedAt,
        };
        rows.item.put(row);
        if (title === options.poison) throw new Error('this title cannot be shelved');
        rows.note.put({ position, asset, text: `registered ${kind}`, occurredAt });
        const day = occurredAt.slice(0, 10);
        const count = (rows.tally.get({ word: kind, day })?.count ?? 0) + 1;
        rows.tally.put({ word: kind, day, count });
      },
      MetadataChanged(event, rows) {
        const before = rows.item.get({ asset: subject(event.stream) });
        if (!before) return;
        rows.item.put({
          ...before,
          title: event.data.title ?? before.title,
          tags: event.data.tags ?? before.tags,
          changes: before.changes + 1,
          changedAt: event.metadata.occurredAt,
        });
      },
      AssetRetired(event, rows) {
        rows.item.delete({ asset: subject(event.stream) });
      },
      ReviewRequested(event, rows) {
        const before = rows.item.get({ asset: subject(event.stream) });
        if (before) rows.item.put({ ...before, status: 'inReview', title: before.title });
      },
    },
  });
}

/** What happens to one asset, in the few events these tests need. */
export type Happening =
  | { readonly is: 'registered'; readonly title: string; readonly tags: readonly string[] }
  | { readonly is: 'changed'; readonly title?: string; readonly tags?: readonly string[] }
  | { readonly is: 'reviewed' | 'retired' };

const TYPES = {
  registered: 'AssetRegistered',
  changed: 'MetadataChanged',
  reviewed: 'ReviewRequested',
  retired: 'AssetRetired',
};

export function eventOf(happening: Happening, id: string, occurredAt: string): NewEvent {
  const { is, ...data } = happening;
  return {
    id,
    type: TYPES[is],
    data: is === 'registered' ? { kind: 'image', ...data } : data,
    metadata: {
      schemaVersion: '1',
      workspace: 'acme',
      actorId: 'actor-1',
      actorKind: 'person',
      tool: 'figma',
      occurredAt,
      commandId: id,
      commandType: 'test',
      commandHash: '0123456789abcdef',
      $correlationId: id,
      $causationId: id,
    },
  };
}

/** A directory with an event store, and as many runtimes over it as a test creates; deleted at the end. */
export class Bench {
  readonly directory = mkdtempSync(join(tmpdir(), 'palimpsest-'));
  readonly store: Store;
  private readonly revisions = new Map<string, number>();
  private readonly closing: (() => Promise<void>)[] = [];
  private events = 0;

  private readonly engine: EngineName;

  constructor({
    engine = engineOfRun,
    ...options
  }: { readonly clock?: () => number; readonly engine?: EngineName } = {}) {
    this.engine = engine;
    this.store = openSqliteStore(join(this.directory, 'events.sqlite'), { synchronous: 'OFF', ...options });
  }

  /** Appends one event to the asset with this name; returns its position. */
  async happens(name: string, happening: Happening, occurredAt = '2026-01-01T00:00:00.000Z'): Promise<string> {
    return this.append(`asset-${idOf(name)}`, eventOf(happening, idOf(`event ${this.events++}`), occurredAt));
  }

  async append(stream: string, event: NewEvent): Promise<string> {
    const revision = this.revisions.get(stream);
    const expected: ExpectedRevision = revision ?? 'none';
    const appended = await this.store.append(stream, expected, [event]);
    this.revisions.set(stream, appended.revision);
    return appended.position;
  }

  /** `tables`: the name that distinguishes these tables from others of the same bench. */
  async runtime(
    options: Partial<Omit<RuntimeOptions, 'tables'>> & { readonly tables?: string } = {},
  ): Promise<Runtime> {
    const { tables = 'tables.sqlite', ...rest } = options;
    const runtime = await createRuntime({
      store: this.store,
      projections: [shelf() as unknown as Projection],
      tables: await this.tablesAt(tables),
      ...rest,
    });
    this.closing.push(() => runtime.stop());
    return runtime;
  }

  tablesAt(name = 'tables.sqlite'): Promise<RuntimeOptions['tables']> {
    return tablesAt(this.engine, this.directory, name);
  }

  async close(): Promise<void> {
    for (const close of this.closing.reverse()) await close();
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
