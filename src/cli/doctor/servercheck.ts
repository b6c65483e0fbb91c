import { probeStoreRights } from '../../app';
import { printableEvents } from '../../config/eventplace';
import { isLoopback } from '../../config/hosts';
import type { Address } from '../../store/eventstoredb/address';
import { type Rights, UnknownUser } from '../../store/eventstoredb/rights';
import type { Check } from './check';

const INIT = 'Let an administrator run `palimpsest store init`, and connect as the writer that it creates';

const UNKNOWN =
  'Let an administrator run `palimpsest store init`, which creates the users and sets their passwords; or correct PALIMPSEST_EVENTS_USER and its password';

/** Whether the server answers, and whether our user has exactly the rights it needs. Writes nothing. */
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
    return [
      { name, ok: false, detail: `${detail}: this user may not read $all, so nothing can be projected`, advice: INIT },
    ];
  }
  if (!rights.append) return [{ name, ok: false, detail: `${detail}: this user may not append events`, advice: INIT }];
  return [
    { name, ok: true, detail: `${detail} can be read and appended to`, advice: '' },
    checkRights(address, rights),
  ];
}

export function checkRights({ tls, hosts }: Address, rights: Rights): Check {
  const name = 'event store rights';
  const beyond = [
    ...(rights.remove ? ['delete streams'] : []),
    ...(rights.metadata ? ['change the metadata of streams'] : []),
    ...(rights.system ? ['write system streams'] : []),
  ];
  if (beyond.length === 0)
    return { name, ok: true, detail: 'this user may read and append, and nothing else', advice: '' };
  const detail = `this user may also ${beyond.join(', ')}`;
  if (tls) return { name, ok: false, detail, advice: INIT };
  // A server without security is acceptable on one's own machine only, like development tokens.
  const alone = hosts.every(({ address }) => isLoopback(address));
  const advice =
    'Before it holds anything important, start the server without --insecure and run `palimpsest store init`';
  return { name, ok: alone, detail: `the server checks no rights: ${detail}`, advice };
}
