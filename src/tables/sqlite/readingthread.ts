import { parentPort, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { SqlValue, Statement } from '../../store/sqlite/driver';
import { type Answer, CELLS, type Question, type ReadingStart } from './aside';
import { openState } from './state';
import { openTables } from './tables';

/**
 * A thread that answers one long question after the other, over a connection of its own. A question is never broken off
 * by the end of the process: the SQLite driver of Node 20 takes the whole process down where it comes back from SQLite
 * into a thread that was ended.
 */
const STATEMENTS = 50;

// Node 22 announces its SQLite as experimental in every thread that loads it.
process.emitWarning = () => undefined;
const { file, cells } = workerData as ReadingStart;
const port = parentPort!;
const db = openTables(file, { readOnly: true, cacheKiB: 8_000, busyTimeoutMs: 5_000 });
const state = openState(db);
const statements = new LRUCache<string, Statement<readonly SqlValue[]>>({ max: STATEMENTS });

port.on('message', (question: Question | 'end') => {
  if (question === 'end') {
    db.close();
    port.close();
    return;
  }
  Atomics.add(cells, CELLS.busy, 1);
  try {
    if (Atomics.load(cells, CELLS.ending) === 0) port.postMessage(answerTo(question));
  } finally {
    Atomics.sub(cells, CELLS.busy, 1);
    Atomics.notify(cells, CELLS.busy);
  }
});

function answerTo({ id, projection, text, values }: Question): Answer {
  const began = performance.now();
  db.exec('BEGIN');
  try {
    const position = state.livePlace(projection)?.position;
    const statement = statements.get(text) ?? db.prepareArrays(text);
    statements.set(text, statement);
    return { id, position, rows: statement.all(...values), milliseconds: performance.now() - began };
  } catch (error) {
    const { message, code, errcode } = error as { message: string; code?: string; errcode?: number };
    return { id, fault: { message, code, errcode } };
  } finally {
    db.rollback();
  }
}
