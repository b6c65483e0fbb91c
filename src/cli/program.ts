import { Command, type CommanderError } from 'commander';
import { version } from '../../package.json';
import { EXIT } from '../config/exit';
import { note, print } from '../telemetry/out';
import { addCopy } from './copy-events';
import { addDemo } from './demo';
import { addDoctor } from './doctor/doctor';
import { addEvidence } from './evidence';
import { addExport } from './export-list';
import { addTables } from './hash-tables';
import { addHead } from './head';
import { addImportGit } from './import-git';
import { typed } from './invocation';
import { addBackup, addRestore } from './keeping/backup-data';
import { addContentCheck } from './keeping/check-content';
import { addContentUnused } from './keeping/unused-content';
import { addLedger } from './ledger/ledger';
import { addEvents } from './print-events';
import { addProject } from './project';
import { addRebuild } from './rebuild-tables';
import { addRulebook } from './rules/rulebook';
import { addWorkflow } from './rules/workflow';
import { addServe } from './serve';
import { addSimulate } from './simulate-year';
import { addStore } from './store-init';
import { addToken } from './token';

/** The whole command line. Wrong usage exits with 2 and a suggestion; help exits with 0. */
export function createProgram(): Command {
  const program = new Command('palimpsest')
    .description('One system of record for every version, approval and campaign use of a content asset.')
    .version(version)
    .showHelpAfterError('(add --help for the options and examples)')
    .exitOverride(endUsage)
    // The messages repeat the command line, which may contain anything: escape it.
    .configureOutput({
      writeErr: (text) => note(typed(text.trimEnd())),
      writeOut: (text) => print(typed(text.trimEnd())),
    })
    .addHelpText('after', EPILOGUE);
  addServe(program);
  addProject(program);
  addToken(program);
  addWorkflow(program);
  addRulebook(program);
  // Connectors that are run by hand add their commands here.
  const imports = program.command('import').description('import the history of another tool');
  addImportGit(imports);
  addSimulate(program);
  addDemo(program);
  addHead(program);
  addEvents(program);
  addExport(program);
  addTables(program);
  addRebuild(program);
  addStore(program);
  addCopy(program);
  const content = program.command('content').description('look after the stored bytes of versions');
  addContentCheck(content);
  addContentUnused(content);
  addBackup(program);
  addRestore(program);
  addLedger(program);
  addEvidence(program);
  addDoctor(program);
  return program;
}

const EPILOGUE = `
Start here:
  $ palimpsest demo                      a year of a small marketing organisation, served
  $ palimpsest import git ../my-icons    the history of a design repository
  $ palimpsest serve                     GraphQL on http://127.0.0.1:4000/graphql

Exit codes: 0 done; 1 a difference or a fault in the data; 2 wrong usage or bad input;
3 something needed is unavailable or locked; 130 interrupted, the same command again goes on.`;

/** Commander prints the message itself; only the exit code is ours. */
function endUsage(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
}
