import { probeStoreRights } from '../../app';
import { printableEvents } from '../../config/eventplace';
import { isLoopback } from '../../config/hosts';
import type { Address } from '../../store/eventstoredb/address';
import { type Rights, UnknownUser } from '../../store/eventstoredb/rights';
import type { Check } from './check';

const INIT = 'Let an administrator run `palimpsest store init`, and come in as the writer it makes';

const UNKNOWN =
  'Let an administrator run `palimpsest store init`, which makes the users and sets their passwords; or see to PALIMPSEST_EVENTS_USER and its password';

/** Whether the server answers, and lets us do what is needed and nothing beyond. Nothing is written to find out. */
export async function checkServer(address: Address): Promise<readonly Check[]> {
  const name = 'event store';
  const detail = printableEvents({ adapter: 'eventstoredb', address });
  const rights = await probeStoreRights(address).catch((error: unknown) => {
    if (error instanceof UnknownUser) return undefined;
    throw error;
  });
  if (rights === undefined) {
    return [
      { name, ok: false, detail: `${detail}: the server knows no such user with this password`, advice: UNKNOWN },
    ];
  }
  if (!rights.readAll) {
    return [{ name, ok: false, detail: `${detail}: $all must not be read, so nothing can be projected`, advice: INIT }];
  }
  if (!rights.append) return [{ name, ok: false, detail: `${detail}: nothing may be appended`, advice: INIT }];
  return [
    { name, ok: true, detail: `${detail} can be read and appended to`, advice: '' },
    checkRights(address, rights),
  ];
}

export function checkRights({ tls, hosts }: Address, rights: Rights): Check {
  const name = 'event store rights';
  const beyond = [
    ...(rights.remove ? ['delete streams'] : []),
    ...(rights.metadata ? ['change what is kept of a stream'] : []),
    ...(rights.system ? ["write the server's own streams"] : []),
  ];
  if (beyond.length === 0) return { name, ok: true, detail: 'append and read, and nothing beyond', advice: '' };
  const detail = `whoever comes in so may also ${beyond.join(', ')}`;
  if (tls) return { name, ok: false, detail, advice: INIT };
  // A server without security is for one's own machine, as development tokens are.
  const alone = hosts.every(({ address }) => isLoopback(address));
  const advice = 'Start the server without --insecure before anything in it matters, then `palimpsest store init`';
  return { name, ok: alone, detail: `it enforces no rights: ${detail}`, advice };
}
