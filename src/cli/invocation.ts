import { basename } from 'node:path';

/** How `palimpsest` is typed in a checkout, where it is not on the path. */
const IN_CHECKOUT = 'npm run -s palimpsest --';

/** A command of ours in a text for people: the program's name and a word or an option behind it. */
const COMMAND = /(?<![\w./:-])palimpsest (?=[a-z[])/g;

/** The text with its commands as they are typed where this process was started; `script` is the file Node runs. */
export function typed(text: string, script = process.argv[1] ?? ''): string {
  return basename(script) === 'run.cjs' ? text.replace(COMMAND, `${IN_CHECKOUT} `) : text;
}
