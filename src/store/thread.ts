import { type MessagePort, Worker } from 'node:worker_threads';

/** What a thread runs. It is told what it was started with. */
export type ThreadBody<D> = (port: MessagePort, data: D, load: NodeJS.Require) => void;

/** Its own young garbage is collected beside that of the process, which has room for much more. */
const YOUNG_MIB = 16;

/** How long the end of the process waits for what a thread is just doing, in milliseconds. */
const LAST_MS = 10_000;

/** Numbers that both sides see: steps the thread is in the middle of, and whether the process ends. */
const CELLS = { busy: 0, ending: 1 } as const;

/**
 * Runs a function in a thread of its own. It is sent there as its source text, since the bundle, the tests and the
 * programs of the tests have no file in common: so nothing in it may refer to anything outside of it but `port`, `data`,
 * `load` (which is `require`) and what JavaScript and Node have everywhere.
 *
 * The function, and what it does by `port.on` with each message, is never broken off by the end of the process: the
 * SQLite driver of Node 20 takes the whole process down where it comes back from SQLite into a thread that was ended.
 */
export function startThread<D>(name: string, body: ThreadBody<D>, data: D): Worker {
  const source = `'use strict';
    // Node 22 announces its SQLite as experimental in every thread that loads it.
    process.emitWarning = () => undefined;
    const { parentPort, workerData: { data, cells } } = require('node:worker_threads');
    const whole = (step) => (...given) => {
      Atomics.add(cells, ${CELLS.busy}, 1);
      try {
        if (Atomics.load(cells, ${CELLS.ending}) === 0) step(...given);
      } finally {
        Atomics.sub(cells, ${CELLS.busy}, 1);
        Atomics.notify(cells, ${CELLS.busy});
      }
    };
    const on = parentPort.on.bind(parentPort);
    parentPort.on = (event, step) => on(event, whole(step));
    whole(${String(body)})(parentPort, data, require);`;
  const cells = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(source, {
    name,
    eval: true,
    workerData: { data, cells },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  const onEnd = () => letFinish(cells);
  process.on('exit', onEnd);
  thread.once('exit', () => process.off('exit', onEnd));
  return thread;
}

/** Whoever of both is second sees what the other did: so no step is begun that nobody waits for. */
function letFinish(cells: Int32Array): void {
  Atomics.store(cells, CELLS.ending, 1);
  for (let busy = 1; busy > 0; ) {
    busy = Atomics.load(cells, CELLS.busy);
    if (busy > 0 && Atomics.wait(cells, CELLS.busy, busy, LAST_MS) === 'timed-out') return;
  }
}
