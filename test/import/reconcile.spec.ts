import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../src/domain/event';
import type { Store } from '../../src/store/store';
import { BEN, History, icon } from './history';

describe('the reconciliation with git’s own counts', () => {
  let history: History;
  beforeEach(async () => {
    history = new History();
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon('b') },
      { path: 'l.svg', link: 'a.svg' },
    ]);
    history.commit([{ path: 'a.svg', content: icon(2) }], {
      author: BEN,
      message: 'Redraw\n\nReviewed-by: Cia <cia@studio.example>\n',
    });
    history.commit([{ rename: 'b.svg', to: 'c.svg' }]);
    history.commit([{ remove: 'c.svg' }]);
    await history.import();
  });
  afterEach(() => history.dispose());

  /** A log from which some events are missing. */
  const without = (lost: (event: RecordedEvent) => boolean) => (store: Store) =>
    new Proxy(store, {
      get: (target, name) => {
        if (name !== 'readAll') return Reflect.get(target, name).bind(target);
        return async function* () {
          for await (const page of target.readAll()) yield page.filter((event) => !lost(event));
        };
      },
    });

  it('finds no difference if nothing is wrong, and prints the commands it ran', async () => {
    const result = await history.import();
    expect(result).toMatchObject({ reconciled: true, differences: [] });
    expect(result.commands.map((command) => /git -C \S+ (\S+)/.exec(command)?.[1])).toEqual(['log', 'log', 'ls-tree']);
  });

  it.each([
    ['AssetRegistered', 'image added'],
    ['MetadataChanged', 'image renamed'],
    ['AssetRetired', 'image deleted'],
    ['DecisionAttested', 'Reviewed-by'],
  ])('reports a lost %s', async (type, what) => {
    const result = await history.import({ wrap: without((event) => event.type === type) });
    expect(result.reconciled).toBe(false);
    expect(result.differences.map((difference) => difference.what)).toContain(what);
    expect(result.differences.every(({ command }) => command.startsWith('git -C '))).toBe(true);
  });

  it('reports a file with other content at the tip, or none', async () => {
    history.commit([{ path: 'd.svg', content: icon('d') }]);
    await history.import();
    const digest = createHash('sha256').update(icon('d')).digest('hex');
    const lost = (event: RecordedEvent) =>
      event.type === 'VersionAdded' && (event.data as { digest: string }).digest === digest;
    const { differences } = await history.import({ wrap: without(lost) });
    expect(differences).toMatchObject([{ what: 'content of d.svg', git: digest, events: 'no version' }]);
  });

  it('reports a lost version, and the author of the change', async () => {
    const lost = (event: RecordedEvent) =>
      event.type === 'VersionAdded' && (event.data as { version: number }).version === 2;
    const { differences } = await history.import({ wrap: without(lost) });
    expect(differences).toMatchObject([
      { what: 'image modified', git: 1, events: 0 },
      { what: expect.stringMatching(/^changes by person-/), git: 1, events: 0 },
      { what: 'content of a.svg' },
    ]);
  });
});
