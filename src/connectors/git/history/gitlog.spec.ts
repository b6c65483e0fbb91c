import fc from 'fast-check';
import { type Commit, LogParser } from './gitlog';

const ZERO = '0'.repeat(40);
const [BLOB, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];

/** Git's output for one commit: ten fields, each terminated by NUL, the end of the record, then the changes. */
function printed(hash: string, trailers: string, ...changes: string[]): string {
  const fields = [hash, 'p1 p2', 'Ada', 'ada@x', '1500', 'Ben', 'ben@x', '1600', 'Draw: a\tthing', trailers];
  return `${fields.join('\0')}\0\0${changes.length === 0 ? '' : `\n${changes.join('')}`}`;
}

function read(bytes: Buffer, cuts: readonly number[] = []): readonly Commit[] {
  const parser = new LogParser();
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const commits = places.slice(1).flatMap((end, index) => [...parser.push(bytes.subarray(places[index], end))]);
  return [...commits, ...parser.end()];
}

describe('git’s log', () => {
  const output = Buffer.concat([
    Buffer.from(printed('c1', 'Reviewed-by: Cia <cia@x>\n', `:000000 100644 ${ZERO} ${BLOB} A\0:odd\nname.svg\0`)),
    Buffer.from(printed('c2', '')),
    Buffer.from(
      printed(
        'c3',
        '',
        `:100644 100755 ${BLOB} ${OTHER} R087\0old.svg\0new.svg\0`,
        `:100644 000000 ${BLOB} ${ZERO} D\0`,
      ),
    ),
    Buffer.from([0x63, 0xff, 0x2e, 0x73, 0x76, 0x67, 0]),
  ]);

  it('is parsed commit by commit, with renames and paths of any bytes', () => {
    const [first, second, third] = read(output);
    expect(first).toMatchObject({
      hash: 'c1',
      parents: ['p1', 'p2'],
      author: { name: 'Ada', email: 'ada@x' },
      authoredAt: 1500,
      committedAt: 1600,
      subject: 'Draw: a\tthing',
      trailers: [{ name: 'Reviewed-by', who: { name: 'Cia', email: 'cia@x' } }],
      changes: [{ status: 'A', path: ':odd%0Aname.svg', newBlob: BLOB, escaped: true }],
    });
    expect(second).toMatchObject({ hash: 'c2', changes: [] });
    expect(third?.changes).toMatchObject([
      { status: 'R', from: 'old.svg', path: 'new.svg', oldMode: '100644', newMode: '100755' },
      { status: 'D', path: 'c%FF.svg', escaped: true },
    ]);
  });

  it('gives the same commits however it is chunked', () => {
    const whole = read(output);
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { maxLength: 20 }), (cuts) => expect(read(output, cuts)).toEqual(whole)),
    );
  });

  it('does not accept a truncated commit', () => {
    const entry = Buffer.from(printed('c1', '', `:000000 100644 ${ZERO} ${BLOB} A\0`));
    expect(() => read(entry)).toThrow('git ended in the middle of a commit');
  });
});
