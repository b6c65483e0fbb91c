import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { childEnvironment } from '../../../config/config';
import { Mailmap } from './mailmap';

describe('a mailmap', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'palimpsest-mailmap-'));
    spawnSync('git', ['init', '--quiet', directory]);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** How git itself maps people. */
  function git(mailmap: string, people: readonly string[]): readonly string[] {
    writeFileSync(join(directory, '.mailmap'), mailmap);
    const env = { ...childEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
    const ended = spawnSync('git', ['check-mailmap', '--stdin'], {
      cwd: directory,
      env,
      input: `${people.join('\n')}\n`,
    });
    expect(ended.status).toBe(0);
    return ended.stdout.toString().trimEnd().split('\n');
  }

  it('identifies people as git does, whatever its lines are', () => {
    const name = fc.constantFrom('Ada', 'ADA', 'Ada Lovelace', 'Bén', 'Ben', '');
    const email = fc.constantFrom('ada@x', 'ADA@x', 'ben@x', 'b@y', 'c@z', 'é@x');
    const part = fc.tuple(name, email).map(([who, address]) => `${who} <${address}>`);
    const line = fc.oneof(
      part,
      fc.tuple(part, part).map(([one, other]) => `${one} ${other}`),
      fc.tuple(part, part).map(([one, other]) => `${one}${other} # why`),
      fc.constantFrom(
        '# Ada <ada@x> <ben@x>',
        '',
        'Ada <ada@x',
        'Ada <> <ada@x>',
        'Ada <new@x> <>',
        '\tAda\t<a@b> <ben@x>\r',
      ),
    );
    const people = [
      'Ada <ada@x>',
      'ada <ada@X>',
      'Ada Lovelace <ADA@x>',
      'Bén <b@y>',
      'Ben <ben@x>',
      'Cia <c@z>',
      'É <É@x>',
    ];
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const mailmap = new Mailmap(lines.join('\n'));
        const ours = people.map((person) => {
          const [who = '', address = ''] = person.slice(0, -1).split(' <');
          const proper = mailmap.proper({ name: who, email: address });
          return `${proper.name} <${proper.email}>`;
        });
        expect(ours).toEqual(git(lines.join('\n'), people));
      }),
      { numRuns: 60 },
    );
  });

  it('does not identify a person without an address', () => {
    const ben = { name: 'ben', email: '', scope: 'review.x.example' };
    expect(new Mailmap('Ada <ada@x> <>').proper(ben)).toBe(ben);
  });
});
