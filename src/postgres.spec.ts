import { whyUnavailable } from './postgres';

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

  test('is not a statement that makes no sense, nor a fault of our own', () => {
    expect(whyUnavailable(coded('42601', 'syntax error at or near "x"'))).toBeUndefined();
    expect(whyUnavailable(new TypeError('x is not a function'))).toBeUndefined();
  });
});
