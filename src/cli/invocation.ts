import { basename } from 'node:path';

/** How `palimpsest` is typed in a checkout, where it is not on the PATH. */
const IN_CHECKOUT = 'npm run -s palimpsest --';

/** One of our commands in a text for people: the program's name followed by a word or an option. */
const COMMAND = /(?<![\w./:-])palimpsest (?=[a-z[])/g;

/** The text with its commands as typed where this process was started; `script` is the file that Node runs. */
export function typed(text: string, script = process.argv[1] ?? ''): string {
  return basename(script) === 'run.cjs' ? text.replace(COMMAND, `${IN_CHECKOUT} `) : text;
}
