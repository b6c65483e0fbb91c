import { type OperationDefinitionNode, parse } from 'graphql';
import { MAX_GIVEN } from './limits';
import { Uses } from './uses';

function refusal(query: string, variables: Record<string, unknown>): string | undefined {
  const document = parse(query);
  return new Uses(document, document.definitions[0] as OperationDefinitionNode).refusal(variables)?.message;
}

const times = (many: number, write: (index: number) => string): string =>
  Array.from({ length: many }, (_, index) => write(index)).join(' ');
const long = 'a'.repeat(MAX_GIVEN / 4);

describe('values of variables', () => {
  it('may be as long as the body if each is used once', () => {
    const query =
      'query ($a: String, $b: String) { a: assets(filter: { tool: $a }) { nodes { id } } b: asset(id: $b) { id } }';
    expect(refusal(query, { a: long.repeat(5), b: long.repeat(5) })).toBeUndefined();
  });

  it('count per use: by fields, within objects, in directives, and in fragments', () => {
    const three = 'query ($a: ID!) { a: asset(id: $a) { id } b: asset(id: $a) { id } c: asset(id: $a) { id } }';
    expect(refusal(three, { a: long })).toBeUndefined();
    const tenfold = [
      `query ($a: ID!) { ${times(10, (n) => `a${n}: asset(id: $a) { id }`)} }`,
      `query ($a: ID!) { ${times(10, (n) => `a${n}: assets(filter: { tagsAll: [$a] }) { nodes { id } }`)} }`,
      `query ($a: ID!) { ${times(10, () => '...f')} } fragment f on Query { asset(id: $a) { id } }`,
      `query ($a: ID!) { ${times(5, () => '...f')} } fragment f on Query { ...g ...g } fragment g on Query { asset(id: $a) { id } }`,
    ];
    for (const query of tenfold) {
      expect(refusal(query, { a: long })).toBe(
        `$a is used 10 times, which is too often for its size: values may have ${MAX_GIVEN} characters, each counted wherever it is used.`,
      );
      expect(refusal(query, { a: 'asset-00000000-0000-4000-8000-000000000000' })).toBeUndefined();
      expect(refusal(query, {})).toBeUndefined();
    }
  });

  it('count with each entry of a list and each member of an object, and in total', () => {
    const query = `query ($a: X, $b: Y) { ${times(4, (n) => `a${n}: assets(filter: $a, at: $b) { nodes { id } }`)} }`;
    const list = Array.from({ length: MAX_GIVEN / 64 }, () => true);
    expect(refusal(query, { a: { tag: list } })).toBeUndefined();
    expect(refusal(query, { a: { tag: [...list, ...list] } })).toContain('$a');
    expect(refusal(query, { a: { tag: list }, b: { tag: list } })).toContain('$b');
  });
});
