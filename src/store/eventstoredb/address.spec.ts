import { parseAddress, printableAddress } from './address';

describe('the address of an event store', () => {
  test('is one server over TLS by default', () => {
    expect(parseAddress('esdb://events.example.org')).toEqual({
      discover: false,
      hosts: [{ address: 'events.example.org', port: 2113 }],
      tls: true,
      nodePreference: 'leader',
      prefix: 'palimpsest',
      numbers: {},
    });
  });

  test('can name a cluster, by its nodes or by a name for discovery', () => {
    expect(parseAddress('esdb://a:2111,b:2112?tls=false').hosts).toEqual([
      { address: 'a', port: 2111 },
      { address: 'b', port: 2112 },
    ]);
    expect(parseAddress('esdb+discover://cluster.example.org:2113')).toMatchObject({ discover: true });
  });

  test('carries credentials and certificates, which are not printed', () => {
    const address = parseAddress(
      'esdb://writer:p%40ss%3Aword@a:1?tlsCAFile=/ca.crt&userCertFile=/me.crt&userKeyFile=/me.key&keepAliveInterval=5000',
    );
    expect(address).toMatchObject({
      credentials: { username: 'writer', password: 'p@ss:word' },
      caFile: '/ca.crt',
      certificate: { certFile: '/me.crt', keyFile: '/me.key' },
      numbers: { keepAliveInterval: 5000 },
    });
    expect(printableAddress(address)).toBe('esdb://a:1 (TLS, as writer, streams palimpsest.*)');
    expect(printableAddress(parseAddress('esdb://a?tls=false'))).toMatch('as nobody');
  });

  test('takes precedence over separate settings', () => {
    const beside = { credentials: { username: 'reader', password: 'x' }, prefix: 'acme' };
    expect(parseAddress('esdb://a', beside)).toMatchObject({ prefix: 'acme', credentials: { username: 'reader' } });
    expect(parseAddress('esdb://me:y@a?streamPrefix=other', beside)).toMatchObject({
      prefix: 'other',
      credentials: { username: 'me', password: 'y' },
    });
  });

  test.each([
    ['no host', 'esdb://', 'host'],
    ['a port that is none', 'esdb://a:99999', 'host and port'],
    ['an option nobody knows', 'esdb://a?tsl=false', 'tsl'],
    ['an option with another value', 'esdb://a?tls=maybe', 'tls=maybe'],
    ['a number that is none', 'esdb://a?gossipTimeout=soon', 'gossipTimeout'],
    ['certificates that are left unchecked', 'esdb://a?tlsVerifyCert=false', 'tlsCAFile'],
    ['a certificate without its key', 'esdb://a?userCertFile=/x', 'userKeyFile'],
    ['a certificate without TLS', 'esdb://a?tls=false&tlsCAFile=/x', 'tls=false'],
    ['a prefix with its own separator', 'esdb://a?streamPrefix=acme.eu', 'prefix'],
    ['a user without a password', 'esdb://writer@a', 'password'],
    ['another scheme', 'http://a', 'esdb://'],
  ])('is refused with %s', (_what, text, said) => {
    expect(() => parseAddress(text)).toThrow(said);
  });

  test('is refused without repeating its password', () => {
    for (const text of [
      'esdb://me:hunter2@',
      'esdb://me:hunter2@a?tls=x',
      'esdb://me:hunter2@a b',
      'esdb:me:hunter2@a',
    ]) {
      expect(() => parseAddress(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      );
    }
  });
});
