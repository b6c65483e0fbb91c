import type { Command } from 'commander';
import { version } from '../../../package.json';
import { createApp, refuseMissing } from '../../app';
import { UsageError } from '../../config/exit';
import { reportingFixity } from '../../execute/fixityreports';
import { ReferenceReader } from '../../store/keeping/references';
import { checkKept } from '../../store/keeping/verifying';
import { action, dataCommand, type Result } from '../frame';
import { openProgress } from '../progress-bar';

interface Options {
  readonly sample?: string;
}

/** `content check`: reads what is kept, compares it with its digests, and records what it found. */
export function addContentCheck(content: Command): void {
  dataCommand(
    content,
    'check',
    'read the stored bytes of every version and compare them with their digests; the result is recorded. Exit code 1 if any are damaged or missing',
    ['content check', 'content check --sample 500 --json'],
  )
    .option('--sample <n>', 'check only so many contents, drawn at random')
    .action(
      action<Options>(async ({ config, signal }, { sample }): Promise<Result> => {
        refuseMissing(config);
        if (sample !== undefined && !/^[1-9]\d{0,8}$/.test(sample)) {
          throw new UsageError(`--sample must be a whole number from 1, not "${sample}"`);
        }
        const app = await createApp(config);
        const progress = openProgress('content');
        try {
          const references = new ReferenceReader(app.store);
          await references.catchUp(signal);
          const began = performance.now();
          const checked = await checkKept({
            content: app.content,
            versions: references.versions,
            seen: references.seen,
            sample: sample === undefined ? undefined : Number(sample),
            signal,
            onChecked: reportingFixity(app.execute, { place: app.content.place.slice(0, 200), toolVersion: version }),
            onProgress: progress.update,
          });
          const seconds = Math.round(performance.now() - began) / 1_000;
          const json = { ...checked, place: app.content.place, seconds };
          const isFaulty = checked.damaged.length + checked.missing.length > 0;
          return { json, text: report(json), fault: isFaulty };
        } finally {
          progress.stop();
          await app.close();
        }
      }),
    );
}

function report({
  good,
  damaged,
  missing,
  elsewhere,
  bytes,
  place,
  seconds,
}: Awaited<ReturnType<typeof checkKept>> & { readonly place: string; readonly seconds: number }): string {
  const lines = [
    `${good} contents in ${place} are good; ${(bytes / 1024 ** 2).toFixed(1)} MiB were read in ${seconds.toFixed(1)} s`,
    ...damaged.map((digest) => `DAMAGED ${digest}`),
    ...missing.map((digest) => `MISSING ${digest}`),
  ];
  if (damaged.length + missing.length > 0) lines.push('Upload the same bytes again, or restore them from a backup.');
  if (elsewhere > 0) lines.push(`the bytes of ${elsewhere} other contents were never kept here`);
  return lines.join('\n');
}
