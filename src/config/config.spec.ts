import { resolve } from 'node:path';
import { childEnvironment, loadConfig, printable, refuseUnsafeAddress } from './config';
import { UsageError } from './exit';

const OIDC = {
  PALIMPSEST_AUTH: 'oidc',
  OIDC_ISSUER: 'https://login.example.org/',
  OIDC_AUDIENCE: 'palimpsest',
  OIDC_JWKS_URI: 'https://login.example.org/keys',
};

const S3 = { PALIMPSEST_CONTENT: 's3://content.example.org/palimpsest' };

describe('the configuration', () => {
  test('has defaults: a fresh machine serves on its own address only, from ./data', () => {
    expect(loadConfig({}, {})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      hosts: [],
      origins: [],
      dataDir: resolve('data'),
      events: { adapter: 'sqlite', file: resolve('data/events.sqlite') },
      tables: { adapter: 'sqlite', file: resolve('data/tables.sqlite') },
      content: { adapter: 'directory', root: resolve('data/content') },
      uploads: {
        directory: resolve('data/content/uploads'),
        bytes: 2 * 1024 ** 3,
        bytesPerDay: 50 * 1024 ** 3,
        kinds: ['*/*'],
        lifetime: 86_400_000,
        scanner: undefined,
      },
      auth: { mode: 'development' },
      telemetry: { metrics: false, traces: false, serviceName: 'palimpsest' },
      logs: 'auto',
      development: true,
    });
  });

  test('lets the command line win over the environment', () => {
    const config = loadConfig({ data: '/elsewhere', port: '0' }, { PALIMPSEST_DATA: '/here', PORT: '5000' });
    expect(config).toMatchObject({ dataDir: '/elsewhere', port: 0, events: { file: '/elsewhere/events.sqlite' } });
  });

  test('treats an empty variable as unset', () => {
    expect(loadConfig({}, { PORT: '', HOST: '', PALIMPSEST_DATA: '', PALIMPSEST_AUTH: '' })).toEqual(
      loadConfig({}, {}),
    );
  });

  test.each([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '4000.5' }],
    ['HOST', { HOST: 'two words' }],
    ['PALIMPSEST_EVENTS', { PALIMPSEST_EVENTS: 'postgres://events.example.org' }],
    ['PALIMPSEST_EVENTS', { PALIMPSEST_EVENTS: 'esdb://events.example.org:2113?tsl=false' }],
    ['PALIMPSEST_EVENTS_USER', { PALIMPSEST_EVENTS: 'esdb://events.example.org', PALIMPSEST_EVENTS_PASSWORD: 'x' }],
    ['PALIMPSEST_EVENTS_FILE', { PALIMPSEST_EVENTS_FILE: '/nowhere/events' }],
    ['PALIMPSEST_EVENTS', { PALIMPSEST_EVENTS: './events.sqlite' }],
    ['PALIMPSEST_EVENTS', { PALIMPSEST_EVENTS: 'sqlite:' }],
    ['PALIMPSEST_CONTENT', { PALIMPSEST_CONTENT: './content' }],
    ['PALIMPSEST_CONTENT', { PALIMPSEST_CONTENT: 'directory:' }],
    ['PALIMPSEST_CONTENT', { PALIMPSEST_CONTENT: 's3:///prefix' }],
    ['PALIMPSEST_CONTENT', { PALIMPSEST_CONTENT: 's3://bucket/../other' }],
    ['PALIMPSEST_CONTENT_ENDPOINT', { ...S3, PALIMPSEST_CONTENT_ENDPOINT: 'objects:9000' }],
    ['PALIMPSEST_CONTENT_ENDPOINT', { ...S3, PALIMPSEST_CONTENT_ENDPOINT: 'https://key:secret@objects.example.org' }],
    ['PALIMPSEST_CONTENT_ACCESS_KEY', { ...S3, PALIMPSEST_CONTENT_SECRET_KEY: 'x' }],
    ['PALIMPSEST_CONTENT_SECRET_KEY', { ...S3, PALIMPSEST_CONTENT_ACCESS_KEY: 'x' }],
    ['PALIMPSEST_UPLOAD_BYTES', { PALIMPSEST_UPLOAD_BYTES: '2 GB' }],
    ['PALIMPSEST_UPLOAD_BYTES', { PALIMPSEST_UPLOAD_BYTES: '0' }],
    ['PALIMPSEST_UPLOAD_DAY_BYTES', { PALIMPSEST_UPLOAD_DAY_BYTES: '99999999 TiB' }],
    ['PALIMPSEST_UPLOAD_HOURS', { PALIMPSEST_UPLOAD_HOURS: '0' }],
    ['PALIMPSEST_UPLOAD_KINDS', { PALIMPSEST_UPLOAD_KINDS: 'image/*, pdf' }],
    ['PALIMPSEST_SCANNER', { PALIMPSEST_SCANNER: 'clamav' }],
    ['PALIMPSEST_SCANNER', { PALIMPSEST_SCANNER: 'command:clamscan' }],
    ['PALIMPSEST_SCANNER', { PALIMPSEST_SCANNER: 'https://key:secret@scanner.example.org' }],
    ['PALIMPSEST_AUTH', { PALIMPSEST_AUTH: 'none' }],
    ['OIDC_ISSUER', { ...OIDC, OIDC_ISSUER: undefined }],
    ['OIDC_AUDIENCE', { ...OIDC, OIDC_AUDIENCE: ' ' }],
    ['OIDC_JWKS_URI', { ...OIDC, OIDC_JWKS_URI: 'http://login.example.org/keys' }],
    ['OIDC_JWKS_URI', { ...OIDC, OIDC_JWKS_URI: 'keys.json' }],
    ['OIDC_ALGORITHMS', { ...OIDC, OIDC_ALGORITHMS: 'RS256,HS256' }],
    ['OIDC_ALGORITHMS', { ...OIDC, OIDC_ALGORITHMS: 'none' }],
    ['OIDC_TOKEN_TYPES', { ...OIDC, OIDC_TOKEN_TYPES: 'id+jwt' }],
    ['OIDC_MAX_TOKEN_AGE', { ...OIDC, OIDC_MAX_TOKEN_AGE: '1h' }],
    ['OIDC_MAX_TOKEN_AGE', { ...OIDC, OIDC_MAX_TOKEN_AGE: '0' }],
    ['OIDC_MAX_TOKEN_AGE', { ...OIDC, OIDC_MAX_TOKEN_AGE: '31536000' }],
    ['PALIMPSEST_HOSTS', { PALIMPSEST_HOSTS: '*' }],
    ['PALIMPSEST_HOSTS', { PALIMPSEST_HOSTS: 'content.example.org, https://content.example.org' }],
    ['PALIMPSEST_ORIGINS', { PALIMPSEST_ORIGINS: '*' }],
    ['PALIMPSEST_ORIGINS', { PALIMPSEST_ORIGINS: 'null' }],
    ['PALIMPSEST_ORIGINS', { PALIMPSEST_ORIGINS: 'studio.example.org' }],
    ['PALIMPSEST_ORIGINS', { PALIMPSEST_ORIGINS: 'https://studio.example.org/' }],
    ['PALIMPSEST_ORIGINS', { PALIMPSEST_ORIGINS: 'https://*.example.org' }],
  ])('names %s when it is wrong: %j', (name, environment) => {
    expect(() => loadConfig({}, environment)).toThrow(UsageError);
    expect(() => loadConfig({}, environment)).toThrow(name);
  });

  test('accepts names of hosts and origins in any case, and the limits of tokens', () => {
    const config = loadConfig(
      {},
      {
        ...OIDC,
        OIDC_TOKEN_TYPES: 'at+jwt, JWT',
        OIDC_MAX_TOKEN_AGE: '3600',
        PALIMPSEST_HOSTS: 'Content.example.org, [2001:DB8::1]:8080,',
        PALIMPSEST_ORIGINS: 'https://Studio.example.org,http://127.0.0.1:5173',
      },
    );
    expect(config).toMatchObject({
      hosts: ['content.example.org', '[2001:db8::1]:8080'],
      origins: ['https://studio.example.org', 'http://127.0.0.1:5173'],
      auth: { tokenTypes: ['at+jwt', 'JWT'], maxTokenAge: 3600 },
    });
  });

  test('accepts limits of uploads as a person writes them, and a scanner', () => {
    const config = loadConfig(
      { data: '/srv' },
      {
        PALIMPSEST_CONTENT: 'directory:/srv/bytes',
        PALIMPSEST_UPLOAD_BYTES: '500 MiB',
        PALIMPSEST_UPLOAD_DAY_BYTES: '2TiB',
        PALIMPSEST_UPLOAD_HOURS: '6',
        PALIMPSEST_UPLOAD_KINDS: 'image/*, application/pdf',
        PALIMPSEST_SCANNER: 'clamd://[::1]',
      },
    );
    expect(config.uploads).toEqual({
      directory: '/srv/bytes/uploads',
      bytes: 500 * 1024 ** 2,
      bytesPerDay: 2 * 1024 ** 4,
      kinds: ['image/*', 'application/pdf'],
      lifetime: 6 * 3_600_000,
      scanner: { by: 'clamd', host: '::1', port: 3310 },
    });
  });

  test('accepts an object store with separate keys', () => {
    const config = loadConfig(
      { data: '/srv' },
      {
        ...S3,
        PALIMPSEST_CONTENT_ENDPOINT: 'https://objects.example.org:9000/',
        PALIMPSEST_CONTENT_ACCESS_KEY: 'writer',
        PALIMPSEST_CONTENT_SECRET_KEY: 'open-sesame',
      },
    );
    expect(config.content).toEqual({
      adapter: 's3',
      place: {
        bucket: 'content.example.org',
        prefix: 'palimpsest/',
        region: 'us-east-1',
        endpoint: 'https://objects.example.org:9000',
        pathStyle: true,
        credentials: { accessKeyId: 'writer', secretAccessKey: 'open-sesame' },
        incoming: '/srv/content/incoming',
      },
    });
    expect(printable(config)).toContain(
      'content s3://content.example.org/palimpsest/ at https://objects.example.org:9000',
    );
    expect(printable(config)).not.toContain('open-sesame');
  });

  test('names every wrong variable at once', () => {
    const load = () => loadConfig({}, { PORT: 'x', PALIMPSEST_AUTH: 'oidc' });
    for (const name of ['PORT', 'OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_JWKS_URI']) expect(load).toThrow(name);
  });

  test('never prints a password in a URL, because it never accepts one', () => {
    const secret = 'https://user:open-sesame@login.example.org/';
    const load = () => loadConfig({}, { ...OIDC, OIDC_ISSUER: secret });
    expect(load).toThrow('OIDC_ISSUER must not carry a user name or password');
    expect(load).not.toThrow('open-sesame');
  });

  test('is printed in a few lines', () => {
    const text = printable(loadConfig({ data: '/srv/palimpsest' }, { ...OIDC, HOST: '::1', NODE_ENV: 'production' }));
    expect(text.split('\n')).toEqual([
      'data    /srv/palimpsest',
      'events  sqlite:/srv/palimpsest/events.sqlite',
      'tables  sqlite:/srv/palimpsest/tables.sqlite',
      'content directory:/srv/palimpsest/content',
      'auth    oidc, issuer https://login.example.org/, audience palimpsest',
      'mode    production',
    ]);
  });
});

test('child processes see none of our settings', () => {
  expect(childEnvironment({ ...OIDC, PATH: '/bin' })).toEqual({ PATH: '/bin' });
});

describe('development tokens', () => {
  test.each(['0.0.0.0', '::', '192.168.1.10', 'content.example.org'])('are never served on the host %s', (host) => {
    expect(() => refuseUnsafeAddress(loadConfig({ host }, {}))).toThrow(/HOST is .* PALIMPSEST_AUTH is development/);
    expect(() => refuseUnsafeAddress(loadConfig({ host }, OIDC))).not.toThrow();
  });

  test.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('may be served on the host %s', (host) => {
    expect(() => refuseUnsafeAddress(loadConfig({ host }, {}))).not.toThrow();
  });

  test.each([
    ['nothing at all', {}, [false, false]],
    ['metrics', { PALIMPSEST_TELEMETRY: 'metrics' }, [true, false]],
    ['metrics and traces', { PALIMPSEST_TELEMETRY: 'metrics, traces' }, [true, true]],
    ['traces, by naming a collector', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, [false, true]],
    ['traces, by naming an exporter', { OTEL_TRACES_EXPORTER: 'console' }, [false, true]],
    [
      'no traces, whatever else is said',
      { PALIMPSEST_TELEMETRY: 'traces', OTEL_TRACES_EXPORTER: 'none' },
      [false, false],
    ],
    ['nothing, switched off', { PALIMPSEST_TELEMETRY: 'metrics,traces', OTEL_SDK_DISABLED: 'true' }, [false, false]],
  ])('are independent of telemetry, which exposes %s', (_what, environment, expected) => {
    const { metrics, traces } = loadConfig({}, environment).telemetry;
    expect([metrics, traces]).toEqual(expected);
  });

  test('refuses unknown words for telemetry and logs', () => {
    expect(() => loadConfig({}, { PALIMPSEST_TELEMETRY: 'metrics,logs' })).toThrow('not "logs"');
    expect(() => loadConfig({}, { PALIMPSEST_LOG: 'xml' })).toThrow('PALIMPSEST_LOG must be auto, json or text');
  });
});
