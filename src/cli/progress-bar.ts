import { Presets, SingleBar } from 'cli-progress';
import { note, shownInLine } from '../telemetry/out';

/** The progress of a long command: a bar on a terminal, an occasional line elsewhere; always on standard error. */
export interface ProgressBar {
  /** `detail` is additional text, for instance the number of events written. */
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

const SAY_EVERY_MS = 5_000;

export function openProgress(label: string): ProgressBar {
  return process.stderr.isTTY ? bar(shownInLine(label)) : sayings(shownInLine(label));
}

function bar(label: string): ProgressBar {
  const format = `${label} {bar} {percentage}% · {value}/{total} · {rate}/s · {eta_formatted} left {detail}`;
  const shown = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, fps: 8, etaBuffer: 200 },
    Presets.rect,
  );
  const rateOf = pace();
  let started = false;
  return {
    update: (done, total, detail = '') => {
      const payload = { rate: rateOf(done), detail: detail === '' ? '' : `· ${shownInLine(detail)}` };
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

function sayings(label: string): ProgressBar {
  const rateOf = pace();
  let said = Date.now();
  return {
    update: (done, total, detail = '') => {
      const rate = rateOf(done);
      const now = Date.now();
      if (now - said < SAY_EVERY_MS) return;
      said = now;
      const share = total === 0 ? 100 : Math.floor((done / total) * 100);
      const end = detail === '' ? '' : `, ${shownInLine(detail)}`;
      const left = Math.ceil((total - done) / Math.max(1, rate));
      note(`${label}: ${share} %, ${done} of ${total}, ${rate}/s, ${left} s left${end}`);
    },
    stop: () => {},
  };
}

/** Measures the rate per second. Work before the first report does not count: an earlier run did it. */
function pace(): (done: number) => number {
  const begun = Date.now();
  let before: number | undefined;
  return (done) => {
    before ??= done;
    return Math.round((done - before) / Math.max(0.001, (Date.now() - begun) / 1000));
  };
}
