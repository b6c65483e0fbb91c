import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../src/config/config';
import { History } from './history';

const ROOT = join(__dirname, '..', '..');
const ASSETS = 500;
const VERSIONS = 20;
/** Number of assets that one commit changes. */
const AT_ONCE = 250;
/**
 * Maximum memory for importing 30,500 events, in millions of bytes. It takes 220, and took 340 while the young
 * generation of the heap was as large as on a server.
 */
const MOST = 280;

/** Commits as `git fast-import` takes them: each shows new bytes of some assets, approved by two people. */
function commits(): string {
  const parts: string[] = [];
  for (let commit = 0; commit < (ASSETS / AT_ONCE) * VERSIONS; commit += 1) {
    const who = `Author ${commit % 9} <author${commit % 9}@studio.example> ${1_500_000_000 + commit * 3600} +0000`;
    const message = `Draw ${commit}\n\nReviewed-by: Eve Look <eve@studio.example>\nAcked-by: Max See <max@studio.example>\n`;
    parts.push(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}`);
    for (let index = 0; index < AT_ONCE; index += 1) {
      const asset = ((commit * AT_ONCE) % ASSETS) + index;
      const content = `<svg><path d="M${asset} ${commit}"/></svg>`;
      parts.push(`M 100644 inline icons/${asset % 50}/icon-${asset}.svg\ndata ${content.length}\n${content}\n`);
    }
  }
  return parts.join('');
}

/** How `npm run palimpsest` starts a program: node, its V8 options, and the launcher. */
function started(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { palimpsest: string };
  };
  return scripts.palimpsest.split(' ').slice(1);
}

/**
 * Loaded before the program: writes the peak memory of the process, in KiB, when it ends. Linux keeps `maxRSS` across
 * exec, so it may be that of the test; the program's own is in /proc.
 */
const REPORT = `const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const own = () => existsSync('/proc/self/status') && /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(own() || process.resourceUsage().maxRSS)));`;

/** Imports as a user does; returns the result of the import and its peak memory in millions of bytes. */
async function measured({ path, dataDir }: History): Promise<{ events: number; reconciled: boolean; peak: number }> {
  const [report, peakFile] = [`${dataDir}.report.cjs`, `${dataDir}.peak`];
  writeFileSync(report, REPORT);
  const asked = ['import', 'git', path, '--no-content', '--json', '--data', dataDir];
  const child = spawn(process.execPath, ['--require', report, ...started(), ...asked], {
    cwd: ROOT,
    env: { ...childEnvironment(), PEAK_FILE: peakFile },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 270_000,
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child, 'close');
  const peak = (Number(readFileSync(peakFile, 'utf8')) * 1024) / 1_000_000;
  return { ...(JSON.parse(said) as { events: number; reconciled: boolean }), peak };
}

const history = new History();
afterAll(() => history.dispose());

test('an import of 30,500 events stays below 280 MB of memory', async () => {
  history.git(['-C', history.path, 'fast-import', '--quiet'], commits());
  const { events, reconciled, peak } = await measured(history);
  expect({ events, reconciled }).toEqual({ events: 30_500, reconciled: true });
  expect(peak).toBeLessThan(MOST);
}, 300_000);
