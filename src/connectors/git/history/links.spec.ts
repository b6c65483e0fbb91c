import fc from 'fast-check';
import { Links } from './links';

describe('symbolic links', () => {
  const there =
    (...paths: string[]) =>
    (path: string) =>
      paths.includes(path);

  it('are followed through links, linked directories and parent directories', () => {
    const links = new Links([
      ['a/b/l.svg', '../c/m.svg'],
      ['a/c', '../real'],
      ['real/m.svg', './/n.svg'],
    ]);
    expect(links.lead('a/b/l.svg', there('real/n.svg'))).toEqual({ path: 'real/n.svg' });
  });

  it.each([
    ['nothing', 'missing.svg', 'dangling'],
    ['themselves', 'l.svg', 'loop'],
    ['above the tree', '../other/a.svg', 'outside'],
    ['an absolute place', '/usr/share/a.svg', 'outside'],
  ])('that lead to %s are lost', (_what, target, lost) => {
    expect(new Links([['l.svg', target]]).lead('l.svg', there())).toEqual({ lost });
  });

  it('are resolved again when something on their path changes, and only then', () => {
    const links = new Links([
      ['x/l.svg', 'dir/a.svg'],
      ['other.svg', 'b.svg'],
    ]);
    links.changed('x/dir/a.svg');
    expect(links.takeStale()).toEqual(['x/l.svg']);
    links.set('x/dir', 'elsewhere');
    expect(links.takeStale()).toEqual(['x/dir', 'x/l.svg']);
    links.changed('nobody/looks/here');
    expect(links.takeStale()).toEqual([]);
  });

  it('have the same targets as if all were resolved again, whatever changed before', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd/e');
    const act = fc.record({ path: name, target: fc.option(fc.constantFrom('a', 'b', '../a', 'd', 'e', './c')) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), fc.uniqueArray(name), (acts, files) => {
        const isThere = there(...files);
        const links = new Links();
        const known = new Map<string, unknown>();
        for (const { path, target } of acts) {
          if (target === null) links.delete(path);
          else links.set(path, target);
          for (const stale of links.takeStale()) known.set(stale, links.lead(stale, isThere));
        }
        const anew = new Links(links.entries());
        for (const [path] of links.entries()) expect(known.get(path)).toEqual(anew.lead(path, isThere));
      }),
    );
  });
});
