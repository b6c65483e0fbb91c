/** What one client may take of the server, and how long it may keep it waiting. Times in milliseconds. */
export interface Quotas {
  /** Connections of any kind at once. */
  readonly connections: number;
  /** From the first byte of a request, or from the connection where none comes, to the last of its headers. */
  readonly headersTimeout: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestTimeout: number;
  /** How often both are checked. */
  readonly checkInterval: number;
  /** How long the connection of a client that reads no byte of an answer is kept. */
  readonly answerTimeout: number;

  /** Exports that run at once. */
  readonly exports: number;
  /** Of those, how many one actor may have. */
  readonly exportsPerActor: number;

  /** WebSockets whose token was accepted. */
  readonly sockets: number;
  /** Of those, how many one actor may have. */
  readonly socketsPerActor: number;
  /** WebSockets whose token was not accepted yet; a new one closes the oldest from the address that has the most. */
  readonly strangers: number;
  /** Bytes that such a WebSocket may send. */
  readonly strangerBytes: number;
  /** Time until `connection_init` must have arrived. */
  readonly initTimeout: number;

  /** Operations that one WebSocket may have at once. */
  readonly operations: number;
  /** Bytes of a message. */
  readonly messageBytes: number;
  /** Messages at once; each 8 KiB of a message, and each ping or pong, counts as one. */
  readonly messagesAtOnce: number;
  /** Messages that become possible again each second. */
  readonly messagesPerSecond: number;
  /** How long a client that sent more has to read the reason for the close. */
  readonly goodbye: number;
  /** Characters of a ping's payload, as JSON, that are sent back. */
  readonly pongCharacters: number;
  /** Bytes that may wait for one client when another message is to be sent to it. */
  readonly waitingBytes: number;
  /** Bytes that may wait for all clients together. */
  readonly waitingBytesOfAll: number;
  /** How long a client may read nothing while data waits for it. */
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
