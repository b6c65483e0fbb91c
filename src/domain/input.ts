import { getMetadataStorage, ValidateBy, ValidateIf, ValidationTypes } from 'class-validator';
import { type Refusal, refusalOf } from './refusal';

/** The most faults reported for one command; a longer list would repeat itself. */
export const MOST_FAULTS = 10;

/** What is wrong with an input field, and where: the steps lead from the command to the field. */
export interface InputFault {
  readonly steps: readonly string[];
  readonly reason: string;
}

/** The faults of a value, at most MOST_FAULTS of them; none where it is acceptable. */
type Check = (value: unknown) => readonly InputFault[];

/** What a field refers to, so that a door can translate its own form of it. */
interface Meaning {
  /** The category of the stream whose UUID it holds. */
  readonly id?: string | undefined;
  /** The class of the object, or of the objects in the list, that it holds. */
  readonly part?: Shape | undefined;
  /** True of a list of them. */
  readonly many?: boolean | undefined;
  /** What kind of value a door may write in another way. */
  readonly form?: 'size' | 'actor' | 'actors' | 'named' | undefined;
}

/** What a field may hold: a property decorator of class-validator, and the check that it registers. */
export interface Limit extends Meaning {
  (target: object, property: string): void;
  readonly check: Check;
}

/** A class whose fields have limits: a command, or a part of one. */
export type Shape<T extends object = object> = new () => T;

export const FINE: readonly InputFault[] = [];
export const wrong = (reason: string): readonly InputFault[] => [{ steps: [], reason }];
export const under = (step: string, faults: readonly InputFault[]): readonly InputFault[] =>
  faults.map(({ steps, reason }) => ({ steps: [step, ...steps], reason }));

/** A limit with this check; `name` is what class-validator calls it. */
export function limit(name: string, check: Check, meaning: Meaning = {}): Limit {
  const decorate = (target: object, property: string): void =>
    ValidateBy({
      name,
      constraints: [made],
      validator: {
        validate: (value) => check(value).length === 0,
        defaultMessage: (given) => under(property, check(given?.value)).map(messageOf).join('\n'),
      },
    })(target, property);
  const made: Limit = Object.assign(decorate, { ...meaning, check });
  return made;
}

/** The same limit for a field that may be absent. */
export function optional(limited: Limit): Limit {
  const decorate = (target: object, property: string): void => {
    ValidateIf((_object, value) => value !== undefined)(target, property);
    limited(target, property);
  };
  return Object.assign(decorate, limited);
}

/** A field of a shape with its limit, as class-validator's metadata has it. */
export interface Field extends Meaning {
  readonly name: string;
  readonly check: Check;
  readonly isOptional: boolean;
}

const known = new Map<Shape, ReadonlyMap<string, Field>>();

/** The fields of a class in the order in which they are declared, those of its parent last. */
export function fieldsOf(shape: Shape): ReadonlyMap<string, Field> {
  const before = known.get(shape);
  if (before !== undefined) return before;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const fields = new Map<string, Field>();
  const conditional = metadata.filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
  for (const { type, propertyName: name, constraints } of metadata) {
    // The type of a command is allowed and nothing more: it has found the class.
    if (type === ValidationTypes.WHITELIST) fields.set(name, { name, check: () => FINE, isOptional: false });
    if (type !== ValidationTypes.CUSTOM_VALIDATION) continue;
    const { check, id, part, many, form } = constraints[0] as Limit;
    fields.set(name, {
      name,
      check,
      id,
      part,
      many,
      form,
      isOptional: conditional.some((each) => each.propertyName === name),
    });
  }
  known.set(shape, fields);
  return fields;
}

/**
 * Every fault of an object by the limits of its class. The checks are those that class-validator would run; run by
 * themselves they also see a field that is called like a member of every object (`constructor`), which it overlooks.
 */
export function faultsOf(shape: Shape, value: unknown): readonly InputFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('must be an object');
  const fields = fieldsOf(shape);
  const members = value as Record<string, unknown>;
  let faults = FINE;
  for (const { name, check, isOptional } of fields.values()) {
    if (isOptional && members[name] === undefined) continue;
    const found = check(members[name]);
    if (found.length > 0) faults = [...faults, ...under(name, found)];
  }
  for (const name of Object.keys(members)) {
    if (!fields.has(name)) faults = [...faults, { steps: [name], reason: 'is not a field of this command' }];
  }
  return faults.length > MOST_FAULTS ? faults.slice(0, MOST_FAULTS) : faults;
}

/** The refusal that names every fault; undefined where there is none. */
export function inputRefusal(faults: readonly InputFault[]): Refusal | undefined {
  return refusalOf(faults.map((fault) => ({ code: 'INVALID_INPUT', message: messageOf(fault), path: fault.steps })));
}

export function messageOf({ steps, reason }: InputFault): string {
  return `${steps.length === 0 ? 'the command' : steps.join('.')}: ${reason}`;
}
