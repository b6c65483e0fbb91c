import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/ledger/hash';
import { COSIGNATURE, signatureLine, signerOf, vkeyOf } from '../../src/ledger/note';
import { POSTER, SUMMER } from '../domain/commands';
import { Archive, edit, filesIn } from './packs';
import { missingForPython, type Verdict, withNode, withPage, withPython } from './verifying';

const archive = new Archive();
let key: string;
let early: string;
let text: string;
const missing = missingForPython();

beforeAll(async () => {
  await archive.live();
  const before = await archive.sign();
  early = archive.path('early.checkpoint');
  writeFileSync(early, before.text);
  await archive.log.grow(30);
  const { keys, checkpoint } = await archive.sign();
  text = checkpoint.note.text;
  key = vkeyOf(keys.signers()[0]!);
  await archive.pack('good', { question: { asset: POSTER }, since: before.text });
  if (missing !== undefined)
    console.warn(`${missing} is not on this machine: verify.py is not compared with verify.mjs`);
}, 60_000);
afterAll(() => archive.close());

/** All verifiers of the good pack, on another one; they must agree on every check that failed. */
async function verdictOn(pack: string, args: readonly string[] = [], trust: object = {}): Promise<Verdict> {
  const [given, tools] = [['--key', key, ...args], archive.path('good')];
  const node = await withNode(pack, given, join(tools, 'verify.mjs'));
  if (missing === undefined) {
    const python = await withPython(pack, given, join(tools, 'verify.py'));
    expect({ ...python, details: {} }).toEqual({ ...node, details: {} });
  }
  const page = withPage(pack, { keys: [key], ...trust }, join(tools, 'verify.html'));
  // A browser follows links before a page sees them.
  if (!node.details[10]?.includes('no plain files')) expect({ ...page, details: {} }).toEqual({ ...node, details: {} });
  return node;
}

describe('a pack that nobody touched', () => {
  test('is found good by all verifiers, with and without what was kept', async () => {
    expect(await verdictOn(archive.path('good'))).toMatchObject({ code: 0, failed: [] });
    const kept = await verdictOn(archive.path('good'), ['--earlier', early], { earlier: readFileSync(early, 'utf8') });
    expect(kept).toMatchObject({ code: 0, failed: [] });
    expect(kept.details[16]).toMatch(/are the first of the/);
    expect(kept.details[13]).toContain('unwitnessed');
  });

  test('is checked against the key of the auditor, and never against one of its own', async () => {
    const other = vkeyOf(signerOf('example.org/other', sha256('other')));
    expect(await withNode(archive.path('good'), ['--key', other])).toMatchObject({ code: 12 });
    const same = vkeyOf(signerOf(key.split('+')[0]!, sha256('other')));
    expect(await withNode(archive.path('good'), ['--key', same])).toMatchObject({ code: 12 });
    expect(await withNode(archive.path('good'), [])).toMatchObject({ code: 2 });
    if (missing === undefined) {
      expect(await withPython(archive.path('good'), ['--key', same])).toMatchObject({ code: 12 });
      expect(await withPython(archive.path('good'), [])).toMatchObject({ code: 2 });
    }
  });

  test('needs the cosignatures of witnesses where the auditor asks for them', async () => {
    const witness = signerOf('example.org/witness', sha256('witness'), COSIGNATURE);
    const asked = ['--witness', vkeyOf(witness)];
    const trust = { witnesses: [vkeyOf(witness)] };
    expect(await verdictOn(archive.path('good'), asked, trust)).toMatchObject({ failed: [13] });
    const pack = await archive.copy('good', 'witnessed');
    const line = signatureLine(text, witness, 1_767_225_600);
    const before = readFileSync(join(pack, 'checkpoints', 'to'), 'utf8');
    for (const name of filesIn(pack).filter((each) => /^proofs|checkpoints\/to/.test(each))) {
      edit(pack, name, (content) => content.replace(before, before + line));
    }
    archive.seal(pack);
    const seen = await verdictOn(pack, asked, trust);
    expect(seen).toMatchObject({ failed: [] });
    expect(seen.details[13]).toContain('2026-01-01T00:00:00');
  });
});

/** What somebody changes who has no key: the manifest tells. */
const STRANGERS: readonly (readonly [what: string, change: (pack: string) => void, codes: readonly number[]])[] = [
  ['a file is missing', (pack) => rmSync(join(pack, 'README.txt')), [10, 11]],
  ['a file was added', (pack) => writeFileSync(join(pack, 'note.txt'), 'x'), [10]],
  [
    'a file is a link',
    (pack) => {
      rmSync(join(pack, 'README.txt'));
      symlinkSync('/etc/hostname', join(pack, 'README.txt'));
    },
    [10, 11],
  ],
  [
    'the report tells something else',
    (pack) => edit(pack, 'report.html', (all) => all.replace('“approve”', '“reject”')),
    [11, 21],
  ],
  [
    'an event is changed',
    (pack) => edit(pack, 'events.ndjson', (all) => all.replace('"decision":"approve"', '"decision":"reject"')),
    [11, 14, 19, 21],
  ],
  [
    'a proof is changed',
    (pack) =>
      edit(pack, filesIn(pack).find((name) => name.startsWith('proofs'))!, (all) =>
        all.replace('\nindex ', '\nindex 1'),
      ),
    [11, 15],
  ],
  [
    'the size of the checkpoint is changed',
    (pack) => edit(pack, 'checkpoints/to', (all) => all.replace(/\n\d+\n/, '\n400\n')),
    [11, 12, 14, 15, 16, 17],
  ],
  [
    'the manifest is changed',
    (pack) => edit(pack, 'manifest.json', (all) => all.replace('"tool":"', '"tool":"x')),
    [12, 14, 15, 17],
  ],
];

test('where an event is no event any more, all verifiers say in plain words that a file is damaged', async () => {
  const pack = await archive.copy('good', 'spoiled');
  edit(pack, 'events.ndjson', (all) => all.replace('"stream":', '"streak":'));
  const { failed, details } = await verdictOn(pack);
  expect(failed).toEqual(expect.arrayContaining([11, 14, 21]));
  expect(details[21]).toBe('a file that it needs is damaged');
});

test.each(STRANGERS)('where %s, all verifiers say so', async (_what, change, codes) => {
  const pack = await archive.copy('good', 'spoiled');
  change(pack);
  const { failed, code } = await verdictOn(pack);
  expect(code).toBe(codes[0]);
  for (const each of codes) if (each !== 16) expect(failed).toContain(each);
});

const rows = (all: string): string[] => all.split('\n').slice(0, -1);
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
type Row = { index: number; event: { stream: string; type: string; revision: number; data: Record<string, unknown> } };

/** Leaves out entries of a stream as an operator would: from every file. */
function dropEvents(pack: string, wanted: (row: Row) => boolean): void {
  const dropped = rows(readFileSync(join(pack, 'events.ndjson'), 'utf8'))
    .map((line) => JSON.parse(line) as Row)
    .filter(wanted);
  const gone = new Set(dropped.map(({ index }) => index));
  const keep = (all: string) => joined(rows(all).filter((line) => !gone.has((JSON.parse(line) as Row).index)));
  edit(pack, 'events.ndjson', keep);
  edit(pack, 'leaves.ndjson', keep);
  for (const index of gone) rmSync(join(pack, 'proofs', `${index}.tlog-proof`));
}

/** The last event of the poster. */
function lastOf(pack: string): Row {
  const all = rows(readFileSync(join(pack, 'events.ndjson'), 'utf8')).map((line) => JSON.parse(line) as Row);
  return all.filter(({ event }) => event.stream === `asset-${POSTER}`).at(-1)!;
}

/** What the operator changes, who has the key of the log: the log itself tells. */
const OPERATOR: readonly (readonly [what: string, change: (pack: string) => void, code: number, detail: RegExp])[] = [
  [
    'changed data',
    (pack) => edit(pack, 'events.ndjson', (all) => all.replace('"role":"brand"', '"role":"legal"')),
    14,
    /dataHash differ/,
  ],
  [
    'changed the actor',
    (pack) => edit(pack, 'events.ndjson', (all) => all.replace('"actorId":"bo"', '"actorId":"cy"')),
    14,
    /actor, metaHash|metaHash, actor|actor/,
  ],
  [
    'changed the time',
    (pack) => edit(pack, 'events.ndjson', (all) => all.replace(/"recordedAt":"2026-03-01/, '"recordedAt":"2026-02-01')),
    14,
    /recordedAt/,
  ],
  [
    'changed a record with its event',
    (pack) => {
      const { index } = lastOf(pack);
      const later = (all: string) =>
        joined(
          rows(all).map((line) =>
            line.includes(`"index":${index},`) ? line.replace('"recordedAt":"2026', '"recordedAt":"2025') : line,
          ),
        );
      edit(pack, 'events.ndjson', later);
      edit(pack, 'leaves.ndjson', later);
    },
    15,
    /does not prove/,
  ],
  [
    'left out an event in the middle',
    (pack) => dropEvents(pack, ({ event }) => event.type === 'ApprovalLapsed'),
    14,
    /prev/,
  ],
  [
    'left out the last event of a stream',
    (pack) => {
      const { index } = lastOf(pack);
      dropEvents(pack, (row) => row.index === index);
    },
    17,
    /its end was cut off/,
  ],
  [
    'left out the end of the log',
    (pack) => edit(pack, 'heads/tail.ndjson', (all) => joined(rows(all).slice(0, -1))),
    17,
    /are not those of the log/,
  ],
  [
    'swapped the heads of two streams',
    (pack) => {
      const file = (stream: string) => join(pack, 'heads', `${stream}.json`);
      const [one, two] = [`asset-${POSTER}`, `campaign-${SUMMER}`].map(file);
      const before = readFileSync(one!, 'utf8');
      writeFileSync(one!, readFileSync(two!, 'utf8'));
      writeFileSync(two!, before);
    },
    17,
    /does not prove/,
  ],
  [
    'wrote the events in another order',
    (pack) => edit(pack, 'events.ndjson', (all) => joined(rows(all).reverse())),
    14,
    /prev/,
  ],
  [
    'wrote an event twice',
    (pack) => edit(pack, 'events.ndjson', (all) => joined([...rows(all), rows(all).at(-1)!])),
    14,
    /prev/,
  ],
  [
    'spelled an event otherwise',
    (pack) => edit(pack, 'events.ndjson', (all) => all.replace('{"event":', '{ "event":')),
    14,
    /not canonical/,
  ],
  [
    'told another story',
    (pack) => edit(pack, 'report.html', (all) => all.replace('decided “approve”', 'decided “reject”')),
    21,
    /does not tell/,
  ],
  [
    'gave another name',
    (pack) =>
      edit(pack, 'actors.ndjson', (all) =>
        all
          .replace('"id":"bo"', '"id":"bo","name":"Zoe"')
          .replace('"erased":false,"id":"bo","name":"Zoe","kind"', '"erased":false,"id":"bo","kind"')
          .replace('"id":"bo","kind":"person"', '"id":"bo","kind":"person","name":"Zoe"'),
      ),
    21,
    /does not tell/,
  ],
];

test.each(OPERATOR)(
  'where the operator %s, all verifiers say so though he signed it',
  async (_what, change, code, detail) => {
    const pack = await archive.copy('good', 'forged');
    change(pack);
    archive.seal(pack);
    const found = await verdictOn(pack);
    expect(found.code).toBe(code);
    if (code !== 0) expect(found.details[code]).toMatch(detail);
  },
);

describe('what was kept', () => {
  test('must be what the pack was made for', async () => {
    await archive.pack('without', { question: { asset: POSTER } });
    const earlier = { earlier: readFileSync(early, 'utf8') };
    const found = await verdictOn(archive.path('without'), ['--earlier', early], earlier);
    expect(found).toMatchObject({ failed: [16] });
    expect(found.details[16]).toContain('--since');
  });

  test('of another log, or with another root, is no beginning of this one', async () => {
    const forged = archive.path('forged.checkpoint');
    writeFileSync(forged, readFileSync(early, 'utf8').replace(/\n(\d)/, '\n1$1'));
    const earlier = { earlier: readFileSync(forged, 'utf8') };
    expect(await verdictOn(archive.path('good'), ['--earlier', forged], earlier)).toMatchObject({ failed: [16] });
  });
});
