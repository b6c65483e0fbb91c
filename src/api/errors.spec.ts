import { buildSchema, execute, GraphQLError, parse } from 'graphql';
import { NewerEvent } from '../domain/upcast';
import { Unavailable, UnknownOutcome } from '../store/store';
import { ERRORS, fault, formatError } from './errors';

/** An executor's error around a resolver's error. */
function shown(thrown: Error): { formatted: ReturnType<ReturnType<typeof formatError>>; reported: unknown[] } {
  const reported: unknown[] = [];
  const wrapped = new GraphQLError(thrown.message, { originalError: thrown, path: ['assets'] });
  return { formatted: formatError((error) => reported.push(error))(wrapped.toJSON(), wrapped), reported };
}

describe('the error in an answer', () => {
  it('has a code, a path and the argument it is about', () => {
    const { formatted, reported } = shown(fault('BAD_USER_INPUT', 'first must be from 1 to 100.', ['first']));
    expect(formatted).toEqual({
      message: 'first must be from 1 to 100.',
      path: ['assets'],
      extensions: { code: 'BAD_USER_INPUT', argument: ['first'] },
    });
    expect(reported).toEqual([]);
  });

  it('names the argument that the executor refused, and is no fault of the server', async () => {
    const schema = buildSchema(
      'type Query { echo(text: String!): String, other(by: By): String } input By { up: Boolean! = true }',
    );
    for (const [query, argument] of [
      ['query ($t: String = "a") { echo(text: $t) }', 'text'],
      ['query ($t: Boolean = true) { other(by: { up: $t }) }', 'by'],
      ['query ($t: Boolean = true) { other @skip(if: $t) }', 'if'],
    ] as const) {
      const { errors = [] } = await execute({ schema, document: parse(query), variableValues: { t: null } });
      const reported: unknown[] = [];
      const formatted = formatError((error) => reported.push(error))(errors[0]!.toJSON(), errors[0]!);
      expect(formatted.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: [argument] });
      expect(formatted.message).toContain(`"${argument}"`);
      expect(reported).toEqual([]);
    }
  });

  it('is a fault of the server if a resolver returns a value that its type does not allow', async () => {
    const schema = buildSchema('type Query { count: Int, must: Int! }');
    for (const rootValue of [{ count: 'many' }, { must: null }]) {
      const [field] = Object.keys(rootValue);
      const { errors = [] } = await execute({ schema, document: parse(`{ ${field} }`), rootValue });
      const formatted = formatError(() => undefined)(errors[0]!.toJSON(), errors[0]!);
      expect(formatted.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    }
  });

  it('states whether an act was written if the store is unavailable', () => {
    expect(shown(new Unavailable('disk full')).formatted.extensions).toEqual({
      code: 'STORE_UNAVAILABLE',
      retryAfterMs: 2000,
    });
    expect(shown(new UnknownOutcome('lost')).formatted.extensions).toEqual({
      code: 'OUTCOME_UNKNOWN',
      retryAfterMs: 1000,
    });
  });

  it('asks for an update if a newer version of the program wrote the log', () => {
    const { formatted, reported } = shown(new NewerEvent('AssetBurnt', '1', '00000000000000000007'));
    expect(formatted.extensions).toEqual({ code: 'NEWER_PROGRAM_NEEDED' });
    expect(formatted.message).toContain('event AssetBurnt');
    // The operator of the server should know.
    expect(reported).toEqual([expect.any(NewerEvent)]);
  });

  it('reveals no internals, which go to the log', () => {
    const inside = new Error('SELECT * FROM secrets failed at /srv/db');
    const { formatted, reported } = shown(inside);
    expect(formatted).toEqual({
      message: ERRORS.INTERNAL_SERVER_ERROR[1],
      path: ['assets'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(reported).toEqual([inside]);
  });
});
