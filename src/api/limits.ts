import { MAX_TITLE } from '../domain/fields';

/** Maximum bytes of a request: the body over HTTP, a message over WebSocket. */
export const BODY_LIMIT = 1_048_576;
/** Maximum characters of all variable values that are used more than once, each counted per use. */
export const MAX_GIVEN = 2 * BODY_LIMIT;
/** Maximum number of tokens in a document. */
export const MAX_TOKENS = 10_000;
/** Maximum nesting of brackets in a document. */
export const MAX_BRACKETS = 64;
/** Maximum number of selections in a document, each fragment counted per spread. */
export const MAX_SELECTIONS = 20_000;
/** Maximum number of pairs of selections with the same response name, which must be compared before they are merged. */
export const MAX_PAIRS = 20_000;
/** Maximum nesting of fields in an operation. */
export const MAX_DEPTH = 12;
/** Maximum cost of an operation: an object costs 1, a leaf a tenth, both times the rows of every enclosing list. */
export const MAX_COST = 10_000;
/** Maximum number of rows in a page. */
export const MAX_ROWS = 100;
/** Maximum characters of one answer. */
export const MAX_ANSWER = 16_777_216;
/** Maximum number of errors listed for an invalid document or variable. */
export const MAX_ERRORS = 10;

/** Maximum UTF-8 bytes per UTF-16 unit of a title: three, tripled in case normal form C makes it longer. */
const UNIT_BYTES = 9;
/** Bytes of a cursor besides a title: the name of its list, an id, and JSON syntax. */
const BESIDE_TITLE = 300;
/**
 * Maximum characters of a cursor. It contains the title of the last row, in base64, so that a cursor fits for any title
 * that the domain accepts.
 */
export const CURSOR_LIMIT = Math.ceil(((UNIT_BYTES * MAX_TITLE + BESIDE_TITLE) * 4) / 3);
