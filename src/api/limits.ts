import { MAX_TITLE } from '../domain/fields';

/** Bytes of a request that are read: the body over HTTP, a message over WebSocket. */
export const BODY_LIMIT = 1_048_576;
/** Characters of all values of variables that are used more than once, each counted wherever it is used. */
export const MAX_GIVEN = 2 * BODY_LIMIT;
/** Words and signs of a document that are parsed. */
export const MAX_TOKENS = 10_000;
/** Brackets of a document may stand inside one another this deep. */
export const MAX_BRACKETS = 64;
/** Selections of a document, each fragment counted wherever it is spread. */
export const MAX_SELECTIONS = 20_000;
/** Pairs of selections that answer under the same name and must be compared before they are merged. */
export const MAX_PAIRS = 20_000;
/** An operation may nest its fields this deep. */
export const MAX_DEPTH = 12;
/** And may ask for this much: an object costs 1, a leaf a tenth, both times the rows of every list above them. */
export const MAX_COST = 10_000;
/** Rows of one list. */
export const MAX_ROWS = 100;
/** Characters of one answer. */
export const MAX_ANSWER = 16_777_216;
/** Errors that the answer to an invalid document or variable lists. */
export const MAX_ERRORS = 10;

/** UTF-8 bytes of one UTF-16 unit of a title: three at most, and three times as many where normal form C makes it longer. */
const UNIT_BYTES = 9;
/** Bytes of a cursor beside a title: the name of its list, an id, and what JSON puts around them. */
const BESIDE_TITLE = 300;
/**
 * Characters of the longest cursor there can be. It holds the title that a page ended with, in base64; so whatever title
 * the domain takes, the cursor behind it is taken too.
 */
export const CURSOR_LIMIT = Math.ceil(((UNIT_BYTES * MAX_TITLE + BESIDE_TITLE) * 4) / 3);
