import type { RecordedEvent } from '../../src/domain/event';
import type { Store } from '../../src/store/store';
import { History, icon } from './history';

describe('the comparison of releases with git', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  it('finds its own results wrong if a placement or a file of a release is lost or has other bytes', async () => {
    const first = history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon('b') },
    ]);
    history.tag('v1.0', first);
    history.tag('v1.1', history.commit([{ path: 'a.svg', content: icon(2) }]));
    await history.import();
    const told = (change: (event: RecordedEvent) => RecordedEvent | undefined) => (store: Store) => {
      const pages = async function* (all: AsyncIterable<readonly RecordedEvent[]>) {
        for await (const page of all) yield page.flatMap((event) => change(event) ?? []);
      };
      return new Proxy(store, {
        get: (target, name) => {
          if (name === 'readAll') return () => pages(target.readAll());
          if (name === 'readStream') return (stream: string) => pages(target.readStream(stream));
          return Reflect.get(target, name).bind(target);
        },
      });
    };
    const without = (lost: (event: RecordedEvent) => boolean) => told((event) => (lost(event) ? undefined : event));
    const versionOf = ({ data }: RecordedEvent) => (data as { version?: number }).version;
    const wrong = 'd'.repeat(64);
    const changes: readonly [what: string, wrap: (store: Store) => Store][] = [
      ['placements of v1.1', without((event) => event.type === 'PlacementObserved' && versionOf(event) === 2)],
      ['placements of v1.1', without(({ type }) => type === 'PlacementEndObserved')],
      ['placements of v1.0', told((event) => (event.type === 'PlacementObserved' ? withDigest(event, wrong) : event))],
      ['files of v1.0', told((event) => withFiles(event, (file) => ({ ...file, digest: wrong })))],
      ['files of v1.0', told((event) => withFiles(event, ({ path, digest }) => ({ path, digest })))],
      ['files of v1.0', told((event) => withFiles(event, (file) => ({ ...file, path: `x/${file.path}` })))],
      ['releases', without(({ type }) => type === 'CampaignContentsObserved')],
      ['releases', without(({ type }) => type === 'CampaignPlanned')],
      ['releases', without(({ type }) => type === 'CampaignLaunched')],
    ];
    for (const [what, wrap] of changes) {
      const result = await history.import({ wrap });
      expect(result.reconciled).toBe(false);
      expect(result.differences.map((difference) => difference.what)).toContain(what);
    }
    expect(await history.import()).toMatchObject({ reconciled: true, events: 0 });
  });
});

type Files = readonly { readonly path: string; readonly digest: string }[];

function withFiles(event: RecordedEvent, change: (file: Files[number]) => object): RecordedEvent {
  if (event.type !== 'CampaignContentsObserved') return event;
  const data = event.data as { readonly put: Files };
  return { ...event, data: { ...data, put: data.put.map(change) } };
}

function withDigest(event: RecordedEvent, digest: string): RecordedEvent {
  return { ...event, data: { ...(event.data as object), digest } };
}
