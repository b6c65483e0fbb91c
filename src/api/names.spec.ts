import { type NamedActor, NameIndex } from './names';

const mapOf = (names: Readonly<Record<string, string>>) =>
  new Map(Object.entries(names).map(([id, name]) => [id, { name }]));

const idsOf = (found: readonly NamedActor[]) => found.map(({ opaqueId }) => opaqueId);

describe('people found by name', () => {
  const names = mapOf({
    a: 'Ana Silva',
    b: 'José Silvestre',
    c: 'Zoë O’Neill',
    d: 'ana-maria lópez',
    e: '王小明',
    f: 'Ana Silva',
  });
  const index = new NameIndex({ names: () => names });

  it.each([
    ['silv', ['a', 'f', 'b']],
    ['SILVA ana', ['a', 'f']],
    ['lopez', ['d']],
    ['ana', ['d', 'a', 'f']],
    ['ana-maria', ['d']],
    ['jose', ['b']],
    ['zoe', ['c']],
    ['ilva', []],
    ['小明', ['e']],
    ['nobody', []],
  ])('include everybody that “%s” matches, ordered by name', (question, ids) => {
    expect(idsOf(index.matching(question))).toEqual(ids);
  });

  it('include names that were added since', () => {
    let known = mapOf({ a: 'Ana' });
    const growing = new NameIndex({ names: () => known });
    expect(idsOf(growing.matching('ben'))).toEqual([]);
    known = mapOf({ a: 'Ana', b: 'Ben' });
    expect(idsOf(growing.matching('ben'))).toEqual(['b']);
  });
});
