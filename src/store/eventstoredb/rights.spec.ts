import { type FarEnd, startFarEnd } from '../../../test/support/eventstoredb/server';
import { connect } from './adapter';
import { parseAddress } from './address';
import { openAll, probeRights, settingsFor, writeSettings } from './rights';
import type { Wire } from './wire';

const MEMBERS = { writer: 'acme-writer', readers: 'acme-readers' };
let far: FarEnd;
let wire: Wire;
beforeEach(async () => {
  far = await startFarEnd();
  wire = await connect(parseAddress(far.url));
});
afterEach(async () => {
  await wire.close();
  await far.stop();
});

describe('the default rights of a server', () => {
  test('let only administrators delete a stream or change its metadata', () => {
    const { $userStreamAcl, $systemStreamAcl } = settingsFor(MEMBERS);
    expect($userStreamAcl).toMatchObject({ $w: ['acme-writer'], $d: '$admins', $mw: '$admins' });
    expect(new Set(Object.values($systemStreamAcl!))).toEqual(new Set(['$admins']));
  });

  test('are written once, and not again', async () => {
    expect(await writeSettings(wire, MEMBERS, false)).toBe('written');
    expect(await writeSettings(wire, MEMBERS, false)).toBe('standing');
    expect(await wire.readLast('$settings')).toMatchObject({
      type: 'settings',
      data: settingsFor(MEMBERS),
      revision: 0,
    });
  });

  test('set by another administrator are kept unless replacement is requested', async () => {
    const others = { writer: 'somebody', readers: 'others' };
    await writeSettings(wire, others, false);
    expect(await writeSettings(wire, MEMBERS, false)).toBe('other');
    expect((await wire.readLast('$settings'))?.data).toEqual(settingsFor(others));
    expect(await writeSettings(wire, MEMBERS, true)).toBe('written');
    expect((await wire.readLast('$settings'))?.data).toEqual(settingsFor(MEMBERS));
  });

  test('to read everything are added to those of others', async () => {
    expect(await openAll(wire, { writer: 'somebody', readers: 'others' })).toBe('written');
    expect(await openAll(wire, MEMBERS)).toBe('written');
    expect(await openAll(wire, MEMBERS)).toBe('standing');
    const $r = ['$admins', 'others', 'somebody', 'acme-readers', 'acme-writer'];
    expect((await wire.readLast('$$$all'))?.data).toEqual({ $acl: { $r } });
  });
});

describe('probing rights', () => {
  test('on a server that enforces none finds all of them, and writes nothing', async () => {
    const before = far.log.events.length;
    expect(await probeRights(wire, 'acme')).toEqual({
      append: true,
      readAll: true,
      remove: true,
      metadata: true,
      system: true,
    });
    expect(far.log.events).toHaveLength(before);
  });

  test('fails for an unknown user or a wrong password', async () => {
    far.faults.refuseCredentials();
    await expect(probeRights(wire, 'acme')).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('refuses these credentials'),
    });
    far.faults.heal();
  });

  test('fails if the server is unreachable', async () => {
    await far.stop();
    await expect(probeRights(wire, 'acme')).rejects.toMatchObject({ name: 'Unavailable' });
    await far.start();
  });
});
