import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { type Provider, startProvider } from '../../test/support/provider';
import { type Authenticator, createAuthenticator } from './auth';

let provider: Provider;
let authenticator: Authenticator;

beforeAll(async () => {
  provider = await startProvider();
  authenticator = await createAuthenticator({ auth: provider.auth, dataDir: '' });
});
afterAll(() => provider.close());

type Claims = Readonly<Record<string, unknown>>;

const sessionOf = async (claims: Claims) => authenticator.session(`Bearer ${await provider.token({ claims })}`);

const codeOf = async (given: string, by = authenticator) => {
  try {
    await by.session(`Bearer ${given}`);
    return 'accepted';
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
};

describe('tokens of a provider', () => {
  it('identify the caller, and those of its roles that are known here', async () => {
    const session = await sessionOf({ kind: 'agent', onBehalfOf: 'bob', roles: ['author', 'king'] });
    expect(session).toMatchObject({ actor: { id: 'ana', kind: 'agent', onBehalfOf: 'bob' }, roles: ['author'] });
  });

  it('are accepted again without another signature check, until they expire', async () => {
    const given = `Bearer ${await provider.token()}`;
    expect(await authenticator.session(given)).toBe(authenticator.session(given));
  });

  it('are refused from another issuer, for another audience, and after expiry', async () => {
    const now = Math.floor(Date.now() / 1000);
    const refused = async (claims: Claims) => codeOf(await provider.token({ claims }));
    expect(await refused({ iss: 'https://else.example' })).toBe('UNAUTHENTICATED');
    expect(await refused({ aud: 'else' })).toBe('UNAUTHENTICATED');
    expect(await refused({ exp: now - 60 })).toBe('TOKEN_EXPIRED');
    expect(await refused({ nbf: now + 60 })).toBe('UNAUTHENTICATED');
  });

  it('are refused with another algorithm, including the public key used as a shared secret', async () => {
    const signed = async (alg: string, key: CryptoKey | Uint8Array) =>
      new SignJWT({ roles: ['author'], iat: 1, exp: 2e9, sub: 'ana' })
        .setProtectedHeader({ alg, kid: 'k1', typ: 'at+jwt' })
        .sign(key);
    const publicKey = (await importJWK(provider.key.publicJwk, 'RS256', { extractable: true })) as CryptoKey;
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    expect(await codeOf(await signed('HS256', secret))).toBe('UNAUTHENTICATED');
    const other = await generateKeyPair('PS256');
    expect(await codeOf(await signed('PS256', other.privateKey))).toBe('UNAUTHENTICATED');
  });

  it('are neither accepted nor refused while the provider’s keys cannot be fetched', async () => {
    const auth = { ...provider.auth, jwksUri: 'http://127.0.0.1:1/keys' };
    const lost = await createAuthenticator({ auth, dataDir: '' });
    expect(await codeOf(await provider.token(), lost)).toBe('PROVIDER_UNAVAILABLE');
  });
});

describe('the caller', () => {
  it('is a service if the token does not name a kind', async () => {
    expect(await sessionOf({ kind: undefined })).toMatchObject({ actor: { id: 'ana', kind: 'service' } });
  });

  it.each(['person', 'service', 'agent'])('is a %s if the token says so', async (kind) => {
    expect(await sessionOf({ kind })).toMatchObject({ actor: { kind } });
  });

  it('acts on behalf of a person if the token was exchanged: the actor is the caller, a service by default', async () => {
    // A copy of a person's token with an actor added, which only the person's program holds.
    expect(await sessionOf({ kind: 'person', act: { sub: 'importer' } })).toMatchObject({
      actor: { id: 'importer', kind: 'service', onBehalfOf: 'ana' },
    });
    expect(await sessionOf({ act: { sub: 'helper', kind: 'agent', act: { sub: 'older' } } })).toMatchObject({
      actor: { id: 'helper', kind: 'agent', onBehalfOf: 'ana' },
    });
  });

  it.each<[string, Claims]>([
    ['a kind that is not known', { kind: 'ghost' }],
    ['the kind of what an import records', { kind: 'import' }],
    ['a kind in another form', { kind: ['person'] }],
    ['no kind at all', { kind: null }],
    ['a kind in capitals', { kind: 'PERSON' }],
    ['an empty subject', { sub: '' }],
    ['no subject', { sub: undefined }],
    ['a subject that is a number', { sub: 7 }],
    ['a subject that is too long', { sub: 'a'.repeat(201) }],
    ['a subject with a line break', { sub: 'ana\nroot' }],
    ['a subject that changes the direction of text', { sub: 'ana\u202eroot' }],
    ['a subject with something invisible', { sub: 'a\u200bna' }],
    ['a subject with a space around', { sub: ' ana' }],
    ['an empty onBehalfOf', { onBehalfOf: '' }],
    ['an onBehalfOf that is a list', { onBehalfOf: ['bob'] }],
    ['no onBehalfOf at all', { onBehalfOf: null }],
    ['an actor without a subject', { act: {} }],
    ['an actor that is a name', { act: 'importer' }],
    ['an actor beside onBehalfOf', { act: { sub: 'importer' }, onBehalfOf: 'bob' }],
  ])('is refused with %s', async (_what, claims) => {
    expect(await codeOf(await provider.token({ claims }))).toBe('UNAUTHENTICATED');
  });
});
