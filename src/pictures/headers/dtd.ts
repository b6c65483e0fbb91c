/** What the internal part of a document type declaration says, as far as it can change the root element. */
export interface Declared {
  /** Entities with their text as it stands where it is used; only those without markup. */
  readonly entities: ReadonlyMap<string, string>;
  /** Attributes an element has where it does not state them. */
  defaultsOf(element: string): ReadonlyMap<string, string>;
}

/** Entities may stand in one another: no deeper and no longer than any drawing program writes. */
const DEEPEST = 8;
const LONGEST = 10_000;

/** Reads the text between `<!DOCTYPE` and its `>`. Each character is looked at a fixed number of times. */
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

/** `ENTITY name "text"` of each declaration; comments and instructions are skipped. */
function* declarationsIn(doctype: string): Generator<string> {
  const start = doctype.indexOf('[');
  if (start === -1) return;
  for (let at = start + 1; at < doctype.length; ) {
    // What a parameter entity stands for is elsewhere, and nothing after it is sure.
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

/** Where the `>` of a declaration stands, outside quotes. */
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

/** Words, texts in quotes and groups in parentheses. */
function tokensOf(declaration: string): readonly string[] {
  return declaration.match(/"[^"]*"|'[^']*'|\([^()]*\)|[^\s"'()]+/g) ?? [];
}

function isQuoted(token: string): boolean {
  return token.startsWith('"') || token.startsWith("'");
}

/** name, type, then `#REQUIRED`, `#IMPLIED` or a value, over and over. */
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

/** Undefined where something in it is not known, is markup, or goes round in a circle. */
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
