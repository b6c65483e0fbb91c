import { driverModule } from '../src/store/sqlite/driver';
import { startThread } from '../src/store/thread';

/** A process that ends while its thread is in the middle of a question to SQLite of some tenths of a second. */
const thread = startThread(
  'test',
  (port, driver, load) => {
    const database = new (load(driver).DatabaseSync)(':memory:');
    const long = database.prepare(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT max(i) FROM n',
    );
    port.on('message', () => {
      port.postMessage('asking');
      long.get();
    });
  },
  driverModule(),
);
thread.once('message', () => process.exit(7));
thread.postMessage('ask');
