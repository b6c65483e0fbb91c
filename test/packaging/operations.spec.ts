import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '../../src/cli/program';
import { blocksOf, firstColumn } from '../manners/readme';
import { composeOf } from './compose';

const ROOT = join(__dirname, '..', '..');
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const guide = text('docs/operations.md');
const shell = blocksOf(guide).filter(({ info }) => info[0] === 'sh');

describe('the operations guide', () => {
  test('names only existing commands', () => {
    const named = [...guide.matchAll(/(?:`|^)palimpsest ([a-z]+)(?: (init|hash|git)\b)?/gm)];
    const commands = createProgram().commands;
    expect(named.length).toBeGreaterThan(8);
    for (const [said, word, second] of named) {
      const found = commands.find((each) => each.name() === word);
      expect([said, found?.name()]).toEqual([said, word]);
      if (second !== undefined) expect(found!.commands.map((each) => each.name())).toContain(second);
    }
  });

  test('lists every metric by its exported name', () => {
    const made = [...text('src/telemetry/metrics.ts').matchAll(/(counter\()?'(palimpsest_\w+)'/g)];
    const names = made.map(([, counter, name]) => (counter ? `${name}_total` : name!));
    expect(firstColumn(guide, 'Metric')).toHaveLength(names.length);
    expect([...firstColumn(guide, 'Metric')].sort()).toEqual(names.sort());
  });

  test('starts existing services, in existing profiles', () => {
    const { services } = composeOf(text('docker-compose.yml'));
    const lines = shell
      .flatMap(({ text: lines }) => lines.split('\n'))
      .filter((line) => line.startsWith('docker compose'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const [, profile] = /--profile (\w+)/.exec(line)!;
      expect(Object.values(services).some(({ profiles }) => profiles?.includes(profile!))).toBe(true);
      const [, named = ''] = /--(?:wait|no-deps)((?: [a-z]+(?:-\d)?)*)$/.exec(line) ?? [];
      for (const name of named.split(' ').filter(Boolean)) expect(Object.keys(services)).toContain(name);
    }
  });

  test('creates every secret that the compose file needs, when pasted', () => {
    const place = mkdtempSync(join(tmpdir(), 'palimpsest-secrets-'));
    const [secrets] = shell.filter(({ text: lines }) => lines.startsWith('mkdir'));
    const [tokens] = shell.filter(({ text: lines }) => lines.startsWith('printf'));
    execFileSync('sh', ['-ec', `${secrets!.text}\n${tokens!.text}`], { cwd: place, stdio: 'ignore' });
    const asked = text('docker-compose.yml').match(/(?<!run\/)secrets\/[\w.]+/g) ?? [];
    expect(new Set(asked).size).toBeGreaterThan(5);
    for (const file of asked) expect([file, existsSync(join(place, file))]).toEqual([file, true]);
    const certificate = (name: string) => join(place, 'secrets', name);
    const verified = execFileSync(
      'openssl',
      ['verify', '-verify_hostname', 'events', '-CAfile', certificate('events_ca.crt'), certificate('events_node.crt')],
      { encoding: 'utf8' },
    );
    expect(verified).toContain('OK');
    rmSync(place, { recursive: true });
  });
});
