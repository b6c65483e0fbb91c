/** Bytes of a request that are read: the body over HTTP, a message over WebSocket. */
export const BODY_LIMIT = 1_048_576;
/** Words and signs of a document that are parsed. */
export const MAX_TOKENS = 10_000;
