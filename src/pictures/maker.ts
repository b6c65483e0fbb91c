import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type Fault,
  faultOf,
  LIMITS,
  type Limits,
  MEMORY_EXIT,
  type PictureFault,
  type Results,
  type Task,
} from './task';

/** Maximum number of waiting tasks. */
const WAITING = 256;
/** An idle process takes some 60 MB, so it ends; the next picture starts another. */
const IDLE_MS = 20_000;

export interface MakerOptions {
  readonly limits?: Partial<Limits>;
  /** Maximum number of waiting tasks. */
  readonly waiting?: number;
  /** Number of concurrent tasks. */
  readonly atOnce?: number;
  readonly idleMs?: number;
  /** What the process runs; default: what was built with this program. */
  readonly program?: string;
}

/** A message from the process: that it is ready, or the result of a task. */
interface Told {
  readonly id: number;
  readonly result: Results[keyof Results] | Fault;
}

interface Asked {
  readonly task: Task;
  readonly resolve: (result: Results[keyof Results] | Fault) => void;
  /** The task was running when the process ended and may be the cause, so it is repeated once, alone. */
  suspect: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * Makes pictures from untrusted bytes, and reads their metadata, in a child process that is started on demand. A file
 * can end that process, never this one; other tasks running at the time are repeated.
 */
export class PictureMaker {
  private readonly limits: Limits;
  private readonly waiting: Asked[] = [];
  private readonly running = new Map<number, Asked>();
  private readonly most: number;
  private readonly atOnce: number;
  private readonly idleMs: number;
  private readonly program: typeof ownProgram;
  private child: ChildProcess | undefined;
  /** The process has loaded the library: from now on a file is to blame if it ends. */
  private ready = false;
  private idle: NodeJS.Timeout | undefined;
  private asked = 0;
  private closed = false;

  constructor({ limits, waiting = WAITING, atOnce, idleMs = IDLE_MS, program }: MakerOptions = {}) {
    this.program = program === undefined ? ownProgram : () => ({ file: program, execArgv: [] });
    this.limits = { ...LIMITS, ...limits };
    this.most = waiting;
    this.atOnce = atOnce ?? Math.min(4, availableParallelism());
    this.idleMs = idleMs;
  }

  /** The result of the task, or the fault. Never rejects. */
  perform<T extends Task>(task: T): Promise<Results[T['kind']] | Fault> {
    if (this.closed) return Promise.resolve(faultOf('UNAVAILABLE'));
    if (this.waiting.length >= this.most) return Promise.resolve(faultOf('BUSY'));
    return new Promise((resolve) => {
      this.waiting.push({ task, resolve: resolve as Asked['resolve'], suspect: false });
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.idle);
    for (const asked of [...this.waiting.splice(0), ...this.running.values()]) settle(asked, faultOf('UNAVAILABLE'));
    this.running.clear();
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private next(): void {
    while (this.waiting.length > 0 && this.running.size < this.atOnce) {
      const [first] = this.waiting as [Asked];
      // A suspect runs alone, so that the end of the process identifies it.
      const alone = first.suspect || [...this.running.values()].some(({ suspect }) => suspect);
      if (alone && this.running.size > 0) return;
      this.send(this.waiting.shift()!);
    }
    this.rest();
  }

  private send(asked: Asked): void {
    const child = this.started();
    this.asked += 1;
    const id = this.asked;
    this.running.set(id, asked);
    asked.timer = setTimeout(() => this.end(id), this.limits.milliseconds);
    child.ref();
    child.channel?.ref();
    // If the process is just ending, `exit` handles the task.
    child.send({ id, task: asked.task }, () => undefined);
  }

  private started(): ChildProcess {
    clearTimeout(this.idle);
    if (this.child !== undefined) return this.child;
    const { file, execArgv } = this.program();
    // An empty environment: the process that reads untrusted bytes gets no secret of the server.
    const child = fork(file, [JSON.stringify(this.limits)], {
      execArgv,
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.ready = false;
    child.on('message', (told: 'ready' | Told) => {
      if (told === 'ready') {
        this.ready = true;
        return;
      }
      const { id, result } = told;
      const asked = this.running.get(id);
      this.running.delete(id);
      if (asked !== undefined) settle(asked, revived(result));
      this.next();
    });
    child.once('error', () => this.gone(child));
    child.once('exit', (code) => this.gone(child, code === MEMORY_EXIT ? 'TOO_MUCH_MEMORY' : 'DAMAGED'));
    this.child = child;
    return child;
  }

  /** A task takes too long, and only ending the process stops it. */
  private end(id: number): void {
    const guilty = this.running.get(id);
    if (guilty === undefined) return;
    this.running.delete(id);
    settle(guilty, faultOf('TOO_SLOW'));
    const others = [...this.running.values()];
    this.running.clear();
    this.waiting.unshift(...others.map(stopped));
    const { child } = this;
    this.child = undefined;
    child?.kill('SIGKILL');
    this.next();
  }

  private gone(child: ChildProcess, fault: PictureFault = 'UNAVAILABLE'): void {
    if (this.child !== child) return;
    this.child = undefined;
    const under = [...this.running.values()];
    this.running.clear();
    if (!this.ready) {
      // A process that does not even start would not start for the next task either.
      for (const asked of [...under, ...this.waiting.splice(0)]) settle(asked, faultOf('UNAVAILABLE'));
      return;
    }
    const [only] = under;
    if (under.length === 1) settle(only!, faultOf(fault));
    else this.waiting.unshift(...under.map((asked) => Object.assign(stopped(asked), { suspect: true })));
    this.next();
  }

  /** Without tasks, the process does not keep this one alive, and ends itself after a while. */
  private rest(): void {
    const { child } = this;
    if (child === undefined || this.running.size > 0) return;
    child.unref();
    child.channel?.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (this.running.size > 0) return;
      this.child = undefined;
      child.disconnect();
    }, this.idleMs).unref();
  }
}

function settle(asked: Asked, result: Results[keyof Results] | Fault): void {
  clearTimeout(asked.timer);
  asked.resolve(result);
}

function stopped(asked: Asked): Asked {
  clearTimeout(asked.timer);
  return asked;
}

/** Buffers arrive from another process as plain byte arrays. */
function revived(result: Results[keyof Results] | Fault): Results[keyof Results] | Fault {
  return 'bytes' in result ? { ...result, bytes: Buffer.from(result.bytes) } : result;
}

/** Beside the bundle, beside the compiled sources, or the source itself in tests. */
function ownProgram(): { readonly file: string; readonly execArgv: string[] } {
  for (const file of [join(__dirname, 'pictureworker.js'), join(__dirname, 'worker', 'pictureworker.js')]) {
    if (existsSync(file)) return { file, execArgv: [] };
  }
  return { file: join(__dirname, 'worker', 'pictureworker.ts'), execArgv: ['--require', 'ts-node/register'] };
}
