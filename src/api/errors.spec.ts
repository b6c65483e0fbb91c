import { GraphQLError } from 'graphql';
import { NewerEvent } from '../domain/upcast';
import { Unavailable, UnknownOutcome } from '../store/store';
import { ERRORS, fault, formatError } from './errors';

/** The error of an executor around what a resolver threw. */
function shown(thrown: Error): { formatted: ReturnType<ReturnType<typeof formatError>>; reported: unknown[] } {
  const reported: unknown[] = [];
  const wrapped = new GraphQLError(thrown.message, { originalError: thrown, path: ['assets'] });
  return { formatted: formatError((error) => reported.push(error))(wrapped.toJSON(), wrapped), reported };
}

describe('what an answer says of a fault', () => {
  it('is its code, its place and the argument it is about', () => {
    const { formatted, reported } = shown(fault('BAD_USER_INPUT', 'first must be from 1 to 100.', ['first']));
    expect(formatted).toEqual({
      message: 'first must be from 1 to 100.',
      path: ['assets'],
      extensions: { code: 'BAD_USER_INPUT', argument: ['first'] },
    });
    expect(reported).toEqual([]);
  });

  it('is whether an act was written, where the store cannot be reached', () => {
    expect(shown(new Unavailable('disk full')).formatted.extensions).toEqual({
      code: 'STORE_UNAVAILABLE',
      retryAfterMs: 2000,
    });
    expect(shown(new UnknownOutcome('lost')).formatted.extensions).toEqual({
      code: 'OUTCOME_UNKNOWN',
      retryAfterMs: 1000,
    });
  });

  it('is that an update is needed, where the log was written by a newer version of the program', () => {
    const { formatted, reported } = shown(new NewerEvent('AssetBurnt', '1', '00000000000000000007'));
    expect(formatted.extensions).toEqual({ code: 'NEWER_PROGRAM_NEEDED' });
    expect(formatted.message).toContain('event AssetBurnt');
    // Whoever looks after the server should know.
    expect(reported).toEqual([expect.any(NewerEvent)]);
  });

  it('is nothing of the inside, which goes to the log', () => {
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
