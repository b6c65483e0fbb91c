import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { Draws } from './draws';

/** A request as a client would send it. */
export interface Question {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Record<string, unknown>;
}

/** Names with a meaning in JavaScript, and harmless ones. */
const ALIASES = [
  'a',
  'b',
  'a_b',
  'b1',
  'title',
  'id',
  'nodes',
  '__proto__',
  'constructor',
  'toString',
  'then',
  'toJSON',
];
const TEXTS = ['', 'x', 'true', 'null', '0', 'Zoë', '"', '\\u0041', '\\n', '\\\\', "'", '`$`', '*/', '</script>'];
/** The compiler's own marker for code. */
const CODE = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d(globalThis.broken = true)';
const UUID = '00000000-0000-4000-8000-000000000000';

/** Valid literals, without quotes, of the schema's scalars. */
const SCALARS: Readonly<Record<string, readonly string[]>> = {
  ID: [`"${UUID}"`, '"asset-x"', '7'],
  Position: ['"00000000000000000007"', '"00000000000000000000"'],
  DateTime: ['"2024-05-01T09:30:00.000Z"', '"2024-05-01T11:30:00+02:00"'],
  Date: ['"2024-02-29"'],
  BigInt: ['"9007199254740993"', '12'],
  Digest: [`"${'a'.repeat(64)}"`],
  Int: ['0', '1', '2', '3', '-1', '20'],
  Float: ['0', '1.5', '-2e3'],
  Boolean: ['true', 'false'],
};

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly hasDefault: boolean;
}

/** Generates a document for a schema: nearly always valid, and as unusual as the language allows. */
class Writer {
  readonly #variables = new Map<string, Variable>();
  readonly #values: Record<string, unknown> = {};
  readonly #declarations: string[] = [];
  readonly #fragments: { readonly name: string; readonly type: GraphQLNamedType; text: string }[] = [];
  #left: number;

  constructor(
    readonly schema: GraphQLSchema,
    readonly draws: Draws,
  ) {
    this.#left = 4 + draws.below(60);
  }

  question(): Question {
    const mutates = this.draws.chance(0.25);
    const root = (mutates ? this.schema.getMutationType() : this.schema.getQueryType()) as GraphQLObjectType;
    const name = this.draws.chance(0.5) ? 'One' : '';
    const body = this.#selections(root, 0);
    const declared = this.#declarations.length === 0 ? '' : `(${this.#declarations.join(', ')})`;
    const operation = `${mutates ? 'mutation' : 'query'} ${name}${declared} ${body}`;
    const parts = [
      operation,
      ...this.#fragments.map(({ name: of, type, text }) => `fragment ${of} on ${type} ${text}`),
    ];
    const other = name !== '' && this.draws.chance(0.1);
    if (other) parts.push('query Other { head { position } }');
    const query = this.draws.chance(0.5) ? parts.join('\n') : parts.reverse().join(' ');
    return { query, variables: this.#values, ...(other ? { operationName: name } : {}) };
  }

  #selections(type: GraphQLNamedType, level: number): string {
    const many = 1 + this.draws.below(4);
    const written: string[] = [];
    for (let count = 0; count < many; count += 1) {
      const selection = this.#selection(type, level);
      written.push(selection);
      // Repeated selections, with or without another condition, exercise merging.
      if (this.draws.chance(0.12)) written.push(this.#again(selection));
    }
    return `{ ${written.join(' ')} }`;
  }

  #again(selection: string): string {
    const bare = selection.replace(/^(\.\.\.\w+|\w+) @\w+\(if: [^)]*\)/, '$1');
    return /^(\.\.\.f\d+|\w+)$/.test(bare) ? `${bare}${this.#condition()}` : selection;
  }

  #selection(type: GraphQLNamedType, level: number): string {
    this.#left -= 1;
    const kind = this.draws.next();
    if (kind < 0.1 && level < 8) return `...${this.#on(type)}${this.#condition()} ${this.#inside(type, level)}`;
    if (kind < 0.25 && level < 8) return `...${this.#fragmentOn(type, level)}${this.#condition()}`;
    if (kind < 0.32) return `__typename${this.#condition()}`;
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const leaves = fields.filter(({ type: of }) => !isCompositeType(getNamedType(of)));
    const choices = (this.#left < 0 || level > 8) && leaves.length > 0 ? leaves : fields;
    const field = this.draws.of(choices);
    return field === undefined ? '__typename' : this.#field(field, level);
  }

  #chosen: GraphQLNamedType | undefined;

  /** A type condition that can hold, or none; `#inside` generates its content. */
  #on(type: GraphQLNamedType): string {
    this.#chosen = this.draws.chance(0.6) ? this.#narrowed(type) : undefined;
    return this.#chosen === undefined ? '' : ` on ${this.#chosen}`;
  }

  #inside(type: GraphQLNamedType, level: number): string {
    return this.#selections(this.#chosen ?? type, level + 1);
  }

  /** The type itself, one of its implementations, or one of its interfaces. */
  #narrowed(type: GraphQLNamedType): GraphQLNamedType {
    const near = isAbstractType(type)
      ? this.schema.getPossibleTypes(type)
      : isObjectType(type)
        ? type.getInterfaces()
        : [];
    return this.draws.of([type, ...near]);
  }

  #fragmentOn(type: GraphQLNamedType, level: number): string {
    const fitting = this.#fragments.filter((fragment) => fragment.type === type && fragment.text !== '');
    if (fitting.length > 0 && this.draws.chance(0.5)) return this.draws.of(fitting).name;
    const fragment = { name: `f${this.#fragments.length}`, type: this.#narrowed(type), text: '' };
    this.#fragments.push(fragment);
    // Empty while it is generated, so that it cannot spread itself.
    fragment.text = this.#selections(fragment.type, level + 1);
    return fragment.name;
  }

  #field(field: GraphQLField<unknown, unknown>, level: number): string {
    const given = field.args.filter((argument) => isRequiredArgument(argument) || this.draws.chance(0.3));
    const written = given.map((argument) => `${argument.name}: ${this.#value(argument, true)}`);
    const of = getNamedType(field.type);
    // Fields with the same name must have the same arguments, so a field with arguments usually gets an alias.
    const alias = this.draws.chance(written.length > 0 ? 0.7 : 0.12) ? this.draws.of(ALIASES) : undefined;
    const own = alias !== undefined && this.draws.chance(0.6) ? `${alias}${this.draws.below(1000)}` : alias;
    const name = own === undefined ? field.name : `${own}: ${field.name}`;
    const below = isCompositeType(of) ? ` ${this.#selections(of, level + 1)}` : '';
    return `${name}${written.length > 0 ? `(${written.join(', ')})` : ''}${this.#condition()}${below}`;
  }

  #condition(): string {
    if (!this.draws.chance(0.22)) return '';
    const words = this.draws.chance(0.1) ? ['skip', 'include'] : [this.draws.of(['skip', 'include'])];
    return words.map((word) => ` @${word}(if: ${this.#boolean()})`).join('');
  }

  #boolean(): string {
    if (this.draws.chance(0.3)) return this.draws.of(['true', 'false']);
    const name = `on${this.draws.below(3)}`;
    if (!this.#variables.has(name)) {
      const hasDefault = this.draws.chance(0.3);
      const type = hasDefault && this.draws.chance(0.5) ? 'Boolean' : 'Boolean!';
      const start = hasDefault ? ` = ${this.draws.of(['true', 'false'])}` : '';
      this.#declare({ name, type, hasDefault }, start);
      const given = !hasDefault || this.draws.chance(0.6);
      if (given) this.#values[name] = type === 'Boolean' && this.draws.chance(0.1) ? null : this.draws.chance(0.5);
    }
    return `$${name}`;
  }

  #value(place: GraphQLArgument | GraphQLInputField, canHaveVariable: boolean): string {
    const { type } = place;
    if (canHaveVariable && this.draws.chance(0.35)) return this.#variableOf(place);
    if (!isNonNullType(type) && this.draws.chance(0.08)) return 'null';
    return this.#literal(isNonNullType(type) ? type.ofType : type, canHaveVariable);
  }

  #literal(type: GraphQLInputType, canHaveVariable: boolean): string {
    if (isNonNullType(type)) return this.#literal(type.ofType, canHaveVariable);
    if (isListType(type)) {
      if (this.draws.chance(0.2)) return this.#literal(type.ofType, false);
      const items = Array.from({ length: this.draws.below(3) }, () => {
        const variable = canHaveVariable && this.draws.chance(0.2);
        return variable ? this.#variableOf({ type: type.ofType }) : this.#literal(type.ofType, canHaveVariable);
      });
      return `[${items.join(', ')}]`;
    }
    if (isEnumType(type)) return this.draws.of(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      // A nullable variable may not be used in a oneOf field.
      const chosen = type.isOneOf
        ? [this.draws.of(fields)]
        : fields.filter((field) => isRequiredInputField(field) || this.draws.chance(0.3));
      const written = chosen.map((field) => {
        const inner = type.isOneOf && !isNonNullType(field.type) ? this.#literal(field.type, false) : undefined;
        return `${field.name}: ${inner ?? this.#value(field, canHaveVariable)}`;
      });
      return `{ ${written.join(', ')} }`;
    }
    if (type.name === 'String') return `"${this.draws.chance(0.05) ? CODE : this.draws.of(TEXTS)}"`;
    return this.draws.of(SCALARS[type.name] ?? ['"?"']);
  }

  /** A variable that fits; nullable ones may be absent, null, or have a default. */
  #variableOf({ type, defaultValue }: { readonly type: GraphQLInputType; readonly defaultValue?: unknown }): string {
    const bare = isNonNullType(type) ? type.ofType : type;
    const name = `v${this.#variables.size}`;
    const hasDefault = this.draws.chance(0.3);
    const mayBeNull = !isNonNullType(type) || hasDefault || defaultValue !== undefined;
    const written = mayBeNull && this.draws.chance(0.7) ? `${bare}` : isNonNullType(type) ? `${type}` : `${bare}!`;
    this.#declare({ name, type: written, hasDefault }, hasDefault ? ` = ${this.#literal(bare, false)}` : '');
    const nullable = !written.endsWith('!');
    if (nullable && this.draws.chance(0.15)) this.#values[name] = null;
    else if (!(nullable || hasDefault) || this.draws.chance(0.6)) this.#values[name] = this.#given(bare);
    return `$${name}`;
  }

  #declare(variable: Variable, start: string): void {
    this.#variables.set(variable.name, variable);
    this.#declarations.push(`$${variable.name}: ${variable.type}${start}`);
  }

  /** A value as JSON. */
  #given(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return this.#given(type.ofType);
    if (isListType(type)) return Array.from({ length: this.draws.below(3) }, () => this.#given(type.ofType));
    if (isEnumType(type)) return this.draws.of(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const chosen = type.isOneOf
        ? [this.draws.of(fields)]
        : fields.filter((field) => isRequiredInputField(field) || this.draws.chance(0.3));
      return Object.fromEntries(chosen.map((field) => [field.name, this.#given(field.type)]));
    }
    if (type.name === 'String') return this.draws.chance(0.05) ? CODE : this.draws.of(TEXTS);
    return JSON.parse(this.draws.of(SCALARS[type.name] ?? ['"?"'])) as unknown;
  }
}

/** The operation for a seed. */
export const questionOf = (schema: GraphQLSchema, seed: number): Question =>
  new Writer(schema, new Draws(seed)).question();
