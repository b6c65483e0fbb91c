import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { ERRORS } from '../../src/api/errors';
import { CLOSES } from '../../src/api/line';
import { QUOTAS } from '../../src/api/quotas';

const TEXT = readFileSync(join(__dirname, '..', '..', 'docs', 'clients.md'), 'utf8');

/** The cells of the table with this first heading. */
function table(heading: string): readonly (readonly string[])[] {
  const lines = TEXT.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => line.slice(2, -2).split(' | '));
}

const rowsOf = (codes: Readonly<Record<string, readonly [number, string]>>) =>
  Object.entries(codes).map(([name, [code, meaning]]) => [`\`${name}\``, String(code), meaning]);

describe('docs/clients.md', () => {
  test('lists every error with its status and meaning', () => {
    expect(table('Code')).toEqual(rowsOf(ERRORS));
  });

  test('shows only operations that are valid against the schema', () => {
    const schema = buildSchema(readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8'));
    const shown = [...TEXT.matchAll(/```graphql\n(.*?)```/gs)].map(([, operation = '']) => operation);
    expect(shown.length).toBeGreaterThanOrEqual(2);
    expect(shown.flatMap((operation) => validate(schema, parse(operation)).map(({ message }) => message))).toEqual([]);
  });

  test('lists every way a WebSocket ends', () => {
    expect(table('Reason')).toEqual(rowsOf(CLOSES));
  });

  test('lists every limit with its value', () => {
    expect(table('Limit').map(([name, value]) => [name, value])).toEqual(
      Object.entries(QUOTAS).map(([name, value]) => [`\`${name}\``, String(value)]),
    );
  });

  test('states the times that the server enforces', () => {
    const { headersTimeout, requestTimeout } = QUOTAS;
    expect(ERRORS.REQUEST_TIMEOUT[1]).toContain(
      `within ${headersTimeout / 1000} s, all of it within ${requestTimeout / 1000} s`,
    );
  });
});
