import { parseAddress } from '../../store/eventstoredb/address';
import { checkRights } from './servercheck';

const LEAST = { append: true, readAll: true, remove: false, metadata: false, system: false };
const MOST = { append: true, readAll: true, remove: true, metadata: true, system: true };

describe('doctor, of the rights in an event store', () => {
  test('accepts a user who may only append and read', () => {
    expect(checkRights(parseAddress('esdb://events.example.org'), LEAST)).toMatchObject({ ok: true, advice: '' });
  });

  test('warns of a user who may delete', () => {
    const check = checkRights(parseAddress('esdb://events.example.org'), { ...LEAST, remove: true });
    expect(check).toMatchObject({ ok: false, advice: expect.stringContaining('palimpsest store init') });
    expect(check.detail).toMatch('delete');
  });

  test('warns of a server without security, and accepts it only on this machine', () => {
    const here = checkRights(parseAddress('esdb://127.0.0.1:2113?tls=false'), MOST);
    expect(here).toMatchObject({ ok: true, advice: expect.stringContaining('--insecure') });
    expect(checkRights(parseAddress('esdb://events.example.org?tls=false'), MOST)).toMatchObject({ ok: false });
  });
});
