import { NewerEvent } from '../domain/upcast';
import { explain } from './explain';

describe('an error that ended a command', () => {
  /** As the Node 20 driver throws it while reading many rows: without a number. */
  const said = (message: string) => Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR' });

  test('from damaged tables is a fault in the data, with advice and without a stack', () => {
    const { message, exitCode } = explain(said('database disk image is malformed'));
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^tables\.sqlite is damaged \(.* malformed\)\. Run `palimpsest doctor`/);
  });

  test('from a full disk while folding means that a resource is unavailable', () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
    const { message, exitCode } = explain(full);
    expect(exitCode).toBe(3);
    expect(message).toMatch(/^tables\.sqlite cannot grow: the disk is full, or the one that takes temporary files/);
  });

  test('from an event of a newer program is a fault in the data, named by type and position', () => {
    const { message, exitCode } = explain(new NewerEvent('AssetTeleported', '1', '00000000000000002473'));
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^event AssetTeleported with schema version 1 at position 0+2473 was written by a newer/);
    expect(message).not.toMatch(/^\s+at /m);
  });

  test('from a constraint violation is a fault of this program, with its place', () => {
    const broken = Object.assign(new Error('UNIQUE constraint failed'), { code: 'ERR_SQLITE_ERROR', errcode: 19 });
    const { message, exitCode } = explain(broken);
    expect(exitCode).toBe(1);
    expect(message).toMatch(/^a fault of this program ended it \(Error: UNIQUE constraint failed\)/);
    expect(message).toMatch(/^\s+at /m);
  });
});
