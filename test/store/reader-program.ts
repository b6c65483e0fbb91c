import { openSqliteStore } from '../../src/store/sqlite/adapter';

/** A process that reads so many pages of an event file in a thread and forgets both: `FILE PAGES`. Prints the events. */
const [file = '', pages = '1'] = process.argv.slice(2);
const reading = openSqliteStore(file, { aheadFrom: 0 }).readAll()[Symbol.asyncIterator]();

async function main(): Promise<void> {
  let events = 0;
  for (let left = Number(pages); left > 0; left -= 1) events += (await reading.next()).value?.length ?? 0;
  process.stdout.write(`${events}\n`);
}

void main();
