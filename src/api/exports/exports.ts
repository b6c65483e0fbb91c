import { setImmediate as turn } from 'node:timers/promises';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { Session } from '../claims';
import type { ApiDependencies } from '../dependencies';
import { fault } from '../errors';
import { forbidden } from '../plan';
import { allows } from '../roles';
import type { Connection } from '../views/connection';
import { type Column, type ExportRow, rowOf } from './columns';
import { columnsNamed, type ExportedList, listNamed } from './lists';
import { argumentsFrom } from './parameters';
import { PAGE_ROWS, type Pin, PinnedAsking } from './pinned';

/** The request for an export: a list, and its arguments as flat parameters. */
export interface Wanted {
  readonly list: string;
  readonly parameters: Iterable<readonly [string, string]>;
  readonly session: Session;
}

/** Rows that were read together, each with its cursor. */
export interface ExportPage {
  readonly rows: readonly ExportRow[];
  readonly cursors: readonly string[];
}

/** The end of an export. */
export interface Ending {
  /** The rows include everything up to this position of the log, and nothing after it. */
  readonly position: string;
  readonly rows: number;
  /** The cursor after the last row, to be passed as `after`; null if there is none. */
  readonly cursor: string | null;
}

/** A list or the events, read page by page as of one moment. */
export interface Export {
  readonly columns: readonly Column[];
  /** Whether the list supports `at`: then all pages are of one moment. */
  readonly past: boolean;
  /** Available from the first page on. */
  readonly ending: Ending;
  /** Each page is read when it is requested. Can be iterated once. */
  pages(): AsyncGenerator<ExportPage, void, undefined>;
  /** Rows of the list over all pages, including those before `after`. Available once a page was read. */
  total(): Promise<number>;
  /** Reports the size of a written page in characters: pages of large rows get fewer rows. */
  wrote(characters: number): void;
}

/** Rows of the first page; the following pages depend on how large they are. */
const FIRST_ROWS = 20;
/** Target size of a page in characters. */
const PAGE_SIZE = 2_097_152;
/** Rows whose values are loaded together before other requests get their turn. */
const AT_ONCE = 20;

const INFO = {} as GraphQLResolveInfo;

/** Starts an export. Throws the error that GraphQL would give for the same query. */
export function beginExport(schema: GraphQLSchema, door: ApiDependencies, wanted: Wanted): Export {
  const { session } = wanted;
  const list = listNamed(schema, wanted.list);
  const asked = `Query.${list.field.name}`;
  if (!allows(asked, session.roles)) throw forbidden(asked, session);
  const all = [...wanted.parameters];
  const named = all.filter(([name]) => name === 'columns').flatMap(([, names]) => names.split(','));
  const columns = named.length === 0 ? list.columns : columnsNamed(list, named);
  const given = argumentsFrom(
    schema,
    list.name,
    list.taken,
    all.filter(([name]) => name !== 'columns'),
  );
  return new Paging(door, session, { ...list, columns }, { ...list.usual, ...given });
}

class Paging implements Export {
  readonly columns: readonly Column[];
  private readonly pin: Pin;
  private rows = 0;
  private cursor: string | null;
  private size = FIRST_ROWS;
  private counted: number | Promise<number> | undefined;
  private count = (): number | Promise<number> => 0;

  constructor(
    private readonly door: ApiDependencies,
    private readonly session: Session,
    private readonly list: ExportedList,
    private readonly given: Readonly<Record<string, unknown>>,
  ) {
    this.columns = list.columns;
    this.pin = { past: list.taken.some(({ name }) => name === 'at') };
    this.cursor = (given.after as string | null | undefined) ?? null;
  }

  get past(): boolean {
    return this.pin.past;
  }

  get ending(): Ending {
    return { position: this.pin.position!, rows: this.rows, cursor: this.cursor };
  }

  async *pages(): AsyncGenerator<ExportPage, void, undefined> {
    for (let more = true; more; ) {
      if (this.session.expiresAt <= Date.now()) throw fault('TOKEN_EXPIRED');
      // Created for each page, so that nothing loaded for one is kept for the next.
      const asking = new PinnedAsking(this.door, this.session, this.pin);
      const page = await this.page(asking);
      const { edges, pageInfo } = page;
      this.count = () => page.count();
      const rows = await this.rowsOf(edges, asking);
      const cursors = edges.map(({ cursor }) => cursor);
      more = pageInfo.hasNextPage;
      this.rows += rows.length;
      this.cursor = cursors.at(-1) ?? this.cursor;
      yield { rows, cursors };
    }
  }

  async total(): Promise<number> {
    this.counted ??= this.count();
    return this.counted;
  }

  wrote(characters: number): void {
    const fitting = Math.floor((this.size * PAGE_SIZE) / Math.max(1, characters));
    this.size = Math.max(1, Math.min(PAGE_ROWS, this.size * 4, fitting));
  }

  private async rowsOf(edges: Connection<object>['edges'], asking: PinnedAsking): Promise<readonly ExportRow[]> {
    const rows: ExportRow[] = [];
    for (let at = 0; at < edges.length; at += AT_ONCE) {
      const some = edges.slice(at, at + AT_ONCE);
      rows.push(...(await Promise.all(some.map(({ node }) => rowOf(this.columns, node, asking)))));
      await turn();
    }
    return rows;
  }

  private async page(asking: PinnedAsking): Promise<Connection<object>> {
    const { field } = this.list;
    const args = { ...this.given, first: this.size, after: this.cursor };
    return (await field.resolve!(undefined, args, asking, INFO)) as Connection<object>;
  }
}
