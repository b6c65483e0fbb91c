import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { decodeJwt } from 'jose';
import { ROLES } from '../domain/roles';
import { examples } from './examples';
import { queryPage } from './page';

const SCHEMA = buildSchema(readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8'));
const NOW = Date.parse('2026-06-01T12:00:00Z');

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'palimpsest-page-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the example operations', () => {
  it.each(examples(NOW).map((text) => [/(?:query|mutation|subscription) (\w+)/.exec(text)?.[1], text]))(
    'are valid against the schema: %s',
    (name, text) => {
      expect(name).toMatch(/^[A-Z]\w+$/);
      expect(validate(SCHEMA, parse(text!))).toEqual([]);
    },
  );

  it('ask about a day half a year ago', () => {
    expect(examples(NOW).join('')).toContain('2025-12-01T00:00:00Z');
  });
});

describe('the query page', () => {
  it('contains a token of each persona, with development tokens', async () => {
    const page = await queryPage('/graphql', { auth: { mode: 'development' }, dataDir });
    const [, personas] = /const personas = (\[.*\]);/.exec(page) ?? [];
    const found = JSON.parse(personas!) as { role: string; token: string }[];
    expect(found.map(({ role, token }) => [role, decodeJwt(token).roles])).toEqual(ROLES.map((role) => [role, [role]]));
  });

  it('keeps its tabs in place, so that a click on one reaches it', async () => {
    const page = await queryPage('/graphql', { auth: { mode: 'development' }, dataDir });
    // The page has nine megabytes, which no failure report should print.
    expect(page.includes('.graphiql-tab { transform: none !important; }')).toBe(true);
  });

  it('contains no token if an identity provider issues them', async () => {
    const auth = { mode: 'oidc', issuer: 'https://id.example', audience: 'palimpsest' };
    const page = await queryPage('/graphql', { auth: auth as never, dataDir });
    expect(page).toContain('const personas = [];');
    expect(page).not.toMatch(/eyJ[\w-]+\./);
  });
});
