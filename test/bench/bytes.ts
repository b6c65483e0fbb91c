import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { absolute, type Bench, type BenchContext, type Row, relative } from './bench';

const CLI = join(__dirname, 'cli.js');
const AT_ONCE = 8;
const BYTES = 64 * 1024 * 1024;
const MB = 1_000_000;
const ROUNDS = 3;

/** The bare server that serving is compared with: a file for each path, streamed. */
const BARE = `
const { createReadStream } = require('node:fs');
const server = require('node:http').createServer((request, response) => {
  createReadStream(process.argv[1] + request.url).pipe(response);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port })));
`;

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
}

async function served(args: readonly string[]): Promise<Served> {
  const environment = { ...process.env, PALIMPSEST_UPLOAD_DAY_BYTES: '1 TiB' };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: environment });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, tokens: {}, ...JSON.parse(line) };
}

async function stop({ child }: Served): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function residentMegabytes({ child }: Served): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / MB;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Megabytes a second that go through when all are worked on at once. */
async function rate(work: (index: number) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));
  return (AT_ONCE * BYTES) / MB / ((performance.now() - begun) / 1000);
}

async function plainCopy(from: string, to: string): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(`${to}.part`, 'w');
  for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk);
    await file.write(chunk);
  }
  await file.sync();
  await file.close();
  await rename(`${to}.part`, to);
}

function send(method: string, url: URL, headers: Readonly<Record<string, string>>, file?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    asked.on('error', reject);
    if (file === undefined) asked.end();
    else createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(asked);
  });
}

class Client {
  constructor(private readonly server: Served) {}

  private get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.server.tokens.author}` };
  }

  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its question.
  async ask(query: string, variables: object): Promise<any> {
    const response = await fetch(this.server.url, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return ((await response.json()) as { readonly data: unknown }).data;
  }

  async upload(file: string): Promise<string> {
    const begin = 'mutation ($input: UploadBeginInput!) { uploadBegin(input: $input) { upload { id url } } }';
    const { uploadBegin } = await this.ask(begin, { input: { bytes: String(BYTES) } });
    const { id, url } = uploadBegin.upload;
    const sent = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    const headers = { ...this.headers, ...sent, 'content-length': String(BYTES) };
    const status = await send('PATCH', new URL(url, this.server.url), headers, file);
    if (status !== 204) throw new Error(`the upload was answered with ${status}`);
    return id;
  }

  async version(uploadId: string, index: number): Promise<string> {
    const register = `mutation ($input: AssetRegisterInput!) {
      assetRegister(input: $input) { asset { currentVersion { content { url } } } }
    }`;
    const content = { uploadId, madeWith: { tool: 'bench' } };
    const input = { act: { idempotencyKey: `bench-${index}` }, kind: 'VIDEO', title: `Film ${index}`, content };
    return (await this.ask(register, { input })).assetRegister.asset.currentVersion.content.url;
  }
}

/** New bytes each round: what is there already would still be written, and named the same. */
function filesIn(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  const block = Buffer.alloc(BYTES);
  return Array.from({ length: AT_ONCE }, (_, index) => {
    const path = join(directory, `file-${index}`);
    writeFileSync(path, randomFillSync(block));
    return path;
  });
}

async function bytes({ directory, note }: BenchContext): Promise<readonly Row[]> {
  const server = await served([CLI, 'serve', '--port', '0', '--json', '--data', join(directory, 'data')]);
  const bare = await served(['-e', BARE, join(directory, 'files')]);
  try {
    const client = new Client(server);
    const files = filesIn(join(directory, 'files'));
    // The first upload loads the library.
    const urls = await Promise.all(files.map(async (file, index) => client.version(await client.upload(file), index)));
    const idle = residentMegabytes(server);
    let peak = 0;
    const watching = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(server));
    }, 50);
    const rates: Record<'copy' | 'upload' | 'bare' | 'serve', number[]> = { copy: [], upload: [], bare: [], serve: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      filesIn(join(directory, 'files'));
      rates.copy.push(await rate((index) => plainCopy(files[index]!, join(directory, `copy-${index}`))));
      rates.upload.push(await rate((index) => client.upload(files[index]!)));
      rates.bare.push(await rate((index) => send('GET', new URL(`/file-${index}`, bare.url), {})));
      rates.serve.push(await rate((index) => send('GET', new URL(urls[index]!, server.url), {})));
      note(
        JSON.stringify(Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, Math.round(all.at(-1)!)]))),
      );
    }
    clearInterval(watching);
    const row = (name: string, value: readonly number[], probe: string, against: readonly number[]) =>
      relative({ name, value: median(value), unit: 'MB/s', probe, probeValue: median(against) }, { atLeast: 0.7 });
    return [
      row('bytes-in', rates.upload, 'copy with SHA-256 and fsync', rates.copy),
      row('bytes-out', rates.serve, 'bare createReadStream', rates.bare),
      absolute({ name: 'bytes-memory', value: peak - idle, unit: 'MB above idle' }, { below: 100 }),
    ];
  } finally {
    await stop(server);
    await stop(bare);
  }
}

/** Eight files of 64 MB at once, in and out. */
export const benches: readonly Bench[] = [{ name: 'bytes', run: bytes }];
