import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkKey } from './linkkey';
import { Links } from './links';

const HOUR = 3_600_000;
const PATH = '/content/ab/thumbnail';
const split = (url: string): readonly [string, URLSearchParams] => {
  const [path, query] = url.split('?');
  return [path!, new URLSearchParams(query)];
};

describe('a signed link', () => {
  let now = Date.parse('2026-06-01T12:20:00Z');
  const links = new Links(
    () => Buffer.alloc(32, 7),
    () => now,
  );

  it('is good until it expires', () => {
    const url = links.signed(PATH, { width: '400', version: 'version-1.1' }, now + HOUR);
    expect(links.faultOf(...split(url))).toBeUndefined();
    now += HOUR - 1_000;
    expect(links.faultOf(...split(url))).toBeUndefined();
    now += 1_000;
    expect(links.faultOf(...split(url))).toBe('expired');
    now -= HOUR;
  });

  it('stays the same for an hour, and is good for as long as was asked for at least', () => {
    const first = links.lasting(PATH, {}, HOUR);
    expect(first.expiresAt - now).toBeGreaterThanOrEqual(HOUR);
    now += 39 * 60_000;
    expect(links.lasting(PATH, {}, HOUR).url).toBe(first.url);
    now += 60_000;
    expect(links.lasting(PATH, {}, HOUR).url).not.toBe(first.url);
  });

  it('names what it was signed for, and nothing else', () => {
    const url = links.signed(PATH, { width: '400' }, now + HOUR);
    for (const changed of [
      url.replace('width=400', 'width=800'),
      url.replace(/expires=\d+/, 'expires=9999999999'),
      `${url}&more=1`,
      url.replace('/ab/', '/cd/'),
      url.replace(/signature=.*/, ''),
      url.replace(/signature=./, 'signature=-'),
      url.slice(0, -1),
    ]) {
      expect([changed, links.faultOf(...split(changed))]).toEqual([changed, 'forged']);
    }
    const others = new Links(() => Buffer.alloc(32, 8));
    expect(others.faultOf(...split(url))).toBe('forged');
  });
});

describe('the key of links', () => {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-links-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is made once, for its owner alone', () => {
    const key = linkKey(directory, undefined);
    expect(key).toHaveLength(32);
    expect(linkKey(directory, undefined).equals(key)).toBe(true);
    expect(statSync(join(directory, 'keys', 'links.key')).mode & 0o077).toBe(0);
  });

  it('follows from a secret that several servers share', () => {
    expect(linkKey(directory, 'one').equals(linkKey('/nowhere', 'one'))).toBe(true);
    expect(linkKey(directory, 'one').equals(linkKey(directory, 'two'))).toBe(false);
  });

  it('is made again where its file was cut short', () => {
    writeFileSync(join(directory, 'keys', 'links.key'), 'short');
    const key = linkKey(directory, undefined);
    expect(key).toHaveLength(32);
    expect(linkKey(directory, undefined).equals(key)).toBe(true);
  });
});
