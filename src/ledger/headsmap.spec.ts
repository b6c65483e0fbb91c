import fc from 'fast-check';
import { sha256 } from './hash';
import { BRANCHES, HeadsMap, keyOfStream, type StreamEnd, verifyHead } from './headsmap';

const end = (stream: string, revision: number): StreamEnd => ({
  key: keyOfStream(stream),
  revision,
  leaf: sha256(`${stream} ${revision}`),
});

function mapOf(ends: readonly StreamEnd[]): HeadsMap {
  const map = new HeadsMap();
  for (const each of ends) map.set(each);
  return map;
}

const many = Array.from({ length: 500 }, (_, n) => end(`asset-${n}`, n % 7));

describe('the map of the heads of streams', () => {
  test('returns the latest value', () => {
    const map = mapOf([...many, end('asset-3', 99)]);
    expect(map.size).toBe(500);
    expect(map.get(keyOfStream('asset-3'))).toEqual(end('asset-3', 99));
    expect(map.get(keyOfStream('asset-4'))).toEqual(many[4]);
    expect(map.get(keyOfStream('other'))).toBeUndefined();
  });

  test('has a root that depends on the content and not on the order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(many, { minLength: many.length }), (order) => {
        expect(mapOf(order).root()).toEqual(mapOf(many).root());
      }),
      { numRuns: 10 },
    );
  });

  test('has another root after every change, however often it was computed before', () => {
    const map = new HeadsMap();
    const roots = new Set([map.root().toString('hex')]);
    for (const each of [...many, end('asset-3', 99), { ...many[4]!, leaf: sha256('x') }]) {
      map.set(each);
      roots.add(map.root().toString('hex'));
    }
    expect(roots.size).toBe(503);
  });

  test('proves where each stream ends, and that no other stream is there', () => {
    const map = mapOf(many);
    for (const each of many) expect(verifyHead(each.key, map.prove(each.key), map.root())).toBe('end');
    for (let n = 0; n < 500; n += 1) {
      const key = keyOfStream(`campaign-${n}`);
      expect(verifyHead(key, map.prove(key), map.root())).toBe('absent');
    }
    const none = keyOfStream('a');
    expect(verifyHead(none, new HeadsMap().prove(none), new HeadsMap().root())).toBe('absent');
  });

  test('proves nothing about another stream, another end or another map', () => {
    const [map, key] = [mapOf(many), many[7]!.key];
    const proof = map.prove(key);
    const at = (change: Partial<StreamEnd>) =>
      verifyHead(key, { ...proof, end: { ...proof.end!, ...change } }, map.root());
    expect(at({ revision: 8 })).toBeUndefined();
    expect(at({ leaf: sha256('other') })).toBeUndefined();
    expect(verifyHead(key, { ...proof, end: undefined }, map.root())).toBeUndefined();
    expect(verifyHead(key, { ...proof, nodes: proof.nodes.slice(1) }, map.root())).toBeUndefined();
    expect(verifyHead(key, { ...proof, nodes: [] }, map.root())).toBeUndefined();
    expect(verifyHead(key, proof, sha256('other'))).toBeUndefined();
    expect(verifyHead(keyOfStream('asset-8'), proof, map.root())).not.toBe('end');
    const short = proof.nodes.map((branches) => branches.slice(0, BRANCHES - 1));
    expect(verifyHead(key, { ...proof, nodes: short }, map.root())).toBeUndefined();
  });

  test('does not let the end of one stream prove the absence of another at a different branch', () => {
    const map = mapOf(many);
    const strangers = Array.from({ length: 50 }, (_, n) => keyOfStream(`stranger ${n}`));
    const results = strangers.map((key) => verifyHead(key, map.prove(many[7]!.key), map.root()));
    expect(results.filter((result) => result === 'end')).toEqual([]);
    expect(results.filter((result) => result === undefined).length).toBeGreaterThan(40);
  });
});
