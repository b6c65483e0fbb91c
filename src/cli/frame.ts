import { Command } from 'commander';
import { type Config, loadConfig } from '../config/config';
import { EXIT, Interrupted } from '../config/exit';
import { createLog, type Log } from '../telemetry/log';
import { note, print } from '../telemetry/out';
import { explain } from './explain';
import { typed } from './invocation';

/** What every command receives besides its own options. */
export interface Frame {
  readonly config: Config;
  /** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Prints a line for a person to standard error; standard output is for results. */
  note(line: string): void;
  /** The log of a long-running process, on standard error: text on a terminal, JSON lines elsewhere. */
  readonly log: Log;
}

/** The result of a command: the object for `--json`, the text for a person, and whether it found a fault. */
export interface Result {
  readonly json: object;
  readonly text: string;
  readonly fault?: boolean;
}

interface CommonOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly host?: string;
  readonly port?: string;
}

/**
 * A command with the common options and with examples in its help; `directory` overrides the default data directory.
 */
export function dataCommand(
  parent: Command,
  usage: string,
  description: string,
  examples: readonly string[],
  directory?: string,
): Command {
  const usual = 'data directory (default: PALIMPSEST_DATA, else ./data)';
  return parent
    .command(usage)
    .description(description)
    .option(
      '--data <dir>',
      directory === undefined ? usual : 'data directory, whatever PALIMPSEST_DATA says',
      directory,
    )
    .option('--json', 'one JSON object on standard output at the end')
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((line) => `  $ ${line.includes('palimpsest ') ? line : `palimpsest ${line}`}`).join('\n')}`,
    );
}

/** Collects the values of an option that may be repeated. */
export const collected = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/**
 * Turns a body into a commander action: reads the configuration, handles signals, prints the result, and sets the exit
 * code. A body that returns nothing has printed its own output.
 */
export function action<O, A extends readonly (string | undefined)[] = []>(
  body: (frame: Frame, options: O, ...args: A) => Promise<Result | undefined>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const options = given.at(-2) as O & CommonOptions;
    const args = given.slice(0, -2) as unknown as A;
    const signals = catchSignals();
    try {
      const config = loadConfig({ data: options.data, host: options.host, port: options.port });
      const json = config.logs === 'json' || (config.logs === 'auto' && !process.stderr.isTTY);
      const frame = { config, signal: signals.signal, note, log: createLog({ json, write: note }) };
      const result = await body(frame, options, ...args);
      if (result === undefined) return;
      print(options.json ? JSON.stringify(result.json) : typed(result.text));
      if (result.fault) process.exitCode = EXIT.fault;
    } catch (error) {
      const ending = explain(isAbort(error) ? new Interrupted() : error);
      note(`palimpsest ${nameOf(command)}: ${typed(ending.message)}`);
      process.exitCode = ending.exitCode;
    } finally {
      signals.release();
    }
  };
}

/** `tables hash` for the command `hash` under `tables`. */
function nameOf(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

/** Libraries throw an AbortError instead of the signal's own reason. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function catchSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Interrupted(undefined, name));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
