import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Scanned } from './session';

/** Looks for malware in a file. Throws where it cannot tell. */
export type Scan = (file: string) => Promise<Scanned>;

/** Which scanner looks, if any. */
export type ScannerPlace =
  | { readonly by: 'clamd'; readonly host: string; readonly port: number }
  | { readonly by: 'http'; readonly url: string }
  | { readonly by: 'command'; readonly program: string };

export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable';
}

/** Milliseconds. */
const PATIENCE = 120_000;
/** Of an answer. */
const LONGEST = 16_384;
/** Of a piece that clamd takes at once. */
const PIECE = 256 * 1024;

export function scannerAt(place: ScannerPlace, environment: Readonly<Record<string, string | undefined>>): Scan {
  const scan = { clamd: byClamd, http: byHttp, command: byCommand }[place.by] as (
    place: ScannerPlace,
    file: string,
    environment: Readonly<Record<string, string | undefined>>,
  ) => Promise<Scanned>;
  return async (file) => {
    try {
      return await scan(place, file, environment);
    } catch (error) {
      throw new ScannerUnavailable(`the scanner cannot tell: ${(error as Error).message}`, { cause: error });
    }
  };
}

/** ClamAV's own protocol: pieces with their lengths, and one line as the answer. */
async function byClamd({ host, port }: Extract<ScannerPlace, { by: 'clamd' }>, file: string): Promise<Scanned> {
  const engine = await clamd(host, port, async (send) => send('zVERSION\0'));
  const said = await clamd(host, port, async (send) => {
    await send('zINSTREAM\0');
    for await (const chunk of createReadStream(file, { highWaterMark: PIECE })) {
      const piece = chunk as Buffer;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await send(length);
      await send(piece);
    }
    await send(Buffer.alloc(4));
  });
  const [name = 'ClamAV', definitions] = engine.split('/');
  const [, finding] = /^stream: (.+) FOUND$/.exec(said) ?? [];
  if (finding !== undefined) return { verdict: 'infected', engine: name, definitions, finding };
  if (said === 'stream: OK') return { verdict: 'clean', engine: name, definitions };
  throw new Error(said || 'clamd said nothing');
}

type Send = (bytes: Buffer | string) => Promise<void>;

function clamd(host: string, port: number, ask: (send: Send) => Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let said = '';
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('it does not answer')));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      said = (said + text).slice(0, LONGEST);
    });
    const end = () => resolve(said.replace(/[\0\r\n]+$/, ''));
    // clamd hangs up on what it refuses: what it said before that is the answer.
    socket.on('error', (error) => (said === '' ? reject(error) : end()));
    socket.on('close', end);
    const send: Send = (bytes) =>
      new Promise((sent, failed) => socket.write(bytes, (error) => (error ? failed(error) : sent())));
    socket.on('connect', () => {
      ask(send).catch(() => {});
    });
  });
}

/** The bytes as the body of a POST; the answer is JSON: `{ "verdict": "clean" | "infected", "engine", "finding" }`. */
async function byHttp({ url }: Extract<ScannerPlace, { by: 'http' }>, file: string): Promise<Scanned> {
  const send = url.startsWith('https:') ? secure : plain;
  const request = send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
    timeout: PATIENCE,
  });
  request.on('timeout', () => request.destroy(new Error('it does not answer')));
  const answer = new Promise<string>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text = (text + part).slice(0, LONGEST);
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`it answers with ${response.statusCode}`)),
      );
    });
  });
  answer.catch(() => {});
  await pipeline(createReadStream(file), request).catch(() => {});
  const said = JSON.parse(await answer) as Record<string, unknown>;
  if (said.verdict !== 'clean' && said.verdict !== 'infected') throw new Error('its answer has no verdict');
  return {
    verdict: said.verdict,
    engine: wordOf(said.engine) ?? new URL(url).host,
    definitions: wordOf(said.definitions),
    finding: wordOf(said.finding),
  };
}

/** The path as the only argument; the status 0 means clean, 1 infected, as with `clamscan`; anything else a failure. */
function byCommand(
  { program }: Extract<ScannerPlace, { by: 'command' }>,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Scanned> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [file], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PATIENCE,
      env: { ...environment },
    });
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (part: string) => {
      text = (text + part).slice(0, LONGEST);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const [first = ''] = text.split('\n');
      if (code === 0) resolve({ verdict: 'clean', engine: program });
      else if (code === 1)
        resolve({ verdict: 'infected', engine: program, finding: wordOf(first.replaceAll(file, 'file')) });
      else reject(new Error(`${program} ended with ${code ?? 'a signal'}`));
    });
  });
}

/** One line of visible text, as the log takes it. */
function wordOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return (
    value
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim()
      .slice(0, 200) || undefined
  );
}
