import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const RULES = join(ROOT, '.dependency-cruiser.cjs');

export interface Rule {
  readonly name: string;
  readonly comment: string;
}

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface Import {
  readonly from: string;
  readonly to: string;
}

/** The rules of the configuration. */
export const rules: readonly Rule[] = (require(RULES) as { forbidden: readonly Rule[] }).forbidden;

/** Runs dependency-cruiser in a separate process, because it is an ES module, over the existing folders. */
export function cruise(
  root: string,
  folders: readonly string[],
): { modules: number; violations: readonly Violation[]; imports: readonly Import[] } {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, ...folders, '--config', RULES, '--output-type', 'json'];
  const { stdout } = runToEnd(args, root);
  const { summary, modules } = JSON.parse(stdout) as {
    modules: { source: string; dependencies: { resolved: string }[] }[];
    summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    imports: modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
    ),
  };
}

/** The exit code counts violations here, so a nonzero code is no failure to run. */
function runToEnd(args: readonly string[], cwd: string): { stdout: string } {
  try {
    const stdout = execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return { stdout };
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (!stdout?.startsWith('{')) throw error;
    return { stdout };
  }
}
