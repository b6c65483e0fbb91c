import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { devToken } from '../../src/api/tokens';
import { loadConfig } from '../../src/config/config';
import { type Started, start } from '../../src/main';
import { ADA, BEN, CIA, History, icon } from './history';

jest.setTimeout(60_000);

interface Source {
  readonly tool: string;
  readonly kind: string | null;
  readonly reference: string | null;
}

let history: History;
let started: Started;

beforeAll(async () => {
  history = new History();
  history.commit([{ path: 'sun.svg', content: icon(1) }]);
  history.commit([{ path: 'sun.svg', content: icon(2) }], { message: `Redraw\n\nReviewed-by: ${CIA}\n`, author: BEN });
  history.commit([{ path: 'old name.svg', content: icon(3) }], { author: ADA });
  history.commit([{ rename: 'old name.svg', to: 'moon.svg' }]);
  history.tag('v1.0.0', history.commit([{ remove: 'moon.svg' }]), ADA);
  await history.import();
  started = await start(loadConfig({ data: history.dataDir, port: '0', host: '127.0.0.1' }, {}));
});
afterAll(async () => {
  await started.close();
  history.dispose();
});

async function ask<T>(query: string): Promise<T> {
  const authorization = `Bearer ${await devToken(history.dataDir, { role: 'auditor' })}`;
  const headers = { 'content-type': 'application/json', authorization };
  const response = await fetch(started.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** What git shows for a reference, given only the reference. */
function shown(reference: string): Buffer {
  const [object = '', path] = reference.split(' -- ');
  const ended = spawnSync('git', ['-C', history.path, 'show', object, ...(path === undefined ? [] : ['--', path])]);
  expect([reference, ended.status]).toEqual([reference, 0]);
  return ended.stdout;
}

describe('an answer about imported content', () => {
  it('leads from every version to the file in git with exactly these bytes', async () => {
    type Answer = { assets: { nodes: { versions: { nodes: { digest: string; source: Source }[] } }[] } };
    const { assets } = await ask<Answer>(
      '{ assets(filter: { includeRetired: true }) { nodes { versions { nodes { digest source { tool kind reference } } } } } }',
    );
    const versions = assets.nodes.flatMap((asset) => asset.versions.nodes);
    expect(versions).toHaveLength(3);
    for (const { digest, source } of versions) {
      expect(source).toEqual({ tool: 'git', kind: 'git', reference: expect.stringMatching(/^[0-9a-f]{40}:/) });
      expect(createHash('sha256').update(shown(source.reference!)).digest('hex')).toBe(digest);
    }
  });

  it('leads from every history and ledger entry to something that git shows', async () => {
    type Answer = {
      history: { nodes: { type: string; source: Source }[] };
      approvals: { nodes: { source: Source }[] };
    };
    const query =
      '{ history(first: 100) { nodes { type source { tool kind reference } } } approvals { nodes { source { tool kind reference } } } }';
    const { history: all, approvals } = await ask<Answer>(query);
    const traced = all.nodes.filter(({ source }) => source.reference !== null);
    const types = new Set(traced.map(({ type }) => type));
    for (const type of ['AssetRegistered', 'VersionAdded', 'DecisionAttested', 'AssetRetired']) {
      expect(types).toContain(type);
    }
    expect(approvals.nodes).toHaveLength(1);
    for (const { source } of [...traced, ...approvals.nodes]) {
      expect(source.kind).toBe('git');
      expect(shown(source.reference!).length).toBeGreaterThan(0);
    }
  });
});
