import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotAvailable } from '../../config/exit';
import { PartFile } from './partfile';

const directory = mkdtempSync(join(tmpdir(), 'palimpsest-part-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
const fresh = (): string => join(directory, `rows-${files++}.csv`);
const stand = (rows: number) => ({ position: '00000000000000000009', cursor: `behind-${rows}`, rows });
const besides = (file: string) => readdirSync(directory).filter((name) => join(directory, name).startsWith(`${file}.`));

/** As if the process that wrote it had ended. */
function abandoned(file: string): void {
  const kept = JSON.parse(readFileSync(`${file}.part.json`, 'utf8')) as object;
  writeFileSync(`${file}.part.json`, JSON.stringify({ ...kept, process: 2 ** 22 + 1 }));
}

describe('a file of rows', () => {
  test('has its name only when it is complete, and leaves nothing beside it', async () => {
    const file = fresh();
    const part = new PartFile(file, 'question');
    expect(part.stood()).toBeUndefined();
    await part.write('a\n', stand(1));
    await part.write('b\n', stand(2));
    expect(existsSync(file)).toBe(false);
    await part.finish();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    expect(part.digest()).toBe(createHash('sha256').update('a\nb\n').digest('hex'));
    expect(besides(file)).toEqual([]);
  });

  test('resumes from the last flushed row, whatever a crash left behind it', async () => {
    const file = fresh();
    const first = new PartFile(file, 'question');
    await first.write('a\n', stand(1));
    await first.settle();
    await first.write('half of a ro', stand(2));
    await first.close();
    appendFileSync(`${file}.part`, 'noise');
    abandoned(file);
    const second = new PartFile(file, 'question');
    expect(second.stood()).toMatchObject(stand(1));
    await second.write('b\n', stand(2));
    await second.finish();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    expect(second.digest()).toBe(createHash('sha256').update('a\nb\n').digest('hex'));
  });

  test('starts from scratch for another request, and after a first run that flushed nothing', async () => {
    const file = fresh();
    const first = new PartFile(file, 'one');
    await first.write('a\n', stand(1));
    await first.close();
    abandoned(file);
    expect(new PartFile(file, 'one').stood()).toEqual(expect.objectContaining({ rows: 0, cursor: null }));
    const other = new PartFile(file, 'other');
    expect(other.stood()).toBeUndefined();
    await other.write('b\n', stand(1));
    await other.finish();
    expect(readFileSync(file, 'utf8')).toBe('b\n');
  });

  test('is left to the process that is writing it', async () => {
    const file = fresh();
    const writing = new PartFile(file, 'question');
    await writing.write('a\n', stand(1));
    const kept = JSON.parse(readFileSync(`${file}.part.json`, 'utf8')) as object;
    writeFileSync(`${file}.part.json`, JSON.stringify({ ...kept, process: process.ppid }));
    expect(() => new PartFile(file, 'question').stood()).toThrow(`another export (process ${process.ppid}) writes`);
    await writing.close();
  });

  test('reports that the disk is full, and leaves an earlier file of that name unchanged', async () => {
    const file = fresh();
    writeFileSync(file, 'earlier');
    symlinkSync('/dev/full', `${file}.part`);
    const part = new PartFile(file, 'question');
    const failed = part.write('a\n', stand(1));
    await expect(failed).rejects.toThrow(NotAvailable);
    await expect(failed).rejects.toThrow(`${file} cannot be written: the disk is full`);
    await part.close();
    expect(readFileSync(file, 'utf8')).toBe('earlier');
  });
});
