import { type MessagePort, Worker } from 'node:worker_threads';

/** What a thread runs. It is told what it was started with. */
export type ThreadBody<D> = (port: MessagePort, data: D, load: NodeJS.Require) => void;

/** Its own young garbage is collected beside that of the process, which has room for much more. */
const YOUNG_MIB = 16;

/**
 * Runs a function in a thread of its own. It is sent there as its source text, since the bundle, the tests and the
 * programs of the tests have no file in common: so nothing in it may refer to anything outside of it but `port`, `data`,
 * `load` (which is `require`) and what JavaScript and Node have everywhere.
 */
export function startThread<D>(name: string, body: ThreadBody<D>, data: D): Worker {
  const source = `'use strict';
    // Node 22 announces its SQLite as experimental in every thread that loads it.
    process.emitWarning = () => undefined;
    const { parentPort, workerData } = require('node:worker_threads');
    (${String(body)})(parentPort, workerData, require);`;
  return new Worker(source, {
    name,
    eval: true,
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
}
