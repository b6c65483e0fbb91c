import { type Token, TokenKind, type ValueNode } from 'graphql';

const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);
const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);

/**
 * The path of the argument that contains a literal: `assets(at: { position: "x" })` gives `at`, `position`. A scalar
 * does not learn where its literal is, but the preceding tokens of the document show it. Empty if the document was
 * parsed without locations.
 */
export function argumentOf(literal: ValueNode): readonly string[] {
  const path: string[] = [];
  let token: Token | null | undefined = literal.loc?.startToken;
  while (token) {
    if (token.prev?.kind === TokenKind.COLON) path.unshift(token.prev.prev?.value ?? '');
    token = openingBefore(token);
    if (token?.kind === TokenKind.PAREN_L) return path;
  }
  return path;
}

/** The innermost bracket that is open at a token. */
function openingBefore(token: Token): Token | null {
  let closed = 0;
  for (let before = token.prev; before; before = before.prev) {
    if (CLOSING.has(before.kind)) closed += 1;
    if (!OPENING.has(before.kind)) continue;
    if (closed === 0) return before;
    closed -= 1;
  }
  return null;
}
