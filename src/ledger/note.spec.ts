import { checkpointText, openCheckpoint, parseCheckpoint } from './checkpoint';
import { sha256, toBase64 } from './hash';
import {
  BadNote,
  COSIGNATURE,
  parseNote,
  parseVkey,
  signatureLine,
  signerOf,
  signNote,
  verifyNote,
  vkeyOf,
} from './note';
import { packEntries, partialTiles, TILE_WIDTH, tilePath, unpackEntries } from './tiles';
import { formatTlogProof, parseTlogProof } from './tlogproof';

/** The example of c2sp.org/signed-note. */
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const MESSAGE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
/** The example of c2sp.org/tlog-checkpoint. */
const CHECKPOINT = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;

const signer = signerOf('example.org/log', sha256('a key of this test'));
const witness = signerOf('example.org/witness', sha256('another key of this test'), COSIGNATURE);
const signed = signNote(CHECKPOINT, [signer]);

describe('a signed note', () => {
  test('of the specification is verified with the key of the specification', () => {
    const key = parseVkey(VKEY);
    expect(vkeyOf(key)).toBe(VKEY);
    expect(verifyNote(parseNote(MESSAGE), [key])).toEqual([{ verifier: key }]);
    expect(parseNote(Buffer.from(MESSAGE)).text).toBe('This is an example message.\n');
  });

  test('is not verified once a letter is changed', () => {
    expect(() => verifyNote(parseNote(MESSAGE.replace('This', 'That')), [parseVkey(VKEY)])).toThrow(BadNote);
  });

  test('has the text before its last blank line, whatever blank lines are in the text', () => {
    const note = parseNote(signNote('one\n\ntwo\n', [signer]));
    expect(note.text).toBe('one\n\ntwo\n');
    expect(verifyNote(note, [signer])).toHaveLength(1);
  });

  test('is not judged by unknown keys, even if they share a name', () => {
    const other = signerOf(signer.name, sha256('a third key'));
    expect(verifyNote(parseNote(signed), [other])).toEqual([]);
    expect(verifyNote(parseNote(signNote(CHECKPOINT, [other, signer])), [signer])).toHaveLength(1);
  });

  test('is refused if the signature of a known key is wrong', () => {
    const forged = signed.replace(/ [^ ]+\n$/, ` ${toBase64(Buffer.concat([signer.id, Buffer.alloc(64)]))}\n`);
    expect(() => verifyNote(parseNote(forged), [signer])).toThrow('the signature of example.org/log is wrong');
    const short = signed.replace(/ [^ ]+\n$/, ` ${toBase64(Buffer.concat([signer.id, Buffer.alloc(63)]))}\n`);
    expect(() => verifyNote(parseNote(short), [signer])).toThrow(BadNote);
  });

  test('may have sixteen signatures', () => {
    const signers = Array.from({ length: 16 }, (_, n) => signerOf(`k${n}`, sha256(`key ${n}`)));
    expect(verifyNote(parseNote(signNote(CHECKPOINT, signers)), signers)).toHaveLength(16);
  });

  test.each([
    ['no blank line', 'text\n— a AAAAAAA=\n'],
    ['no end of line', `${signed.slice(0, -1)}`],
    ['another dash', signed.replace('—', '-')],
    ['a tab', signed.replace('20852163', '2085\t163')],
    ['base64 that is not written as it must be', signed.replace(/=\n$/, '\n')],
    ['a signature with two spaces', signed.replace(`${signer.name} `, `${signer.name}  `)],
    ['no signature', `${CHECKPOINT}\n`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseNote(text)).toThrow(BadNote);
  });

  test('is refused if it is not UTF-8', () => {
    expect(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(signed)]))).toThrow('text in UTF-8');
  });
});

describe('a key as text', () => {
  test.each([
    ['no parts', 'example.com/foo'],
    ['an id that is not its own', VKEY.replace('530d903a', '530d903b')],
    ['another name', VKEY.replace('foo', 'fob')],
    ['a type that is not supported', VKEY.replace('+Ae', '+Be')],
    ['a space', VKEY.replace('foo', 'f o')],
    ['a key that is too short', 'a+00000000+AQAA'],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseVkey(text)).toThrow(BadNote);
  });
});

describe('a cosignature', () => {
  test('states and covers the time at which it was made', () => {
    const line = signatureLine(CHECKPOINT, witness, 1_679_315_147);
    const note = parseNote(`${signed}${line}`);
    expect(verifyNote(note, [witness])).toEqual([{ verifier: witness, seconds: 1_679_315_147 }]);
    const [, encoded] = /([^ ]+)\n$/.exec(line)!;
    const later = Buffer.from(encoded!, 'base64');
    later[11] = (later[11]! + 1) % 256;
    expect(() => verifyNote(parseNote(`${signed}${line.replace(encoded!, toBase64(later))}`), [witness])).toThrow(
      BadNote,
    );
  });

  test('is no signature of the log, even with the same key and name', () => {
    const same = signerOf(signer.name, sha256('a key of this test'), COSIGNATURE);
    expect(same.id.equals(signer.id)).toBe(false);
    expect(verifyNote(parseNote(`${CHECKPOINT}\n${signatureLine(CHECKPOINT, same, 1)}`), [signer])).toEqual([]);
  });
});

describe('a checkpoint', () => {
  test('of the specification is parsed and written identically', () => {
    const checkpoint = parseCheckpoint(CHECKPOINT);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(checkpoint)).toBe(CHECKPOINT);
    expect(parseCheckpoint(`${CHECKPOINT}an extension\n`)).toEqual(checkpoint);
  });

  test('is accepted only if it is of this log and signed by a known key', () => {
    const origin = 'example.com/behind-the-sofa';
    expect(openCheckpoint(signed, origin, [signer])).toMatchObject({ size: 20_852_163 });
    expect(() => openCheckpoint(signed, 'example.com/other', [signer])).toThrow('is of the log example.com/behind');
    expect(() => openCheckpoint(signed, origin, [witness])).toThrow('no known key');
  });

  test.each([
    ['a leading zero', CHECKPOINT.replace('20852163', '020852163')],
    ['a size beyond 2^53', CHECKPOINT.replace('20852163', '9007199254740993')],
    ['a short root', CHECKPOINT.replace('CsUY', '')],
    ['no root', 'a\n1\n'],
    ['an empty line', `${CHECKPOINT}\nx\n`],
    ['no name', `\n1\n${toBase64(sha256(''))}\n`],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseCheckpoint(text)).toThrow(BadNote);
  });
});

describe('a proof in a file', () => {
  const proof = { index: 3, proof: [sha256('a'), sha256('b')], checkpoint: signed };

  test('is parsed as it was written', () => {
    const text = formatTlogProof(proof);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nindex 3\n')).toBe(true);
    expect(parseTlogProof(text)).toEqual(proof);
    expect(parseTlogProof(text.replace('index', 'extra AAAA\nindex'))).toEqual(proof);
    expect(parseTlogProof(formatTlogProof({ ...proof, proof: [] })).proof).toEqual([]);
  });

  test.each([
    ['another version', (text: string) => text.replace('@v1', '@v2')],
    ['no index', (text: string) => text.replace('index 3\n', '')],
    ['an index with a leading zero', (text: string) => text.replace('index 3', 'index 03')],
    ['a hash that is too short', (text: string) => text.replace(toBase64(sha256('a')), 'AAAA')],
  ])('is refused with %s', (_what, change) => {
    expect(() => parseTlogProof(change(formatTlogProof(proof)))).toThrow(BadNote);
  });
});

describe('tiles', () => {
  test('have the paths of the specification', () => {
    expect(tilePath({ level: 0, number: 1_234_067, width: TILE_WIDTH })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', number: 0, width: 5 })).toBe('tile/entries/000.p/5');
    expect(tilePath({ level: 2, number: 1_000, width: 256 })).toBe('tile/2/x001/000');
  });

  test('of 70,000 entries are those of the specification', () => {
    expect(partialTiles(70_000)).toEqual([
      { level: 0, number: 273, width: 112 },
      { level: 'entries', number: 273, width: 112 },
      { level: 1, number: 1, width: 17 },
      { level: 2, number: 0, width: 1 },
    ]);
    expect(partialTiles(256)).toEqual([{ level: 1, number: 0, width: 1 }]);
    expect(partialTiles(0)).toEqual([]);
  });

  test('hold entries preceded by their lengths', () => {
    const entries = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300, 7)];
    expect(unpackEntries(packEntries(entries))).toEqual(entries);
    expect(packEntries(entries).subarray(0, 5)).toEqual(Buffer.from('\0\x03one'));
    expect(unpackEntries(packEntries(entries).subarray(0, -1))).toBeUndefined();
    expect(() => packEntries([Buffer.alloc(65_536)])).toThrow(RangeError);
  });
});
