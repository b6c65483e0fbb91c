/** Bytes of a request that are read: the body over HTTP, a message over WebSocket. */
export const BODY_LIMIT = 1_048_576;
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
