import { emptyDatabase } from '../../../test/support/postgres';
import { type Connection, connect } from './driver';
import { Listener } from './listener';
import { namesIn } from './state';

it('ends when it is told to, even while its connection is being made', async () => {
  const url = await emptyDatabase();
  const made: Connection[] = [];
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let goOn = () => {};
  const allowed = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const open = async (application: string) => {
    begin();
    await allowed;
    const connection = await connect(url, application);
    made.push(connection);
    return connection;
  };
  const listener = new Listener(open, namesIn('palimpsest'), { changed: () => undefined, silent: () => undefined });
  const started = listener.start();
  await begun;
  const ended = listener.end();
  goOn();
  await Promise.all([started, ended]);
  expect(made).toHaveLength(1);
  await expect(made[0]!.query('SELECT 1')).rejects.toThrow();
});
