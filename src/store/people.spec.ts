import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPeople } from './people';

const AT = '2020-01-01T00:00:00.000Z';

describe('names of people', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'palimpsest-people-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('survive a restart, the latest of each', async () => {
    const people = await openPeople(directory);
    people.remember('person-1', 'Ada D.', '2019-01-01T00:00:00.000Z');
    people.remember('person-1', 'Ada Draw', '2021-01-01T00:00:00.000Z');
    people.remember('person-2', '  ', '2021-01-01T00:00:00.000Z');
    people.remember('person-3', 'Eve\u202e\x1b[2J', AT);
    await people.flush();
    const again = await openPeople(directory);
    expect([again.nameOf('person-1'), again.nameOf('person-2')]).toEqual(['Ada Draw', undefined]);
    expect(again.nameOf('person-3')).toBe('Eve\\u{202e}\\u{1b}[2J');
  });

  it('take precedence over an address in place of a name', async () => {
    const people = await openPeople(directory);
    people.remember('person-1', 'ada@x.example', '2021-01-01T00:00:00.000Z');
    expect(people.nameOf('person-1')).toBe('ada@x.example');
    people.remember('person-1', 'Ada Draw', '2020-01-01T00:00:00.000Z');
    await people.flush();
    people.remember('person-1', 'ada@home.example', '2022-01-01T00:00:00.000Z');
    await people.flush();
    expect((await openPeople(directory)).nameOf('person-1')).toBe('Ada Draw');
  });

  it('are the latest of each, in whatever order histories are imported', async () => {
    const told = [
      ['Old Name', '2019-01-01T00:00:00.000Z'],
      ['New Name', '2021-01-01T00:00:00.000Z'],
      ['Other Name', '2020-01-01T00:00:00.000Z'],
      ['Now Name', '2021-01-01T00:00:00.000Z'],
    ] as const;
    for (const order of [told, [...told].reverse()]) {
      rmSync(directory, { recursive: true });
      for (const [name, at] of order) {
        const people = await openPeople(directory);
        people.remember('person-1', name, at);
        await people.flush();
      }
      expect((await openPeople(directory)).nameOf('person-1')).toBe('Now Name');
    }
  });

  it('stay as entered by hand, and are replaced if their date is unknown', async () => {
    const people = await openPeople(directory);
    people.remember('person-1', 'Old Name', AT);
    await people.flush();
    const file = join(directory, 'people.json');
    writeFileSync(file, JSON.stringify({ 'person-1': 'Right Name', 'person-2': 'Of another program' }));
    const again = await openPeople(directory);
    for (const id of ['person-1', 'person-2']) again.remember(id, 'Later Name', '2024-01-01T00:00:00.000Z');
    await again.flush();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'person-1': 'Right Name', 'person-2': 'Later Name' });
  });

  it('do not overwrite what another process wrote in the meantime', async () => {
    const [one, two] = [await openPeople(directory), await openPeople(directory)];
    one.remember('person-1', 'Ada', AT);
    await one.flush();
    two.remember('person-2', 'Ben', AT);
    await two.flush();
    const all = await openPeople(directory);
    expect([all.nameOf('person-1'), all.nameOf('person-2')]).toEqual(['Ada', 'Ben']);
  });

  it('are known to a server that was running before an import wrote them', async () => {
    const server = await openPeople(directory);
    expect(server.nameOf('person-1')).toBeUndefined();
    const imports = await openPeople(directory);
    imports.remember('person-1', 'Ada', AT);
    await imports.flush();
    expect(server.nameOf('person-1')).toBe('Ada');
    imports.remember('person-2', 'Ben', AT);
    await imports.flush();
    expect([server.nameOf('person-2'), server.nameOf('nobody')]).toEqual(['Ben', undefined]);
  });

  it('are never read from a damaged file', async () => {
    writeFileSync(join(directory, 'people.json'), '[]');
    await expect(openPeople(directory)).rejects.toThrow('people.json is damaged');
  });
});
