#!/usr/bin/env -S node --max-semi-space-size=64
import { createProgram } from './cli/program';

// Once a command has ended and its output is flushed, lingering handles must not keep the process alive.
void createProgram()
  .parseAsync(process.argv)
  .finally(() => process.stdout.write('', () => process.exit()));
