import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { VersionContent } from './asset/parts';
import { ContentsEntry } from './campaign/parts';
import { COMMANDS } from './deciders';
import { faultsOf, fieldsOf, MOST_FAULTS, messageOf, type Shape } from './input';

/** Every class whose fields have limits: the commands, and whatever is a part of one. */
const shapes = new Set<Shape>();
const visit = (shape: Shape): void => {
  shapes.add(shape);
  for (const { part } of fieldsOf(shape).values()) if (part !== undefined) visit(part);
};
for (const { definition } of COMMANDS) visit(definition.command);

const words = [
  ...[
    '',
    ' ',
    'web',
    ' web',
    'image',
    'approve',
    'none',
    'image/png',
    'a\u202eb',
    '2024-02-29',
    '2024-02-30',
    'x'.repeat(501),
  ],
  ...['0'.repeat(64), '0b0e8a53-6b3f-4f6f-8c11-58b34b0e8a53', '\0', 'é', 'é'],
];
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(...words, undefined, null, true, 0, 1, 8, 9, 0.5, -1, Number.NaN, 2 ** 53),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('type', 'value', 'material', 'a', 'é'), tie('any'), { maxKeys: 4 }),
    fc.constantFrom<unknown>({ type: 'text', value: 'x', material: true }, { tool: 'Figma', ai: 'none' }),
  ),
})).any;

/** An object with fields of the class, some missing, and now and then one that the class does not have. */
const objectOf = (shape: Shape): fc.Arbitrary<Record<string, unknown>> =>
  fc.dictionary(fc.constantFrom(...fieldsOf(shape).keys(), 'colour'), value, { maxKeys: fieldsOf(shape).size + 1 });

/** What class-validator itself says, in the words of our messages. */
function said(shape: Shape, given: object): readonly string[] {
  const made = Object.assign(new shape(), given);
  return validateSync(made, { whitelist: true, forbidNonWhitelisted: true }).flatMap(({ property, constraints = {} }) =>
    Object.entries(constraints).flatMap(([name, message]) =>
      name === 'whitelistValidation' ? [`${property}: is not a field of this command`] : message.split('\n'),
    ),
  );
}

describe('the limits of a command', () => {
  it.each([...shapes].map((shape) => [shape.name, shape] as const))(
    'are found by class-validator and by the door alike: %s',
    (_name, shape) => {
      fc.assert(
        fc.property(objectOf(shape), (given) => {
          const faults = faultsOf(shape, { ...new shape(), ...given }).map(messageOf);
          const expected = said(shape, given);
          if (expected.length < MOST_FAULTS) expect([...faults].sort()).toEqual([...expected].sort());
          else expect(faults).toHaveLength(MOST_FAULTS);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('are those of every class in which a command is made', () => {
    expect(shapes.size).toBeGreaterThan(COMMANDS.length);
    expect([...shapes]).toEqual(expect.arrayContaining([VersionContent, ContentsEntry]));
    for (const shape of shapes) expect([shape.name, fieldsOf(shape).size > 0]).toEqual([shape.name, true]);
  });

  it('also hold for a field that is called like a member of every object', () => {
    for (const name of ['constructor', 'toString', '__defineGetter__']) {
      const given = { type: 'RetireAsset', asset: '0b0e8a53-6b3f-4f6f-8c11-58b34b0e8a53', [name]: 'x' };
      const retire = COMMANDS.find(({ type }) => type === 'RetireAsset')!.definition.command;
      expect(faultsOf(retire, given)).toEqual([{ steps: [name], reason: 'is not a field of this command' }]);
    }
  });
});
