import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 as uuidv5 } from 'uuid';
import { INITIAL } from '../domain/asset/state';
import type { AnyDecider, Command } from '../domain/deciders';
import { streamOf } from '../domain/stream';
import { openSqliteStore } from '../store/sqlite/adapter';
import { createExecute } from './execute';
import type { FoldedStreams } from './folded';
import { References } from './references';

const uuid = (name: string) => uuidv5(name, uuidv5.URL);
const command: Command = { type: 'RetireAsset', asset: uuid('poster') };

/** Assets by name with the names of their parents, each at revision 7. */
function assets(
  parents: Readonly<Record<string, readonly string[]>>,
): Pick<FoldedStreams, 'load'> & { read: string[] } {
  const read: string[] = [];
  const load: FoldedStreams['load'] = async (decider, stream) => {
    const name = Object.keys(parents).find((each) => streamOf('asset', each) === stream);
    read.push(name ?? stream);
    const none = { state: decider.initial, revision: 'none' as const, commands: new Set<string>(), earlier: [] };
    return name === undefined
      ? none
      : {
          ...none,
          state: { ...INITIAL, exists: true, parents: parents[name]!.map((asset) => ({ asset, version: 1 })) },
          revision: 7,
        };
  };
  return { load, read };
}

/** A decision that asks about an asset and all its ancestors. */
const ancestorsOf = (name: string): Pick<AnyDecider, 'references'> => ({
  references: (_command, known) => {
    const streams = new Set<string>();
    const visit = (each: string) => {
      if (streams.has(streamOf('asset', each))) return;
      streams.add(streamOf('asset', each));
      for (const parent of known.standing('asset', each)?.parents ?? []) visit(parent.asset);
    };
    visit(name);
    return [...streams];
  },
});

const chain = (length: number) =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`a${index}`, index + 1 < length ? [`a${index + 1}`] : []]));

describe('what a decision knows of other streams', () => {
  it('is read in rounds, each stream once, since one standing may refer to others', async () => {
    const three = assets(chain(3));
    const references = new References(ancestorsOf('a0'), command, INITIAL);
    expect(await references.read(three)).toBeUndefined();
    expect(three.read).toEqual(['a0', 'a1', 'a2']);
    expect(references.standing('asset', 'a2')).toMatchObject({ status: 'draft', parents: [] });
  });

  it('ends if streams refer to each other in a cycle', async () => {
    const circle = assets({ a: ['b'], b: ['c'], c: ['a'] });
    const references = new References(ancestorsOf('a'), command, INITIAL);
    expect(await references.read(circle)).toBeUndefined();
    expect(circle.read).toEqual(['a', 'b', 'c']);
  });

  it('may follow a chain of ten streams and no more', async () => {
    expect(await new References(ancestorsOf('a0'), command, INITIAL).read(assets(chain(10)))).toBeUndefined();
    const refused = await new References(ancestorsOf('a0'), command, INITIAL).read(assets(chain(11)));
    expect(refused).toMatchObject({ refusal: { code: 'TOO_MANY_REFERENCES' } });
  });

  it('may cover 200 streams and no more', async () => {
    const parents = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
    const most = assets({ a: parents(199) });
    expect(await new References(ancestorsOf('a'), command, INITIAL).read(most)).toBeUndefined();
    expect(most.read).toHaveLength(200);
    const more = assets({ a: parents(200) });
    const refused = await new References(ancestorsOf('a'), command, INITIAL).read(more);
    expect(refused).toMatchObject({ refusal: { code: 'TOO_MANY_REFERENCES' } });
    expect(more.read).toEqual(['a']);
  });

  it('never covers a stream that the decision did not refer to', async () => {
    const references = new References(ancestorsOf('a'), command, INITIAL);
    await references.read(assets({ a: [] }));
    expect(() => references.standing('asset', 'b')).toThrow(
      `RetireAsset asks about asset-b, which it does not refer to`,
    );
  });

  it('counts as relied on if the decision asked about it and it exists', async () => {
    const references = new References(ancestorsOf('a'), command, INITIAL);
    await references.read(assets({ a: ['b', 'gone'], b: [] }));
    expect(references.reliedOn).toBeUndefined();
    references.standing('asset', 'b');
    expect(references.standing('asset', 'gone')).toBeUndefined();
    expect(references.reliedOn).toEqual({ 'asset-b': 7 });
  });
});

it('is recorded in the first event of the decision: which streams, and at which revision', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-references-'));
  const store = openSqliteStore(join(directory, 'events.sqlite'));
  const execute = createExecute({ store, clock: () => Date.parse('2026-06-01T12:00:00Z'), random: () => 0 });
  const does = async (given: Command) => {
    const who = { actor: { id: 'ana', kind: 'person' }, workspace: 'default', tool: 'spec' } as const;
    const answer = await execute({ command: given, ...who, commandId: uuid(JSON.stringify(given)) });
    return answer.ok ? answer.events.map(({ type, data }) => [type, (data as { reliedOn?: object }).reliedOn]) : answer;
  };
  const [parent, child, summer] = [uuid('parent'), uuid('child'), uuid('summer')];
  const content = { digest: 'a'.repeat(64), bytes: 1, mediaType: 'image/png', madeWith: { tool: 'Figma', ai: 'none' } };
  const made = { kind: 'image', title: 'Poster', content } as const;
  await does({ type: 'RegisterAsset', asset: parent, ...made } as Command);
  const derivedFrom = [{ asset: parent, version: 1 }];
  expect(await does({ type: 'RegisterAsset', asset: child, ...made, derivedFrom } as Command)).toEqual([
    ['AssetRegistered', { [`asset-${parent}`]: 1 }],
    ['VersionAdded', undefined],
  ]);
  const seen = { type: 'ObservePlacement', asset: child, campaign: summer, version: 1 } as const;
  // What the gate would say of a report depends on the parents, too.
  const lineage = { [`asset-${parent}`]: 1 };
  expect(await does({ ...seen, channel: 'web' })).toEqual([['PlacementObserved', lineage]]);
  await does({ type: 'PlanCampaign', campaign: summer, name: 'Summer' });
  await does({ type: 'LaunchCampaign', campaign: summer });
  expect(await does({ ...seen, channel: 'print' })).toEqual([
    ['PlacementObserved', { ...lineage, [`campaign-${summer}`]: 1 }],
  ]);
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
