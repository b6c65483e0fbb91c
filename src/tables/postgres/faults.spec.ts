import { brokeOff, whyUnavailable } from './faults';

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('what keeps PostgreSQL from answering', () => {
  test.each([
    ['a server that is not there', coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'), 'ECONNREFUSED'],
    ['a server that starts', coded('57P03', 'the database system is starting up'), '57P03'],
    ['a wrong password', coded('28P01', 'password authentication failed for user "x"'), '28P01'],
    ['no password', new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'none is given'],
    ['a certificate of an unknown authority', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'TLS'],
    ['a certificate that signed itself', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'TLS'],
    ['a certificate that has expired', coded('CERT_HAS_EXPIRED'), 'TLS'],
    ['a certificate of another server', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'TLS'],
    ['a server without TLS', new Error('The server does not support SSL connections'), 'does not support SSL'],
  ])('%s is waited for, and said', (_name, error, said) => {
    expect(whyUnavailable(error)).toContain(said);
  });

  test.each([
    [
      'a crash of the server',
      coded('57P02', 'terminating connection because of crash of another server process'),
      'broke',
    ],
    ['a connection that the network took', coded('ECONNRESET', 'read ECONNRESET'), 'broke'],
    ['a connection that ended without a word', new Error('Connection terminated unexpectedly'), 'broke'],
    [
      'a backend that an operator ended',
      coded('57P01', 'terminating connection due to administrator command'),
      'ended',
    ],
    ['a statement that took too long', coded('57014', 'canceling statement due to statement timeout'), undefined],
    ['a full disk', coded('53100', 'could not extend file: No space left on device'), undefined],
    ['a fault of our own', new TypeError('x is not a function'), undefined],
  ])('%s is told from what does not', (_name, error, how) => {
    expect(brokeOff(error)).toBe(how);
  });

  test('is not a statement that makes no sense, nor a fault of our own', () => {
    expect(whyUnavailable(coded('42601', 'syntax error at or near "x"'))).toBeUndefined();
    expect(whyUnavailable(new TypeError('x is not a function'))).toBeUndefined();
  });
});
