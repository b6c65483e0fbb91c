import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCHEMA = readFileSync(join(__dirname, '../../schema.graphql'), 'utf8');

/** A page of a Relay frontend: a refetchable asset, lists with pagination, an act and a subscription. */
const DOCUMENTS = `
const { graphql } = require('react-relay');

graphql\`
  fragment page_asset on Asset @refetchable(queryName: "pageAssetRefetchQuery") {
    id
    title
    status
    registeredBy { ...page_actor }
    currentVersion { id number author { ...page_actor } }
  }
\`;

graphql\`
  fragment page_actor on Actor @refetchable(queryName: "pageActorRefetchQuery") { id name kind }
\`;

graphql\`
  fragment page_library on Query
  @refetchable(queryName: "pageLibraryPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    at: { type: "PointInTime" }
    waitFor: { type: "Position" }
  ) {
    assets(first: $count, after: $cursor, at: $at, waitFor: $waitFor) @connection(key: "page_assets") {
      edges { node { ...page_asset } }
    }
  }
\`;

graphql\`
  fragment page_contents on Campaign
  @refetchable(queryName: "pageContentsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    id
    contents(first: $count, after: $cursor) @connection(key: "page_contents") {
      edges { node { path digest asset { ...page_asset } } }
    }
  }
\`;

graphql\`
  fragment page_life on Asset
  @refetchable(queryName: "pageLifePaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    id
    history(first: $count, after: $cursor) @connection(key: "page_history") { edges { node { id sentence } } }
  }
\`;

graphql\`
  fragment page_parts on Asset {
    versions(first: 5) @connection(key: "page_versions") { edges { node { id number } } }
    metadata(first: 5) @connection(key: "page_metadata") { edges { node { name text } } }
    aliases(first: 5) @connection(key: "page_aliases") { edges { node { path } } }
  }
\`;

graphql\`
  query pageQuery($id: ID!, $at: PointInTime, $waitFor: Position) {
    ...page_library @arguments(at: $at, waitFor: $waitFor)
    campaign(id: $id, at: $at) { ...page_contents }
    asset(id: $id, at: $at) { ...page_life ...page_parts }
    node(id: $id) { id ...page_asset @alias(as: "asset") }
    viewer { actor { ...page_actor } roles may { assetRegister } }
  }
\`;

graphql\`
  mutation pageRetireMutation($input: AssetRetireInput!) {
    assetRetire(input: $input) { position asset { ...page_asset } userErrors { code message path } }
  }
\`;

graphql\`
  subscription pageChangesSubscription($after: String) {
    changes(after: $after) { cursor caughtUp entry { __typename id sentence subject { id ...page_asset @alias(as: "asset") } } }
  }
\`;
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-relay-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Compiles the page against a schema. */
function compile(schema: string): { readonly status: number | null; readonly said: string } {
  mkdirSync(join(directory, 'src'));
  writeFileSync(join(directory, 'src', 'page.js'), DOCUMENTS);
  writeFileSync(join(directory, 'schema.graphql'), schema);
  const config = { src: './src', schema: './schema.graphql', language: 'javascript' };
  writeFileSync(join(directory, 'relay.config.json'), JSON.stringify(config));
  const compiler: string = require('relay-compiler');
  const { status, stdout, stderr } = spawnSync(compiler, ['relay.config.json'], { cwd: directory, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('the Relay compiler', () => {
  it('accepts the schema, with refetchable objects and paginated lists', () => {
    const { status, said } = compile(SCHEMA);
    expect([status, said]).toEqual([0, expect.any(String)]);
    const made = readdirSync(join(directory, 'src', '__generated__'));
    expect(made).toEqual(expect.arrayContaining(['pageAssetRefetchQuery.graphql.js', 'pageQuery.graphql.js']));
    for (const list of ['Library', 'Contents', 'Life']) expect(made).toContain(`page${list}PaginationQuery.graphql.js`);
  });

  it('rejects a `node` that takes more than an id, so the schema must not add an argument to it', () => {
    const { status, said } = compile(SCHEMA.replace('  node(\n', '  node(\n    "Moment."\n    at: PointInTime\n'));
    expect(status).toBe(1);
    expect(said).toContain('Invalid use of @refetchable');
  });
});
