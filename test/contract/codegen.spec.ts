import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import ts from 'typescript';
import config from '../../docs/codegen';

const SCHEMA = parse(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const PLUGINS: Readonly<Record<string, typeof typescript | typeof operations>> = {
  typescript,
  'typescript-operations': operations,
};

/** What a frontend asks: a list, an object with every scalar, entries of an interface, an act, a subscription. */
const DOCUMENTS = `
  query Library($filter: AssetFilter, $first: Int, $after: String, $at: PointInTime, $waitFor: Position) {
    assets(filter: $filter, first: $first, after: $after, at: $at, waitFor: $waitFor) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id title status registeredAt currentVersion { number digest bytes } }
    }
  }
  query Campaign($id: ID!) { campaign(id: $id) { id name startsOn computedAt } }
  query Story($id: ID!) {
    node(id: $id) { __typename id ... on HistoryEntry { sentence } ... on AssetRegistered { title } }
  }
  mutation Register($input: AssetRegisterInput!) {
    assetRegister(input: $input) { position repeated asset { id title } userErrors { code message path } }
  }
  subscription Changes($after: String) {
    changes(after: $after) { cursor caughtUp entry { __typename id sentence } }
  }
`;

/** A program of a frontend developer. Each line below \`@ts-expect-error\` is one that strict types must refuse. */
const PROGRAM = `
import type { AssetStatus } from './schema.generated';
import type {
  CampaignQuery, ChangesSubscription, LibraryQuery, LibraryQueryVariables, RegisterMutation, StoryQuery,
} from './operations.generated';

export const variables: LibraryQueryVariables = { first: 20, at: { occurredAt: '2026-01-01T00:00:00.000Z' } };
// @ts-expect-error: a number is no position
export const wrong: LibraryQueryVariables = { waitFor: 7 };
// @ts-expect-error: exactly one moment
export const both: LibraryQueryVariables = { at: { position: '1', recordedAt: '2026-01-01T00:00:00.000Z' } };

export function lines(answer: LibraryQuery): readonly string[] {
  return answer.assets.nodes.map((asset) => {
    const status: AssetStatus = asset.status;
    // @ts-expect-error: an asset may have no version yet
    asset.currentVersion.number;
    const bytes: bigint = BigInt(asset.currentVersion?.bytes ?? '0');
    return asset.title.trim() + status + asset.registeredAt.slice(0, 10) + bytes + asset.currentVersion?.digest.slice(0, 8);
  });
}
export const firstDay = ({ campaign }: CampaignQuery): string | undefined => campaign?.startsOn?.slice(0, 10);
export function title({ node }: StoryQuery): string | undefined {
  if (node?.__typename !== 'AssetRegistered') return undefined;
  return node.title;
}
export function refusals({ assetRegister }: RegisterMutation): readonly string[] {
  // @ts-expect-error: no code of this name is in the contract
  if (assetRegister.userErrors[0]?.code === 'NO_SUCH_CODE') return [];
  return assetRegister.userErrors.map(({ code, message }) => code + message);
}
export const cursor = ({ changes }: ChangesSubscription): string => changes.cursor;
`;

/** What the configuration asks to be written: the text of each file by its name. */
async function generated(): Promise<ReadonlyMap<string, string>> {
  const documents = [{ location: 'src/page.graphql', document: parse(DOCUMENTS) }];
  const files = new Map<string, string>();
  for (const [filename, { plugins }] of Object.entries(config.generates)) {
    const settings = { filename, schema: SCHEMA, documents, config: config.config, pluginMap: PLUGINS };
    files.set(filename, await codegen({ ...settings, plugins: plugins.map((name) => ({ [name]: {} })) }));
  }
  return files;
}

/** What the strict compiler says of these files. */
function complaints(directory: string, files: ReadonlyMap<string, string>): readonly string[] {
  mkdirSync(join(directory, 'src'));
  for (const [name, text] of files) writeFileSync(join(directory, name), text);
  const options = { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022, skipLibCheck: true };
  const program = ts.createProgram(
    [...files.keys()].map((name) => join(directory, name)),
    options,
  );
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('GraphQL Code Generator with docs/codegen.ts', () => {
  let directory: string;
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'palimpsest-codegen-'));
    files = await generated();
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('gives types under which a strict program compiles, and which refuse its mistakes', () => {
    expect(complaints(directory, new Map([...files, ['src/program.ts', PROGRAM]]))).toEqual([]);
  });

  test('leaves no scalar of the contract as any', () => {
    const text = files.get('src/schema.generated.ts');
    expect(text).toContain('Position: { input: string; output: string; }');
    expect(text).not.toMatch(/\bany\b(?=[;>\]])/);
  });
});
