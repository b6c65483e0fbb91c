import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf } from '../manners/readme';
import { missingForPython } from './verifying';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const TUTORIAL = blocksOf(readFileSync(join(ROOT, 'docs', 'audit.md'), 'utf8'));
const steps = TUTORIAL.flatMap(({ info, text }, index) =>
  info.join(' ') === 'sh' ? [{ command: text, output: TUTORIAL[index + 1]?.text ?? '' }] : [],
);

/** Counts and times differ from one version of the simulation to the next. */
const withoutDigits = (text: string): string => text.replace(/\d+(\.\d+)?/g, '0').trimEnd();

/** The whole tutorial as one script of the shell, since its steps build on each other. */
function typed(directory: string): readonly string[] {
  const script = steps
    .map(({ command }) => `${command}\nprintf '@@'`)
    .join('\n')
    .replaceAll('../audit', `${directory}/audit`);
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('PALIMPSEST'));
  const { stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd: ROOT,
    encoding: 'utf8',
    env: Object.fromEntries(environment),
  });
  if (stdout.split('@@').length !== steps.length + 1) throw new Error(stderr);
  return stdout.split('@@');
}

test('docs/audit.md: every command prints what stands under it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-audit-'));
  try {
    const printed = typed(directory);
    expect(steps.length).toBe(6);
    for (const [index, { command, output }] of steps.entries()) {
      if (command.startsWith('python3') && missingForPython() !== undefined) {
        console.warn(`${missingForPython()} is not on this machine: section 4 of docs/audit.md is not run`);
        continue;
      }
      expect(`${command}\n${withoutDigits(printed[index]!)}`).toBe(`${command}\n${withoutDigits(output)}`);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
