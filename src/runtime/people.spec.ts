import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPeople } from './people';

describe('names of people', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palimpsest-people-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('are there again after a restart, the latest of each', async () => {
    const people = await openPeople(directory);
    people.remember('person-1', 'Ada D.');
    people.remember('person-1', 'Ada Draw');
    people.remember('person-2', '  ');
    await people.flush();
    const again = await openPeople(directory);
    expect([again.nameOf('person-1'), again.nameOf('person-2')]).toEqual(['Ada Draw', undefined]);
  });

  it('do not overwrite what another process wrote meanwhile', async () => {
    const [one, two] = [await openPeople(directory), await openPeople(directory)];
    one.remember('person-1', 'Ada');
    await one.flush();
    two.remember('person-2', 'Ben');
    await two.flush();
    const all = await openPeople(directory);
    expect([all.nameOf('person-1'), all.nameOf('person-2')]).toEqual(['Ada', 'Ben']);
  });

  it('are known to a server that was running before an import wrote them', async () => {
    const server = await openPeople(directory);
    expect(server.nameOf('person-1')).toBeUndefined();
    const imports = await openPeople(directory);
    imports.remember('person-1', 'Ada');
    await imports.flush();
    expect(server.nameOf('person-1')).toBe('Ada');
    imports.remember('person-2', 'Ben');
    await imports.flush();
    expect([server.nameOf('person-2'), server.nameOf('nobody')]).toEqual(['Ben', undefined]);
  });

  it('are never taken from a damaged file', async () => {
    writeFileSync(join(directory, 'people.json'), '[]');
    await expect(openPeople(directory)).rejects.toThrow('people.json is damaged');
  });
});
