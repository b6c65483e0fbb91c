import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { json } from '../cli/palimpsest';
import { BEN, History, icon } from './history';

/** The content of each stream, in order, without what the store itself adds. */
async function lives(history: History, dataDir: string): Promise<Record<string, object[]>> {
  const streams: Record<string, object[]> = {};
  for (const { position: _, recordedAt: __, stream, ...event } of await history.events(dataDir)) {
    const life = streams[stream] ?? [];
    streams[stream] = life;
    life.push(event);
  }
  return streams;
}

describe('two concurrent imports of one repository', () => {
  let history: History;
  beforeAll(() => {
    history = new History();
    for (let round = 0; round < 5; round += 1) {
      const doings = [0, 1, 2].map((place) => ({ path: `icons/${place}.svg`, content: icon(`${round}${place}`) }));
      const message = `Round ${round}\n\nReviewed-by: Cia <cia@studio.example>\n`;
      const drawn = history.commit([...doings, { path: `l${round}.svg`, link: `icons/${round % 3}.svg` }], { message });
      const topic = history.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], {
        author: BEN,
        branch: `t${round}`,
        from: drawn,
      });
      history.tag(
        `v1.${round}`,
        history.commit([{ path: 'topic.svg', content: icon(`topic ${round}`) }], { merge: topic }),
      );
    }
  });
  afterAll(() => history.dispose());

  function fresh(name: string): string {
    const dataDir = join(history.directory, name);
    mkdirSync(dataDir);
    return dataDir;
  }

  it('end with the same events as one', async () => {
    const [alone, together] = [fresh('alone'), fresh('together')];
    const run = (dataDir: string) =>
      json<{ events: number; reconciled: boolean }>(['import', 'git', history.path, '--data', dataDir]);
    await run(alone);
    const results = await Promise.all([run(together), run(together)]);
    for (const result of results) expect(result.reconciled).toBe(true);
    expect(await lives(history, together)).toEqual(await lives(history, alone));
    expect(await run(together)).toMatchObject({ events: 0, reconciled: true });
  }, 60_000);
});
