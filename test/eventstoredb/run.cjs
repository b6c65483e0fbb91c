#!/usr/bin/env node
'use strict';
// `npm run test:eventstoredb [-- PATTERN…]`: the specs that say something about EventStoreDB, against the server that
// EVENTSTORE_URL names (see README.md beside this file). Without a server it says so and ends with 3: a run that
// tested nothing must never look like one that passed.
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { EventStoreDBClient } = require('@eventstore/db-client');

const ROOT = join(__dirname, '..', '..');
const UNAVAILABLE = 3;
const PATIENCE_MS = 10_000;
/** What the server is asked about: the contract, its behaviour, faults on the way to it, whole journeys through it. */
const SPECS = [
  'src/store/eventstoredb',
  'test/store/eventstoredb',
  'test/support/eventstoredb',
  'test/eventstoredb',
  'test/copy/servers',
  'test/journeys',
];

async function main() {
  const url = process.env.EVENTSTORE_URL ?? '';
  if (url === '') return refuse('EVENTSTORE_URL is not set.');
  const fault = await faultOf(url);
  if (fault !== undefined) return refuse(`${printable(url)} cannot be used: ${fault}`);
  process.stderr.write(`Testing against the EventStoreDB at ${printable(url)}.\n`);
  const chosen = process.argv.slice(2);
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  // One worker: specs share the server, and one that is flooded by a neighbour measures the neighbour.
  const args = [jest, '--runInBand', '--testTimeout=120000', ...(chosen.length > 0 ? chosen : SPECS)];
  const tests = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  tests.on('close', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 130;
  });
}

/** Why the server cannot be tested; undefined where it answers, and as one who may read everything. */
async function faultOf(url) {
  const reading = async () => {
    const client = EventStoreDBClient.connectionString(url);
    try {
      for await (const _ of client.readAll({ maxCount: 1 }));
    } finally {
      client.dispose().catch(() => undefined);
    }
  };
  let clock;
  const late = new Promise((_, reject) => {
    clock = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    await Promise.race([reading(), late]);
    return undefined;
  } catch (error) {
    return error.message || error.type || String(error);
  } finally {
    clearTimeout(clock);
  }
}

function refuse(reason) {
  const line = '='.repeat(72);
  const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  process.stderr.write(
    `${line}\nNO EVENTSTOREDB WAS TESTED. ${reason}\n\nStart one, for instance with docker compose, and name it:\n` +
      `  EVENTSTORE_URL='esdb://127.0.0.1:2113?tls=false' npm run test:eventstoredb\n` +
      `How: test/eventstoredb/README.md of ${name}.\n${line}\n`,
  );
  // Calls to a server that is not there would keep the process alive for the client's own patience.
  process.exit(UNAVAILABLE);
}

const printable = (url) => url.replace(/\/\/[^@/?]*@/, '//').replace(/\?.*$/, '');

void main();
