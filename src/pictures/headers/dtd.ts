/** The parts of an internal DTD subset that can change the root element. */
export interface Declared {
  /** Replacement text of entities; only those without markup. */
  readonly entities: ReadonlyMap<string, string>;
  /** Attributes an element has by default. */
  defaultsOf(element: string): ReadonlyMap<string, string>;
}

/** Limits for nested entities, beyond what any drawing program writes. */
const DEEPEST = 8;
const LONGEST = 10_000;

/** Parses the text between `<!DOCTYPE` and its `>` in linear time. */
export function declaredIn(doctype: string): Declared {
  const texts = new Map<string, string>();
  const defaults = new Map<string, Map<string, string>>();
  for (const declaration of declarationsIn(doctype)) {
    const [word = '', name = '', ...rest] = tokensOf(declaration);
    if (word === 'ENTITY' && rest.length === 1 && isQuoted(rest[0]!)) {
      // The first declaration of a name counts.
      if (!texts.has(name)) texts.set(name, rest[0]!.slice(1, -1));
    } else if (word === 'ATTLIST') {
      const known = defaults.get(name) ?? new Map<string, string>();
      for (const [attribute, value] of defaultsIn(rest)) if (!known.has(attribute)) known.set(attribute, value);
      defaults.set(name, known);
    }
  }
  const entities = new Map<string, string>();
  for (const name of texts.keys()) {
    const text = expanded(`&${name};`, texts, 0);
    if (text !== undefined) entities.set(name, text);
  }
  return {
    entities,
    defaultsOf: (element) =>
      new Map(
        [...(defaults.get(element) ?? [])].flatMap(([name, value]) => {
          const text = expanded(value, texts, 0);
          return text === undefined ? [] : [[name, text] as const];
        }),
      ),
  };
}

/** `ENTITY name "text"` of each declaration; comments and processing instructions are skipped. */
function* declarationsIn(doctype: string): Generator<string> {
  const start = doctype.indexOf('[');
  if (start === -1) return;
  for (let at = start + 1; at < doctype.length; ) {
    // A parameter entity is defined elsewhere, so nothing after it is certain.
    if (doctype[at] === '%') return;
    if (doctype[at] !== '<') at += 1;
    else if (doctype.startsWith('<!--', at)) at = after(doctype, '-->', at + 4);
    else if (doctype.startsWith('<?', at)) at = after(doctype, '?>', at + 2);
    else {
      const end = endOf(doctype, at);
      yield doctype.slice(at + 2, end);
      at = end + 1;
    }
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

/** The position of a declaration's `>` outside quotes. */
function endOf(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return text.length;
}

/** Words, quoted strings and parenthesised groups. */
function tokensOf(declaration: string): readonly string[] {
  return declaration.match(/"[^"]*"|'[^']*'|\([^()]*\)|[^\s"'()]+/g) ?? [];
}

function isQuoted(token: string): boolean {
  return token.startsWith('"') || token.startsWith("'");
}

/** Repeated groups of name, type, and `#REQUIRED`, `#IMPLIED` or a value. */
function* defaultsIn(tokens: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 2 < tokens.length; ) {
    const name = tokens[at]!;
    at += tokens[at + 1] === 'NOTATION' ? 3 : 2;
    if (tokens[at] === '#FIXED') at += 1;
    const value = tokens[at];
    at += 1;
    if (value !== undefined && isQuoted(value)) yield [name, value.slice(1, -1)];
  }
}

const BUILT_IN: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Undefined if it contains an unknown entity, markup, or a circular reference. */
function expanded(text: string, entities: ReadonlyMap<string, string>, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined;
  let result = '';
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '<' || result.length > LONGEST) return undefined;
    const end = character === '&' ? text.indexOf(';', at) : -1;
    if (character === '&' && end === -1) return undefined;
    const part = end === -1 ? character : reference(text.slice(at + 1, end), entities, depth);
    if (part === undefined) return undefined;
    result += part;
    at = end === -1 ? at + 1 : end + 1;
  }
  return result.length > LONGEST ? undefined : result;
}

function reference(name: string, entities: ReadonlyMap<string, string>, depth: number): string | undefined {
  const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (code !== null) {
    const point = code[1] === undefined ? Number(code[2]) : Number.parseInt(code[1], 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
  }
  if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name];
  const text = entities.get(name);
  return text === undefined ? undefined : expanded(text, entities, depth + 1);
}
