import { parse } from 'graphql';
import { DECISIONS } from '../../src/domain/asset/events';
import { CATALOGUE } from '../../src/domain/catalogue';
import { FIXITIES, RENDITION_FAILURES, VERDICTS } from '../../src/domain/content/events';
import { ASSET_KINDS } from '../../src/domain/kinds';
import { REFUSALS } from '../../src/domain/refusal';

/** Maximum line length; a longer description is written as a block. */
const WIDTH = 120;

interface Value {
  readonly name: string;
  readonly description: string | undefined;
}

const meanings = Object.entries(CATALOGUE).map(([name, { meaning }]): Value => ({ name, description: meaning }));

/** The enums whose values come from the domain, with the domain's descriptions if it has any. */
const ENUMS: Readonly<Record<string, readonly Value[]>> = {
  EventType: meanings,
  RefusalCode: Object.entries(REFUSALS).map(([name, description]) => ({ name, description })),
  AssetKind: ASSET_KINDS.map(inCapitals),
  DecisionKind: DECISIONS.map(inCapitals),
  ScanOutcome: VERDICTS.map(inCapitals),
  FixityOutcome: FIXITIES.map(inCapitals),
  RenditionFailure: RENDITION_FAILURES.map(inCapitals),
};

/** `approveWithChanges` of the domain is `APPROVE_WITH_CHANGES` in the schema; only the schema describes it. */
function inCapitals(word: string): Value {
  return { name: word.replace(/[A-Z]/g, '_$&').toUpperCase(), description: undefined };
}

/**
 * The schema with everything derived from the domain rewritten: enum values, and the description of each type of a
 * history entry. Descriptions that only the schema has stay.
 */
export function derived(schema: string): string {
  const own = descriptionsIn(schema);
  let text = schema;
  for (const [name, values] of Object.entries(ENUMS)) {
    const lines = values.map((value) => {
      const description = value.description ?? own.get(`${name}.${value.name}`);
      return `${description === undefined ? '' : described(description, '  ')}  ${value.name}\n`;
    });
    text = replaced(text, new RegExp(`^enum ${name} \\{\\n[\\s\\S]*?^\\}`, 'm'), `enum ${name} {\n${lines.join('')}}`);
  }
  for (const { name, description } of meanings) {
    const before = new RegExp(`^(?:"[^\\n]*"|"""\\n(?:(?!""")[^\\n]*\\n)*""")\\ntype ${name} `, 'm');
    text = replaced(text, before, `${described(description ?? '', '')}type ${name} `);
  }
  return text;
}

function replaced(text: string, place: RegExp, now: string): string {
  if (!place.test(text)) throw new Error(`schema.graphql has no place for ${now.slice(0, 60)}…`);
  return text.replace(place, () => now);
}

function described(text: string, indent: string): string {
  const line = `${indent}"${text}"\n`;
  return line.length <= WIDTH + 1 && !/["\\]/.test(text)
    ? line
    : `${indent}"""\n${wrapped(text, indent)}${indent}"""\n`;
}

function wrapped(text: string, indent: string): string {
  let lines = '';
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH) {
      lines += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += `${word} `;
  }
  return `${lines}${line.trimEnd()}\n`;
}

/** `AssetKind.IMAGE` → its description. */
function descriptionsIn(schema: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const definition of parse(schema).definitions) {
    if (definition.kind !== 'EnumTypeDefinition') continue;
    for (const { name, description } of definition.values ?? []) {
      if (description !== undefined) found.set(`${definition.name.value}.${name.value}`, description.value);
    }
  }
  return found;
}
