import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A file of the repository: its path from the root with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The violations, as `path:line: sentence`; empty if there are none. */
export type Check = (files: readonly Source[]) => readonly string[];

const LONGEST_FILE = 300;
const LONGEST_FUNCTION = 70;

/** Reads the text files below some folders or files of the repository. */
export function read(root: string, places: readonly string[], ending: RegExp): readonly Source[] {
  return places.flatMap((place) => {
    const path = join(root, place);
    const names = /\.\w+$/.test(place) ? [''] : (readdirSync(path, { recursive: true }) as string[]);
    return names
      .map((name) => join(path, name))
      .filter((file) => ending.test(file))
      .sort()
      .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
  });
}

export const shortFiles: Check = (files) =>
  files.flatMap(({ path, text }) => {
    if (!/\.(ts|cjs)$/.test(path)) return [];
    const lines = text.trimEnd().split('\n').length;
    return lines > LONGEST_FILE ? [`${path}:${lines}: a file has at most ${LONGEST_FILE} lines`] : [];
  });

/**
 * Bodies of `describe` hold tests, not steps, so specs are subject only to the file limit. The lines of a nested
 * function count once, for the inner one.
 */
export const shortFunctions: Check = (files) =>
  files
    .filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .flatMap(({ path, text }) => {
      const complaints: string[] = [];
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      const lineAt = (place: number): number => source.getLineAndCharacterOfPosition(place).line + 1;
      /** Returns the number of lines that functions take up below a node. */
      const look = (node: ts.Node): number => {
        let inner = 0;
        ts.forEachChild(node, (child) => {
          inner += look(child);
        });
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return inner;
        const first = lineAt(node.getStart());
        const length = lineAt(node.getEnd()) - first + 1;
        if (length - inner > LONGEST_FUNCTION) {
          complaints.push(
            `${path}:${first}: a function has at most ${LONGEST_FUNCTION} lines, this one ${length - inner}`,
          );
        }
        return length;
      };
      look(source);
      return complaints;
    });

/** A file that only re-exports hides where things are. */
export const noBarrels: Check = (files) =>
  files
    .filter(({ path }) => path.endsWith('.ts'))
    .filter(({ path, text }) => {
      const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
      const handsOn = (node: ts.Statement) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
      return /(^|\/)index\.ts$/.test(path) || (statements.length > 0 && statements.every(handsOn));
    })
    .map(({ path }) => `${path}:1: a barrel`);

export const noDrawers: Check = (files) =>
  files
    .filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.)/i.test(path))
    .map(({ path }) => `${path}:1: a drawer for everything; name what is in it`);

/** Every matching line; the patterns are written so that this file does not match itself. */
function lines(pattern: RegExp, sentence: string): Check {
  return (files) =>
    files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${sentence}: ${line.trim()}`] : [])),
    );
}

export const nothingPutOff = lines(/\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/, 'put off; do it, or say in an issue why not');

export const noSilencing = lines(
  /@ts-(ignor[e]|nochec[k]|expect-erro[r])|biome-ignore(?!.*: .{10})|eslint-disabl[e]/,
  'a warning silenced without a reason',
);

const everyTestRuns = lines(
  /\b(x(it|test|describe)|f(it|describe))\(|\b(it|test|describe)\.(ski[p]|onl[y]|tod[o])\b/,
  'every test runs',
);
const noSleep = lines(/(?<!jest\.)\b(setTimeou[t]|slee[p]|pause[d]?)\(.*\d/, 'a test that sleeps is slow or flickers');

export const honestTests: Check = (files) => {
  const specs = files.filter(({ path }) => path.endsWith('.spec.ts'));
  return [...everyTestRuns(specs), ...noSleep(specs)];
};

/** A portable repository contains no path of one machine and no address of one network. */
export const standsAlone = lines(
  /(^|[\s'"`(=:])\/(wor[k]|hom[e]|roo[t]|User[s]|mn[t])\/|[A-Z]:\\\\?User[s]|\b(10\.\d{1,3}|192\.168)(\.\d{1,3}){2}\b(?!.*[Hh]ost)|registr[y]\.(?!Register)/,
  'a path or address of one machine',
);

const LONGEST_DECISION = 10;

/** Entries of DECISIONS.md are numbered in order and short; table rows do not count as lines. */
export const numberedDecisions: Check = (files) =>
  files
    .filter(({ path }) => path === 'DECISIONS.md')
    .flatMap(({ path, text }) => {
      const [, ...entries] = text.split(/^(?=## |\*\*\d{4})/m);
      return entries.flatMap((entry, index) => {
        const [title = '', ...body] = entry.trimEnd().split('\n');
        const counted = body.filter((line) => line !== '' && !line.startsWith('|')).length;
        if (!title.startsWith(`## ${index + 1}. `)) return [`${path}: this is entry ${index + 1}: ${title}`];
        return counted > LONGEST_DECISION ? [`${path}: entry ${index + 1} has ${counted} lines, at most 10`] : [];
      });
    });

export const oneReaderOfTheEnvironment: Check = (files) =>
  lines(
    /process\.en[v]\b/,
    'only src/config/config.ts reads the environment',
  )(files.filter(({ path }) => /^(src|projections)\//.test(path) && path !== 'src/config/config.ts'));

/** What `execute` appends with, and the stores of connectors through which their own `execute` appends. */
const APPENDING = [
  'src/execute/appending.ts',
  'src/connectors/recording/aheadstore.ts',
  'src/connectors/recording/inorder.ts',
];

/** Where targets are created. */
const TARGETS = ['src/store/sqlite/adapter.ts', 'src/store/eventstoredb/adapter.ts'];
const COPYING = ['src/app.ts', 'src/cli/copy-events.ts', 'src/store/copying/copying.ts'];
const SIMULATING = ['src/cli/simulate-year.ts', 'src/connectors/simulation/datedstore.ts'];

/** Only a copy and a simulation write events with their own `recordedAt`: nothing else opens a target. */
export const oneCallerOfReceive: Check = (files) =>
  lines(
    /\btarget\??\.receiv[e]\b|\bopen\w*Targe[t]\(|\{[^}]*\breceiv[e]\b[^}]*\} = \w*target\b/i,
    'only src/store/copying and src/connectors/simulation write events with a time of their own',
  )(
    files.filter(
      ({ path }) =>
        /^(src|projections)\//.test(path) &&
        ![...COPYING, ...SIMULATING, ...TARGETS].includes(path) &&
        !/\.spec\.ts$/.test(path),
    ),
  );

/** `.append(` of the store; arrays and forms use other methods. */
export const oneCallerOfAppend: Check = (files) =>
  lines(
    /\bstore\??\.appen[d]\b|\bthis\.store\.appen[d]\b|\{[^}]*\bappen[d]\b[^}]*\} = (this\.)?store\b/,
    'only src/execute/execute.ts appends, with appending.ts',
  )(
    files.filter(
      ({ path }) => /^(src|projections)\//.test(path) && !APPENDING.includes(path) && !/\.spec\.ts$/.test(path),
    ),
  );
