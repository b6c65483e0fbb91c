/** Limits for one client's use of the server. Times in milliseconds. */
export interface Quotas {
  /** Connections of any kind at once. */
  readonly connections: number;
  /** From the first byte of a request, or from the connection if none arrives, to the last of its headers. */
  readonly headersTimeout: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestTimeout: number;
  /** How often both are checked. */
  readonly checkInterval: number;
  /** How long a connection is kept if the client reads no byte of an answer. */
  readonly answerTimeout: number;

  /** Exports that run at once. */
  readonly exports: number;
  /** Maximum number of those per actor. */
  readonly exportsPerActor: number;

  /** Authenticated WebSockets. */
  readonly sockets: number;
  /** Maximum number of those per actor. */
  readonly socketsPerActor: number;
  /** WebSockets not authenticated yet; a new one closes the oldest from the address that has the most. */
  readonly strangers: number;
  /** Bytes that such a WebSocket may send. */
  readonly strangerBytes: number;
  /** Time until `connection_init` must have arrived. */
  readonly initTimeout: number;

  /** Concurrent operations on one WebSocket. */
  readonly operations: number;
  /** Bytes of a message. */
  readonly messageBytes: number;
  /** Burst of messages; each 8 KiB of a message, and each ping or pong, counts as one. */
  readonly messagesAtOnce: number;
  /** Messages allowed per second after a burst. */
  readonly messagesPerSecond: number;
  /** How long a client that sent more may take to read the close reason. */
  readonly goodbye: number;
  /** Maximum characters of a ping's payload, as JSON, that are echoed. */
  readonly pongCharacters: number;
  /** Bytes that may be buffered for one client when another message is sent to it. */
  readonly waitingBytes: number;
  /** Bytes that may be buffered for all clients together. */
  readonly waitingBytesOfAll: number;
  /** How long a client may read nothing while data is buffered for it. */
  readonly stall: number;
  /** Interval between two checks of every WebSocket: whether it answers, reads, and still has a valid token. */
  readonly heartbeat: number;
}

export const QUOTAS: Quotas = {
  connections: 5000,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  checkInterval: 1000,
  answerTimeout: 60_000,

  exports: 4,
  exportsPerActor: 2,

  sockets: 1000,
  socketsPerActor: 200,
  strangers: 100,
  strangerBytes: 16_384,
  initTimeout: 5000,

  operations: 20,
  messageBytes: 262_144,
  messagesAtOnce: 500,
  messagesPerSecond: 100,
  goodbye: 2000,
  pongCharacters: 256,
  waitingBytes: 4_194_304,
  waitingBytesOfAll: 134_217_728,
  stall: 15_000,
  heartbeat: 12_000,
};
