import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vkeyOf } from '../../src/ledger/note';
import { content, POSTER, SUMMER } from '../domain/commands';
import { Archive, filesIn } from './packs';
import { withNode } from './verifying';

const archive = new Archive();
let key: string;

beforeAll(async () => {
  await archive.live();
  const { keys } = await archive.sign();
  key = vkeyOf(keys.signers()[0]!);
}, 60_000);
afterAll(() => archive.close());

const read = (pack: string, name: string) => readFileSync(join(archive.path(pack), name), 'utf8');
const streamsIn = (pack: string) => [
  ...new Set(
    read(pack, 'events.ndjson')
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { event: { stream: string } }).event.stream),
  ),
];

test('the same question gives the same bytes, whenever it is asked', async () => {
  await archive.pack('one', { question: { asset: POSTER } });
  archive.log.now += 86_400_000;
  await archive.pack('two', { question: { asset: POSTER } });
  expect(filesIn(archive.path('one'))).toEqual(filesIn(archive.path('two')));
  for (const name of filesIn(archive.path('one'))) expect([name, read('two', name)]).toEqual([name, read('one', name)]);
});

test.each([
  ['asset', { asset: POSTER }],
  ['placement', { placement: '' }],
  ['campaign', { campaign: SUMMER }],
  ['person', { person: 'bo' }],
  ['window', { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }],
])('a pack about one %s has its streams whole, and is found good', async (name, asked) => {
  let question = asked as Parameters<Archive['pack']>[1]['question'];
  if ('placement' in question) {
    for await (const page of archive.log.store.readStream(`asset-${POSTER}`)) {
      for (const { type, data } of page)
        if (type === 'PlacementStarted') question = { placement: (data as { placement: string }).placement };
    }
  }
  const made = await archive.pack(name, { question });
  expect(await withNode(made.directory, ['--key', key])).toMatchObject({ code: 0 });
  expect(streamsIn(name)).toEqual(expect.arrayContaining([`asset-${POSTER}`, `campaign-${SUMMER}`]));
  expect(made.streams).toBe(streamsIn(name).length);
});

test('every sentence of the report leads to its event and its proof', () => {
  const report = read('one', 'report.html');
  const sentences = [...report.matchAll(/<tr id="entry-(\d+)">/g)].map(([, index]) => index);
  expect(sentences.length).toBeGreaterThan(8);
  for (const index of sentences) {
    expect(report).toContain(`href="#event-${index}"`);
    expect(report).toContain(`<pre id="event-${index}">`);
    expect(existsSync(join(archive.path('one'), 'proofs', `${index}.tlog-proof`))).toBe(true);
  }
  expect(report).toContain('bo decided “approve” as brand on version 1');
  expect(report).toContain('brighter &lt;b&gt;&amp;amp; &quot;bolder&quot;&lt;/b&gt;');
  expect(report).not.toMatch(/<script|href="http|src="http/);
  expect(report).toContain('@media print');
});

test('names of people and bytes of versions are in it only where they are asked for', async () => {
  const bytes = Buffer.from('first draft');
  const contentOf = async (digest: string) => (digest === content().digest ? bytes : undefined);
  const nameOf = (actor: string) => (actor === 'bo' ? 'Bo <Berg>' : undefined);
  const { directory } = await archive.pack('full', { question: { asset: POSTER }, contentOf, nameOf });
  expect(readFileSync(join(directory, 'content', `${content().digest}.png`))).toEqual(bytes);
  expect(read('full', 'report.html')).toContain('Bo &lt;Berg&gt; decided');
  expect(read('full', 'report.html')).toContain(`<img src="content/${content().digest}.png"`);
  expect(read('one', 'report.html')).not.toContain('Berg');
  expect(await withNode(directory, ['--key', key])).toMatchObject({ code: 0 });
  writeFileSync(join(directory, 'content', `${content().digest}.png`), 'first drafT');
  archive.seal(directory);
  const found = await withNode(directory, ['--key', key]);
  expect(found).toMatchObject({ code: 18, failed: [18] });
});

test('a pack that cannot be made leaves nothing behind', async () => {
  const refused = async (name: string, more: object, message: RegExp) => {
    await expect(archive.pack(name, { question: { asset: POSTER }, ...more })).rejects.toThrow(message);
  };
  await refused('one', {}, /is there already/);
  await refused('none', { question: { asset: SUMMER } }, /no signed event is about this/);
  await refused('none', { since: 'x' }, /blank line/);
  const { store } = archive.log;
  const forged = async function* (stream: string) {
    for await (const page of store.readStream(stream))
      yield page.map((event) => ({ ...event, data: { ...(event.data as object), title: 'x' } }));
  };
  await refused('none', { store: { ...store, readStream: forged } }, /cannot be proved: it is not as it was signed/);
  expect(existsSync(archive.path('none'))).toBe(false);
  expect(existsSync(`${archive.path('none')}.incoming`)).toBe(false);
});
