import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import ts from 'typescript';
import config from '../../docs/codegen';

const SCHEMA = parse(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
const PLUGINS: Readonly<Record<string, typeof typescript | typeof operations>> = {
  typescript,
  'typescript-operations': operations,
};

/** The texts of files by name. */
type Files = ReadonlyMap<string, string>;

/** The files that docs/codegen.ts generates for these operations. */
export async function generated(document: string): Promise<Files> {
  const documents = [{ location: 'src/page.graphql', document: parse(document) }];
  const files = new Map<string, string>();
  for (const [filename, { plugins }] of Object.entries(config.generates)) {
    const settings = { filename, schema: SCHEMA, documents, config: config.config, pluginMap: PLUGINS };
    files.set(filename, await codegen({ ...settings, plugins: plugins.map((name) => ({ [name]: {} })) }));
  }
  return files;
}

/** The errors of the strict compiler in these files, with file and line. */
export function complaints(files: Files): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'palimpsest-codegen-'));
  try {
    const paths = [...files].map(([name, text]) => {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    });
    const options = { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022, skipLibCheck: true };
    return ts.getPreEmitDiagnostics(ts.createProgram(paths, options)).map(({ file, start, messageText }) => {
      const place =
        file && `${relative(directory, file.fileName)}:${file.getLineAndCharacterOfPosition(start!).line + 1}`;
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
