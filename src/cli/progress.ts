import { Presets, SingleBar } from 'cli-progress';

/** How far a long command is: a bar on a terminal, a line now and then elsewhere; always on standard error. */
export interface Progress {
  /** `detail` is what else there is to say, for instance how many events were written. */
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

const SAY_EVERY_MS = 5_000;

export function openProgress(label: string): Progress {
  return process.stderr.isTTY ? bar(label) : sayings(label);
}

function bar(label: string): Progress {
  const format = `${label} {bar} {percentage}% · {value}/{total} · {rate}/s · {eta_formatted} left {detail}`;
  const shown = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, fps: 8, etaBuffer: 200 },
    Presets.rect,
  );
  const begun = Date.now();
  let started = false;
  return {
    update: (done, total, detail = '') => {
      const payload = { rate: rateOf(done, begun), detail: detail === '' ? '' : `· ${detail}` };
      if (!started) shown.start(total, done, payload);
      started = true;
      if (shown.getTotal() !== total) shown.setTotal(total);
      shown.update(done, payload);
    },
    stop: () => {
      if (started) shown.stop();
    },
  };
}

function sayings(label: string): Progress {
  const begun = Date.now();
  let said = begun;
  return {
    update: (done, total, detail = '') => {
      const now = Date.now();
      if (now - said < SAY_EVERY_MS) return;
      said = now;
      const share = total === 0 ? 100 : Math.floor((done / total) * 100);
      const end = detail === '' ? '' : `, ${detail}`;
      const left = Math.ceil((total - done) / Math.max(1, rateOf(done, begun)));
      process.stderr.write(
        `${label}: ${share} %, ${done} of ${total}, ${rateOf(done, begun)}/s, ${left} s left${end}\n`,
      );
    },
    stop: () => {},
  };
}

function rateOf(done: number, begun: number): number {
  return Math.round(done / Math.max(0.001, (Date.now() - begun) / 1000));
}
