#!/usr/bin/env -S node --max-semi-space-size=64
import { createProgram } from './cli/program';

// Once a command has ended and what it printed is out, nothing that still lingers keeps the process.
void createProgram()
  .parseAsync(process.argv)
  .finally(() => process.stdout.write('', () => process.exit()));
