import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScannerPlace, scannerAt } from './scanners';

// In two halves: scanners look at this file too.
const EICAR = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'}!$H+H*`;

let directory: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palimpsest-scan-'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(directory, { recursive: true });
});

const fileOf = (text: string): string => {
  const path = join(directory, 'bytes');
  writeFileSync(path, text);
  return path;
};
const scan = (place: ScannerPlace, text: string) => scannerAt(place, { PATH: '/usr/bin:/bin' })(fileOf(text));

/** Speaks as clamd does: finds the EICAR test file, and takes no more than a megabyte. */
async function clamd(): Promise<ScannerPlace> {
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.toString('latin1') === 'zVERSION\0') socket.end('ClamAV 1.4.3/27300/Mon Mar  2 09:00:00 2026\0');
      if (heard.length > 1024 * 1024) socket.end('INSTREAM size limit exceeded. ERROR\0');
      const end = heard.subarray(-4).equals(Buffer.alloc(4)) && heard.toString('latin1').startsWith('zINSTREAM\0');
      if (!end) return;
      const parts: Buffer[] = [];
      for (let at = 10; at < heard.length; ) {
        const length = heard.readUInt32BE(at);
        parts.push(heard.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
      const bad = Buffer.concat(parts).toString('latin1').includes('EICAR');
      socket.end(`stream: ${bad ? 'Eicar-Signature FOUND' : 'OK'}\0`);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { by: 'clamd', host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

describe('a scanner', () => {
  it('of ClamAV is told every byte in its own protocol', async () => {
    const place = await clamd();
    const engine = { engine: 'ClamAV 1.4.3', definitions: '27300' };
    expect(await scan(place, 'x'.repeat(600_000))).toEqual({ verdict: 'clean', ...engine });
    expect(await scan(place, EICAR)).toEqual({ verdict: 'infected', finding: 'Eicar-Signature', ...engine });
    expect(await scan(place, '')).toMatchObject({ verdict: 'clean' });
  });

  it('of ClamAV that refuses a file cannot tell', async () => {
    await expect(scan(await clamd(), 'x'.repeat(2_000_000))).rejects.toThrow('the scanner cannot tell');
  });

  it('that is not there cannot tell', async () => {
    await expect(scan({ by: 'clamd', host: '127.0.0.1', port: 1 }, 'x')).rejects.toThrow('the scanner cannot tell');
    await expect(scan({ by: 'http', url: 'http://127.0.0.1:1/' }, 'x')).rejects.toThrow('the scanner cannot tell');
    await expect(scan({ by: 'command', program: '/nowhere/scan' }, 'x')).rejects.toThrow('the scanner cannot tell');
  });

  it('behind HTTP gets the bytes and answers in JSON', async () => {
    const server = createHttp((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = String(Buffer.concat(parts));
        const verdict = text.includes('EICAR') ? 'infected' : text === '' ? 'perhaps' : 'clean';
        response.end(JSON.stringify({ verdict, engine: 'own', finding: verdict === 'infected' ? 'a\nb' : undefined }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const place = { by: 'http', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } as const;
    expect(await scan(place, 'x'.repeat(3_000_000))).toEqual({ verdict: 'clean', engine: 'own' });
    expect(await scan(place, EICAR)).toEqual({ verdict: 'infected', engine: 'own', finding: 'a b' });
    await expect(scan(place, '')).rejects.toThrow('its answer has no verdict');
  });

  it('that is a program says it by its status', async () => {
    const program = join(directory, 'scan');
    writeFileSync(program, '#!/bin/sh\nif grep -q EICAR "$1"; then echo "$1: Eicar FOUND"; exit 1; fi\ntest -s "$1"\n');
    chmodSync(program, 0o755);
    expect(await scan({ by: 'command', program }, 'words')).toEqual({ verdict: 'clean', engine: program });
    expect(await scan({ by: 'command', program }, EICAR)).toEqual({
      verdict: 'infected',
      engine: program,
      finding: 'file: Eicar FOUND',
    });
    writeFileSync(program, '#!/bin/sh\nexit 2\n');
    await expect(scan({ by: 'command', program }, '')).rejects.toThrow(`${program} ended with 2`);
  });
});
