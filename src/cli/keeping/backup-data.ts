import { existsSync } from 'node:fs';
import { copyFile, open, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { version } from '../../../package.json';
import { openContent, openMove, openStoreToRead, refuseMissing } from '../../app';
import type { Config } from '../../config/config';
import { FaultFound, UsageError } from '../../config/exit';
import { copy } from '../../store/copying/copying';
import { BackupDamaged, backUp } from '../../store/keeping/backup';
import { restore } from '../../store/keeping/restore';
import { snapshotEvents } from '../../store/sqlite/snapshot';
import { action, dataCommand, type Result } from '../frame';
import { openProgress } from '../progress-bar';

/** `backup`: events, names and content as of one moment, into a directory. */
export function addBackup(program: Command): void {
  dataCommand(
    program,
    'backup <dir>',
    'copy events, names and content into a directory, while the server runs, and verify the copy; into the same directory again, only new content is copied. Exit code 1 if content is lacking',
    ['backup ../backup', 'backup /backups/today --json'],
  ).action(
    action<object, [string]>(async ({ config, signal }, _options, directory): Promise<Result> => {
      refuseMissing(config);
      const content = openContent(config);
      const progress = openProgress('backup');
      try {
        const manifest = await backUp({
          dataDir: config.dataDir,
          directory: resolve(directory),
          content,
          program: version,
          events: (file) => eventsInto(config, file, signal),
          signal,
          onProgress: progress.update,
        });
        const { events, position, contents, contentBytes, lacking } = manifest;
        const size = `${(contentBytes / 1024 ** 2).toFixed(1)} MiB`;
        const lines = [
          `${events} events up to position ${position}, and ${contents} contents of ${size}, are in ${directory}`,
          ...lacking.map(
            (digest) => `LACKING ${digest}: its bytes are missing or damaged; \`palimpsest content check\``,
          ),
        ];
        return { json: manifest, text: lines.join('\n'), fault: lacking.length > 0 };
      } catch (error) {
        throw error instanceof BackupDamaged ? new FaultFound(error.message) : error;
      } finally {
        progress.stop();
        await content.close();
      }
    }),
  );
}

/** `restore`: what a backup holds, into an empty place. */
export function addRestore(program: Command): void {
  dataCommand(
    program,
    'restore <dir>',
    'put a backup into an empty data directory, or into the stores that the settings name, and verify it. Exit code 1 if the backup is damaged',
    ['restore ../backup --data ./restored'],
  ).action(
    action<object, [string]>(async ({ config, signal }, _options, directory): Promise<Result> => {
      const { events } = config;
      if (events.adapter === 'sqlite' && existsSync(events.file)) {
        throw new UsageError(`${events.file} exists; restore into an empty directory, named with --data`);
      }
      const content = openContent(config);
      const progress = openProgress('restore');
      try {
        const restored = await restore({
          dataDir: config.dataDir,
          directory: resolve(directory),
          content,
          events: (file) => eventsFrom(config, file, signal),
          signal,
          onProgress: progress.update,
        });
        const lines = [
          `${restored.events} events up to position ${restored.position}, and ${restored.contents} contents, are restored`,
          ...restored.damaged.map((digest) => `DAMAGED ${digest} in the backup; it was left out`),
          'The tables are built from the events when the server starts.',
        ];
        return { json: restored, text: lines.join('\n'), fault: restored.damaged.length > 0 };
      } catch (error) {
        throw error instanceof BackupDamaged ? new FaultFound(error.message) : error;
      } finally {
        progress.stop();
        await content.close();
      }
    }),
  );
}

async function eventsInto(config: Config, file: string, signal: AbortSignal): Promise<void> {
  const { events } = config;
  if (events.adapter === 'sqlite') return snapshotEvents(events.file, file);
  await moved(events, { adapter: 'sqlite', file }, signal);
}

async function eventsFrom(config: Config, file: string, signal: AbortSignal) {
  const { events } = config;
  if (events.adapter === 'sqlite') {
    // Under its own name only when it is whole.
    const draft = `${events.file}.draft`;
    await copyFile(file, draft);
    const handle = await open(draft, 'r+');
    await handle.sync();
    await handle.close();
    await rename(draft, events.file);
  } else {
    await moved({ adapter: 'sqlite', file }, events, signal);
  }
  const store = await openStoreToRead(config);
  try {
    const { events: count } = store.count ? await store.count() : { events: await counted(store) };
    return { position: await store.head(), events: count };
  } finally {
    await store.close();
  }
}

async function counted(store: Awaited<ReturnType<typeof openStoreToRead>>): Promise<number> {
  let events = 0;
  for await (const page of store.readAll({})) events += page.length;
  return events;
}

async function moved(from: Config['events'], to: Config['events'], signal: AbortSignal): Promise<void> {
  const move = await openMove(from, to);
  try {
    const { same } = await copy({ ...move, signal, onProgress: () => {} });
    if (!same) throw new BackupDamaged('the events that were written are not those that were read');
  } finally {
    await move.close();
  }
}
