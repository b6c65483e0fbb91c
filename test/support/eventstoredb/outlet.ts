import type { ServerWritableStream } from '@grpc/grpc-js';
import { asError, type Refusal } from './refusals';

/** The output to one reader: frames in order, as fast as the reader takes them. */
export class Outlet {
  private over = false;
  private readonly endings: (() => void)[] = [];
  private room: Promise<void> | undefined;

  constructor(private readonly call: ServerWritableStream<unknown, Buffer>) {
    const finish = () => this.finish();
    call.on('cancelled', finish);
    call.on('close', finish);
    call.on('error', finish);
  }

  get closed(): boolean {
    return this.over;
  }

  /** False if the reader is behind: then wait for `ready` before sending more. */
  send(frame: Buffer): boolean {
    return this.over || this.call.write(frame);
  }

  /** Resolves when the reader has taken everything, or has gone. */
  ready(): Promise<void> {
    if (this.over || !this.call.writableNeedDrain) return Promise.resolve();
    this.room ??= new Promise((resolve) => {
      const go = () => {
        this.room = undefined;
        this.call.off('drain', go);
        resolve();
      };
      this.call.once('drain', go);
      this.endings.push(go);
    });
    return this.room;
  }

  onEnd(ending: () => void): void {
    if (this.over) ending();
    else this.endings.push(ending);
  }

  end(refusal?: Refusal): void {
    if (this.over) return;
    this.finish();
    if (refusal) this.call.emit('error', asError(refusal));
    else this.call.end();
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    for (const ending of this.endings.splice(0)) ending();
  }
}
