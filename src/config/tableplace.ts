import { resolve } from 'node:path';
import { type Environment, secret, unsupported } from './environment';

/** Where read models are stored: in a local file or on a server. */
export type Tables =
  | { readonly adapter: 'sqlite'; readonly file: string }
  | {
      readonly adapter: 'postgres';
      /** `postgres://user@host:port/database`, without a password. */
      readonly url: string;
      readonly password: string | undefined;
      readonly schema: string;
    };

const SCHEMA = /^[a-z_][a-z0-9_]{0,39}$/;

/**
 * The read-model database that the environment names in `PALIMPSEST_TABLES`, or in the secret file of
 * `PALIMPSEST_TABLES_FILE`. Throws an Error that names the variable and repeats no secret.
 */
export function tablesOfEnvironment(environment: Environment, dataDir: string): Tables {
  const text = secret(environment, 'PALIMPSEST_TABLES');
  if (text === undefined) return { adapter: 'sqlite', file: resolve(dataDir, 'tables.sqlite') };
  if (text.startsWith('sqlite:') && text.length > 'sqlite:'.length) {
    return { adapter: 'sqlite', file: resolve(text.slice('sqlite:'.length)) };
  }
  if (!/^postgres(ql)?:/.test(text)) {
    throw new Error(`PALIMPSEST_TABLES must be postgres://… or sqlite:<path>; ${unsupported(text)}`);
  }
  if (!URL.canParse(text)) throw new Error('PALIMPSEST_TABLES must be a URL: postgres://user@host:port/database');
  const url = new URL(text);
  const beside = secret(environment, 'PALIMPSEST_TABLES_PASSWORD');
  const within = url.password === '' ? undefined : decodeURIComponent(url.password);
  if (beside !== undefined && within !== undefined) {
    throw new Error('PALIMPSEST_TABLES carries a password, and PALIMPSEST_TABLES_PASSWORD is set; keep one of them');
  }
  url.password = '';
  const schema = environment.PALIMPSEST_TABLES_SCHEMA || 'palimpsest';
  if (!SCHEMA.test(schema) || schema.startsWith('pg_')) {
    throw new Error('PALIMPSEST_TABLES_SCHEMA must be small letters, digits and _, at most 40 of them');
  }
  return { adapter: 'postgres', url: url.href, password: beside ?? within, schema };
}

/** Where read models are stored, without secrets. */
export function printableTables(tables: Tables): string {
  return tables.adapter === 'sqlite' ? `sqlite:${tables.file}` : `${tables.url}, schema ${tables.schema}`;
}
