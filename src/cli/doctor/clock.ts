import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Address } from '../../store/eventstoredb/address';
import type { Check } from './check';

/**
 * Milliseconds: a server reports its time in whole seconds, and the answer takes time, so the difference is known no
 * more exactly.
 */
const TOLERANCE = 5_000;
const PATIENCE = 5_000;

/** Compares the clock of the event store, which gives `recordedAt`, with ours, which often gives `occurredAt`. */
export async function checkSkew(address: Address, clock: () => number = Date.now): Promise<Check> {
  const name = 'clock of the store';
  const began = clock();
  const said = await timeOf(address);
  if (said === undefined) {
    return { name, ok: true, detail: 'the server does not say what time it is over HTTP', advice: '' };
  }
  const ended = clock();
  // The time is rounded down to a second, so on average half a second has passed since.
  const skew = said + 500 - (began + ended) / 2;
  const seconds = Math.round(Math.abs(skew) / 1_000);
  if (Math.abs(skew) <= TOLERANCE) return { name, ok: true, detail: 'the same as ours, to a few seconds', advice: '' };
  const advice = 'Synchronise both clocks with a time service; until then, `at` by recordedAt is off by this much';
  return { name, ok: false, detail: `${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} ours`, advice };
}

/** The `Date` header of the server's answer, in milliseconds since 1970. */
function timeOf({ hosts, tls, caFile }: Address): Promise<number | undefined> {
  const [first] = hosts;
  if (first === undefined) return Promise.resolve(undefined);
  const { address: host, port } = first;
  const options = { host, port, path: '/health/live', timeout: PATIENCE, agent: false as const };
  return new Promise((resolve) => {
    const answered = (response: http.IncomingMessage) => {
      response.resume();
      const time = Date.parse(response.headers.date ?? '');
      resolve(Number.isNaN(time) ? undefined : time);
    };
    const request = tls
      ? https.get({ ...options, ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }) }, answered)
      : http.get(options, answered);
    request.on('timeout', () => request.destroy()).on('error', () => resolve(undefined));
  });
}
