import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { CATEGORIES, EVENT_TYPES } from '../domain/catalogue';
import { COMMANDS } from '../domain/deciders';
import { fieldsOf, type Shape } from '../domain/input';
import { ROLES } from '../domain/roles';
import { ActFields, inputName } from './commands';
import { enumWords } from './enums';
import { mutationOf } from './naming';
import { ALLOWED, permissionsOf } from './roles';

const mutations = COMMANDS.map(mutationOf);
const text = readFileSync(join(__dirname, '../../schema.graphql'), 'utf8');
const schema = buildSchema(text);
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__') && !isBuiltIn(name));

function isBuiltIn(name: string): boolean {
  return ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name);
}

describe('the contract', () => {
  it('describes every type, field, argument and value', () => {
    const silent: string[] = [];
    const check = (description: string | null | undefined, place: string) => {
      if (!description) silent.push(place);
    };
    for (const type of types) {
      check(type.description, type.name);
      if (isEnumType(type))
        for (const value of type.getValues()) check(value.description, `${type.name}.${value.name}`);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(field.description, `${type.name}.${field.name}`);
        for (const argument of 'args' in field ? field.args : []) {
          check(argument.description, `${type.name}.${field.name}(${argument.name})`);
        }
      }
    }
    expect(silent).toEqual([]);
  });

  it('has a type of entry for every event type in the history and no other', () => {
    const entry = schema.getType('HistoryEntry') as GraphQLInterfaceType;
    expect(schema.getPossibleTypes(entry).map(({ name }) => name)).toEqual(EVENT_TYPES);
  });

  it("describes the common fields of an interface's types in the same words", () => {
    for (const type of types.filter(isInterfaceType)) {
      for (const [name, { description }] of Object.entries(type.getFields())) {
        if (name === 'id') continue;
        const told = schema.getPossibleTypes(type).map((each) => [each.name, each.getFields()[name]?.description]);
        expect(told).toEqual(told.map(([each]) => [each, description]));
      }
    }
  });

  it('allows one query to ask several types of an interface for fields of the same name', () => {
    for (const type of types.filter(isInterfaceType)) {
      if (type.name === 'Node') continue;
      const shown = new Map<string, string>();
      for (const each of schema.getPossibleTypes(type)) {
        for (const { name, type: of } of Object.values(each.getFields())) {
          expect([each.name, name, shown.get(name) ?? `${of}`]).toEqual([each.name, name, `${of}`]);
          shown.set(name, `${of}`);
        }
      }
    }
  });

  it('has a mutation for every command, and one that begins an upload', () => {
    const all = [...mutations, 'uploadBegin'];
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(all.sort());
  });

  it('tells a viewer for every mutation whether the roles allow it', () => {
    const told = schema.getType('Permissions');
    const fields = isObjectType(told) ? Object.keys(told.getFields()) : [];
    expect(fields.sort()).toEqual(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort());
    expect(Object.keys(permissionsOf([])).sort()).toEqual(fields);
    expect(Object.values(enumWords(parse(text)).Role ?? {})).toEqual(ROLES);
  });

  it('lets a viewer ask about every act before it is done', () => {
    const tried = schema.getType('TriedAct') as GraphQLInputObjectType;
    const inputs = Object.values(tried.getFields()).map(({ name, type }) => `${name}: ${type}`);
    const acts = Object.values(schema.getMutationType()?.getFields() ?? {});
    const taken = acts.flatMap(({ name, args }) =>
      mutations.includes(name) ? [`${name}: ${getNullableType(args[0]!.type)}`] : [],
    );
    expect(inputs.sort()).toEqual(taken.sort());
  });

  it('states the roles for every root field, and for no other', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`));
    expect(Object.keys(ALLOWED).sort()).toEqual(fields.sort());
  });

  it('lets every query wait for a position and name a past moment', () => {
    const questions = Object.values(schema.getQueryType()?.getFields() ?? {});
    const without = (argument: string) =>
      questions.filter(({ args }) => !args.some(({ name }) => name === argument)).map(({ name }) => name);
    expect(without('waitFor')).toEqual(['node', 'upload', 'viewer']);
    // `changesBetween` names two moments, as `from` and `to`.
    // What is asked of the ledger is asked of its last checkpoint.
    const ledger = ['checkpoint', 'proof', 'promise', 'consistency', 'verifyLog'];
    expect(without('at')).toEqual(['changesBetween', 'node', 'upload', 'viewer', 'head', ...ledger]);
  });

  it('keeps `node(id:)` as Relay defines it, and a cursor apart from a position to wait for', () => {
    const fields = schema.getQueryType()?.getFields() ?? {};
    expect(fields.node?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual(['id: ID!']);
    for (const { name, args } of Object.values(fields)) {
      const types = args.map((argument) => `${argument.name}: ${argument.type}`);
      const paged = types.includes('first: Int');
      expect([name, types.includes('after: String')]).toEqual([name, paged]);
      expect([name, types.includes('waitFor: Position')]).toEqual([name, !['node', 'upload', 'viewer'].includes(name)]);
    }
  });

  it('states the roles in the description of every mutation', () => {
    const fields = schema.getMutationType()?.getFields() ?? {};
    for (const known of COMMANDS) {
      const name = mutationOf(known);
      expect([name, fields[name]?.description?.split(' Roles: ')[1]]).toEqual([
        name,
        `${known.definition.roles.join(', ')}.`,
      ]);
    }
  });

  it('has one input and one payload for every act, with the fields common to all acts', () => {
    for (const mutation of mutations) {
      const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
      const field = schema.getMutationType()?.getFields()[mutation];
      expect([mutation, `${field?.type}`]).toEqual([mutation, `${type}Payload!`]);
      expect([mutation, field?.args.map((arg) => `${arg.name}: ${arg.type}`)]).toEqual([
        mutation,
        [`input: ${type}Input!`],
      ]);
      const payload = schema.getType(`${type}Payload`);
      expect([mutation, isObjectType(payload) && payload.getInterfaces().map(({ name }) => name)]).toEqual([
        mutation,
        ['ActPayload'],
      ]);
      const input = schema.getType(`${type}Input`);
      expect([mutation, isInputObjectType(input) && `${input.getFields().act?.type}`]).toEqual([mutation, 'ActInput!']);
    }
  });

  it('takes exactly the fields of a command, under the names of the schema', () => {
    for (const { type, category, definition } of COMMANDS) {
      const mutation = mutationOf({ type, category });
      const input = schema.getType(`${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`) as GraphQLInputObjectType;
      compare(definition.command, input, ['act']);
    }
    compare(ActFields, schema.getType('ActInput') as GraphQLInputObjectType, []);
  });
});

/** Every field of a class is a field of the input type, with the same requiredness, and there is no other. */
function compare(shape: Shape, input: GraphQLInputObjectType, besides: readonly string[]): void {
  const fields = [...fieldsOf(shape).values()].filter(({ name }) => name !== 'type');
  expect([input.name, Object.keys(input.getFields()).sort()]).toEqual([
    input.name,
    [...fields.map(inputName), ...besides, ...(input.name === 'ContentInput' ? ['uploadId'] : [])].sort(),
  ]);
  for (const field of fields) {
    const given = input.getFields()[inputName(field)]!;
    const named = getNamedType(given.type);
    // A required field of a command may have a default in the schema, or be derived if the caller gives none.
    const isOptional = !isNonNullType(given.type);
    // Of an upload, or of bytes that are here, the server knows these.
    const isFilledIn = input.name === 'ContentInput' && ['digest', 'bytes', 'mediaType'].includes(given.name);
    if (!field.isOptional && isOptional && !isFilledIn)
      expect(CATEGORIES.map((category) => `${category}Id`)).toContain(given.name);
    if (field.isOptional) expect([input.name, given.name, isOptional]).toEqual([input.name, given.name, true]);
    if (field.part !== undefined) compare(field.part, named as GraphQLInputObjectType, []);
  }
}
