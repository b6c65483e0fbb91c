import { openStoreToRead } from '../../app';
import type { Config } from '../../config/config';
import { fsck } from '../../ledger/fsck';
import { ledgerIn } from '../../ledger/ledger';
import type { Check } from './check';
import { hasEvents } from './logcheck';

const ADVICE =
  'Keep the directory of the ledger and the event store as they are, as evidence; compare with backups of both, and restore the log from the newest one that `palimpsest ledger fsck` finds intact';

/** Whether the log still matches what was signed, and the files of the ledger still give what was signed. */
export async function checkLedger(config: Config, signal?: AbortSignal): Promise<Check> {
  const name = 'ledger';
  if (!hasEvents(config)) return { name, ok: true, detail: 'no events yet', advice: '' };
  const store = await openStoreToRead(config);
  try {
    const result = await fsck({ store, ledger: ledgerIn(config.dataDir), signal });
    if (result === undefined) {
      return {
        name,
        ok: true,
        detail: 'nothing was signed yet',
        advice: '`palimpsest ledger checkpoint` signs the log',
      };
    }
    const { events, intactEvents, intactUpTo, findings, unsigned } = result;
    const later = unsigned > 0 ? `; ${unsigned} later ones are not signed yet` : '';
    if (result.ok) {
      const detail = `the log is intact: all ${events} signed events are as they were signed, up to ${intactUpTo ?? 'the beginning'}${later}`;
      return { name, ok: true, detail, advice: '' };
    }
    const found = findings.map(({ code, detail }) => `${code}: ${detail}`).join('; ');
    const upTo = intactUpTo === undefined ? 'no event' : `only the first ${intactEvents} events, up to ${intactUpTo},`;
    return { name, ok: false, detail: `${upTo} of ${events} signed ones can be relied on: ${found}`, advice: ADVICE };
  } catch (error) {
    signal?.throwIfAborted();
    return { name, ok: false, detail: (error as Error).message, advice: ADVICE };
  } finally {
    await store.close();
  }
}
