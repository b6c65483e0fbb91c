import { complaints, generated } from './generate';

/**
 * Typical frontend operations: a list, an object with every scalar, entries of an interface, an act, a subscription.
 */
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

/** A frontend developer's program. */
const PROGRAM = `
import type { AssetStatus } from './schema.generated';
import type {
  CampaignQuery, ChangesSubscription, LibraryQuery, LibraryQueryVariables, RegisterMutation, StoryQuery,
} from './operations.generated';

export const variables: LibraryQueryVariables = { first: 20, at: { occurredAt: '2026-01-01T00:00:00.000Z' } };
export function lines(answer: LibraryQuery): readonly string[] {
  return answer.assets.nodes.map((asset) => {
    const status: AssetStatus = asset.status;
    const bytes: bigint = BigInt(asset.currentVersion?.bytes ?? '0');
    return asset.title.trim() + status + asset.registeredAt.slice(0, 10) + bytes + asset.currentVersion?.digest.slice(0, 8);
  });
}
export const firstDay = ({ campaign }: CampaignQuery): string | undefined => campaign?.startsOn?.slice(0, 10);
export function title({ node }: StoryQuery): string | undefined {
  return node?.__typename === 'AssetRegistered' ? node.title : undefined;
}
export const refusals = ({ assetRegister }: RegisterMutation): readonly string[] =>
  assetRegister.userErrors.map(({ code, message }) => code + message);
export const cursor = ({ changes }: ChangesSubscription): string => changes.cursor;
`;

const MISTAKES = [
  ['gives a number as a position', 'export const wrong: LibraryQueryVariables = { waitFor: 7 };'],
  [
    'names two moments',
    "export const wrong: LibraryQueryVariables = { at: { position: '1', recordedAt: '2026-01-01' } };",
  ],
  [
    'reads a version that may be missing',
    'export const wrong = ({ assets }: LibraryQuery) => assets.nodes[0]!.currentVersion.number;',
  ],
  [
    'looks for a refusal that the contract does not have',
    "export const wrong = ({ assetRegister: { userErrors } }: RegisterMutation) => userErrors[0]?.code === 'NONE';",
  ],
] as const;
const mistake = (line: string): string =>
  `import type { LibraryQuery, LibraryQueryVariables, RegisterMutation } from './operations.generated';\n${line}\n`;

describe('GraphQL Code Generator with docs/codegen.ts', () => {
  let files: ReadonlyMap<string, string>;
  let complained: readonly string[];

  beforeAll(async () => {
    files = await generated(DOCUMENTS);
    const wrong = MISTAKES.map(([_what, line], index) => [`src/mistake${index}.ts`, mistake(line)] as const);
    complained = complaints(new Map([...files, ['src/program.ts', PROGRAM], ...wrong]));
  });

  test('generates types under which a strict program compiles', () => {
    expect(complained.filter((name) => !name.startsWith('src/mistake'))).toEqual([]);
  });

  test.each(MISTAKES.map(([what], index) => [what, index] as const))('rejects a program that %s', (_what, index) => {
    expect(complained).toContainEqual(expect.stringContaining(`src/mistake${index}.ts:2`));
  });

  test('maps every scalar to a type other than any', () => {
    const text = files.get('src/schema.generated.ts');
    expect(text).toContain('Position: { input: string; output: string; }');
    expect(text).not.toMatch(/\bany\b(?=[;>\]])/);
  });
});
