import type { Command } from 'commander';
import { openContent, openStoreToRead, refuseMissing } from '../../app';
import { UsageError } from '../../config/exit';
import { findUnused } from '../../store/keeping/unused';
import { action, dataCommand, type Result } from '../frame';

interface Options {
  readonly delete?: boolean;
  readonly olderThan: string;
}

/** `content unused`: bytes that nothing in the log refers to. */
export function addContentUnused(content: Command): void {
  dataCommand(
    content,
    'unused',
    'list stored bytes that no event refers to: of no version, placement, approval, hold or release; with --delete, remove them',
    ['content unused', 'content unused --older-than 90 --delete'],
  )
    .option('--older-than <days>', 'only what has been kept for so many days, 1 or more', '30')
    .option('--delete', 'remove them; what an event refers to by then stays')
    .action(
      action<Options>(async ({ config, signal }, options): Promise<Result> => {
        refuseMissing(config);
        if (!/^[1-9]\d{0,4}$/.test(options.olderThan)) {
          throw new UsageError(`--older-than must be a number of days from 1, not "${options.olderThan}"`);
        }
        const store = await openStoreToRead(config);
        const kept = openContent(config);
        try {
          const days = Number(options.olderThan);
          const found = await findUnused({ store, content: kept, days, isDelete: options.delete ?? false, signal });
          const lines = found.unused.map(({ digest, bytes }) => `${digest} ${bytes}`);
          const bytes = found.unused.reduce((sum, each) => sum + each.bytes, 0);
          const what = options.delete ? 'were removed' : 'could be removed with --delete';
          const waiting =
            found.waiting > 0 ? `; ${found.waiting} others have been here for less than ${days} days` : '';
          lines.push(`${found.unused.length} contents, ${(bytes / 1024 ** 2).toFixed(1)} MiB, ${what}${waiting}`);
          return { json: { ...found, bytes, deleted: options.delete ?? false }, text: lines.join('\n') };
        } finally {
          await kept.close();
          await store.close();
        }
      }),
    );
}
