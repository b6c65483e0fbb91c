import { type DocumentNode, GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isPosition } from './ids';
import { argumentOf } from './literals';

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MAX_64 = 2n ** 63n - 1n;

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  // Date turns 30 February into a day in March; a date that does not round-trip is invalid.
  return DAY.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function parseDateTime(value: unknown): string {
  const [, year, month, day] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  const time = year === undefined ? Number.NaN : Date.parse(value as string);
  if (Number.isNaN(time) || !isDay(`${year}-${month}-${day}`)) {
    refuse('DateTime must be ISO 8601 with date, time and zone, for instance "2024-05-01T09:30:00.000Z".');
  }
  return new Date(time).toISOString();
}

function parseDate(value: unknown): string {
  return typeof value === 'string' && isDay(value) ? value : refuse('Date must be a calendar day, YYYY-MM-DD.');
}

function parseBigInt(value: unknown): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const isWhole = typeof text === 'string' && /^-?\d{1,19}$/.test(text);
  const number = isWhole ? BigInt(text) : undefined;
  if (number === undefined || number > MAX_64 || number < -MAX_64 - 1n) {
    refuse('BigInt must be a whole number of up to 64 bits, as a decimal string.');
  }
  return String(number);
}

const matching = (name: string, pattern: RegExp, form: string) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value) ? value : refuse(`${name} must be ${form}.`);

function scalar(name: string, parse: (value: unknown) => string): GraphQLScalarType<string, string> {
  return new GraphQLScalarType<string, string>({
    name,
    // Rows are canonical already: values are returned as stored.
    serialize: (value) => (typeof value === 'string' ? value : String(value)),
    parseValue: parse,
    parseLiteral: (node: ValueNode) => literal(node, parse),
  });
}

/** An invalid literal of a document is refused with its location and its argument, as a variable is. */
function literal(node: ValueNode, parse: (value: unknown) => string): string {
  try {
    return parse(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined);
  } catch (error) {
    const { message, extensions } = error as GraphQLError;
    const argument = argumentOf(node);
    const place = argument.length === 0 ? '' : `${argument.join('.')}: `;
    throw new GraphQLError(place + message, { nodes: node, extensions: { ...extensions, argument } });
  }
}

/** The scalars of the schema: strict input, canonical strings inside. */
export const SCALARS = {
  DateTime: scalar('DateTime', parseDateTime),
  Date: scalar('Date', parseDate),
  BigInt: scalar('BigInt', parseBigInt),
  Digest: scalar('Digest', matching('Digest', /^[0-9a-f]{64}$/, '64 lower-case hexadecimal characters')),
  Position: scalar('Position', (value) =>
    isPosition(value) ? value : refuse('Position must be 20 decimal digits, as an answer gave them.'),
  ),
} as const;

/** The scalars with their descriptions from the schema, which would otherwise be lost. */
export function scalarsOf(contract: DocumentNode): Record<string, GraphQLScalarType> {
  const described = contract.definitions.flatMap((node) =>
    node.kind === Kind.SCALAR_TYPE_DEFINITION ? [[node.name.value, node.description?.value] as const] : [],
  );
  const words = new Map(described);
  return Object.fromEntries(
    Object.entries(SCALARS).map(([name, type]) => [
      name,
      new GraphQLScalarType({ ...type.toConfig(), description: words.get(name) }),
    ]),
  );
}
