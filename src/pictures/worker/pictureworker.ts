import { type Fault, faultOf, type Limits, MEMORY_EXIT, type Results, type Task } from '../task';
import { draw } from './drawing';
import { guardedSharp } from './loaders';
import { read } from './reading';

/**
 * A separate process for untrusted bytes: it has no secret, ends itself when it takes too much memory, and is ended by
 * its parent when it takes too long.
 */
const WATCH_MS = 20;
const limits = JSON.parse(process.argv[2]!) as Limits;

interface Asked {
  readonly id: number;
  readonly task: Task;
}

process.on('message', async ({ id, task }: Asked) => {
  const result = await perform(task).catch((error: Error) => faultIn(error.message));
  process.send?.({ id, result });
});
process.on('disconnect', () => process.exit(0));
// The library decodes in its own threads, so this timer keeps running.
setInterval(() => {
  if (process.memoryUsage.rss() > limits.memoryBytes) process.exit(MEMORY_EXIT);
}, WATCH_MS).unref();
guardedSharp();
process.send?.('ready');

function perform(task: Task): Promise<Results[keyof Results] | Fault> {
  return task.kind === 'draw' ? draw(task.file, task.look, limits) : read(task.file, task.mediaType, limits);
}

/** The fault behind a message of the library; in any other case the file is damaged. */
function faultIn(message: string): Fault {
  if (/pixel limit|too large|exceeds|dimensions? too/i.test(message)) return faultOf('TOO_LARGE');
  if (/unsupported image format|blocked|unsupported/i.test(message)) return faultOf('UNSUPPORTED');
  if (/timeout/i.test(message)) return faultOf('TOO_SLOW');
  return faultOf('DAMAGED', message.split('\n')[0]?.slice(0, 200));
}
