import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { type Breaking, breakingChanges, unnamed } from './breaking';

const ROOT = join(__dirname, '..', '..');
const CONTRACT = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');

const changelog = (...lines: string[]): string =>
  `# Changelog\n\n## Unreleased\n\n${lines.join('\n')}\n\n## 0.1.0\n\n- Removed: \`Asset.slogan\`.\n`;

/** The schema with one more definition, so that a made-up change does not depend on today's schema. */
const withPoster = (definition: string): GraphQLSchema => buildSchema(`${CONTRACT}\n${definition}`);

const POSTER = `
  enum Paper { MATT GLOSSY }
  input PosterInput { title: String }
  interface Printed { posters: [Poster!]! }
  type Poster { title: String! paper: Paper! copies(first: Int): Int! }
`;

describe('the schema against the last released one', () => {
  test('breaks a client only if the changelog says so', async () => {
    const released = buildSchema(readFileSync(join(__dirname, 'released.graphql'), 'utf8'));
    const changes = await breakingChanges(released, buildSchema(CONTRACT));
    expect(unnamed(changes, readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'))).toEqual([]);
  });
});

describe('a schema change', () => {
  const broken = async (before: string, after: string): Promise<readonly Breaking[]> => {
    const changed = POSTER.replace(before, after);
    expect(changed).not.toBe(POSTER);
    return breakingChanges(withPoster(POSTER), withPoster(changed));
  };

  test.each([
    ['a field is removed', 'title: String! paper', 'paper', 'Poster.title'],
    ['a field becomes nullable', 'title: String! paper', 'title: String paper', 'Poster.title'],
    ['a field has another type', 'title: String! paper', 'title: Int! paper', 'Poster.title'],
    ['an argument is removed', '(first: Int)', '', 'Poster.copies.first'],
    ['an argument becomes required', 'first: Int', 'first: Int!', 'Poster.copies.first'],
    ['a value of an enum is removed', 'MATT', '', 'Paper.MATT'],
    ['a field of an input is removed', 'title: String }', 'name: String }', 'PosterInput.title'],
    ['a new field of an input is required', 'title: String }', 'title: String size: Int! }', 'PosterInput.size'],
    ['a type becomes an interface', 'type Poster', 'interface Poster', 'Poster'],
    ['a type is removed', 'interface Printed { posters: [Poster!]! }', '', 'Printed'],
  ])('breaks a client if %s', async (_what, before, after, path) => {
    expect((await broken(before, after)).map((change) => change.path)).toEqual([path]);
  });

  test.each([
    ['a field', 'title: String! paper', 'title: String! subtitle: String paper'],
    ['an argument that may be left out', '(first: Int)', '(first: Int, after: String)'],
    ['a field of an input that may be left out', 'title: String }', 'title: String size: Int }'],
    ['a type', 'enum Paper', 'type Flyer { title: String } enum Paper'],
    ['a description', 'type Poster', '"A printed sheet." type Poster'],
  ])('breaks no client if %s is added', async (_what, before, after) => {
    expect(await broken(before, after)).toEqual([]);
  });
});

describe('the changelog', () => {
  const removed: readonly Breaking[] = [{ path: 'Asset.slogan', message: 'Field Asset.slogan was removed' }];

  test('permits a breaking change that it names by its path in backquotes', () => {
    expect(unnamed(removed, changelog('- Removed: `Asset.slogan`; the title says the same.'))).toEqual([]);
  });

  test('may name several changes in one line', () => {
    const two = [...removed, { path: 'Query.slogans', message: 'Field slogans was removed' }];
    expect(unnamed(two, changelog('- Removed: `Asset.slogan` and `Query.slogans`.'))).toEqual([]);
  });

  test.each([
    ['it says nothing of it', '- Added: `Asset.motto`.'],
    ['it names another field of the type', '- Removed: `Asset.sloganText`.'],
    ['it names only the type', '- Changed: `Asset` has no slogan.'],
    ['it names the path without backquotes', '- Removed: Asset.slogan.'],
  ])('does not permit it if %s', (_what, line) => {
    expect(unnamed(removed, changelog(line))).toEqual(removed);
  });

  test('does not permit it by a line about an earlier release', () => {
    expect(unnamed(removed, changelog())).toEqual(removed);
  });
});
