import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { KnownOperations } from './operations';
import { Plans } from './plan';

const text = 'query One { __typename }';
const document = parse(text);
const operation = document.definitions.find(
  ({ kind }) => kind === Kind.OPERATION_DEFINITION,
) as OperationDefinitionNode;
const known = { plan: new Plans(buildSchema('type Query { a: Int }')).of('hash', document, operation), document };

it('knows a question by its text and the name of its operation, wherever one ends and the other begins', () => {
  const operations = new KnownOperations();
  operations.remember(text, 'One', known);
  expect(operations.get(text, 'One')).toBe(known);
  for (const [otherText, name] of [
    [text, undefined],
    [`One${text}`, undefined],
    [`One\0${text}`, undefined],
    [`3:One${text}`, undefined],
    [text.slice(1), `One${text[0]}`],
  ] as const) {
    expect(operations.get(otherText, name)).toBeUndefined();
  }
});
