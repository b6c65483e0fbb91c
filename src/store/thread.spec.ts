import { once } from 'node:events';
import { join } from 'node:path';
import { bundle } from '../../test/support/bundle';
import { startThread } from './thread';

it('runs a function beside this thread, with what it is started with and what Node has', async () => {
  const thread = startThread<{ path: string }>(
    'test',
    (port, { path }, load) => {
      const { basename } = load('node:path') as typeof import('node:path');
      port.once('message', (word: string) => port.postMessage(`${word} ${basename(path)}`));
    },
    { path: '/a/b' },
  );
  // A thread that ends at once is heard to end together with the last it said.
  const heard = Promise.all([once(thread, 'message'), once(thread, 'exit')]);
  thread.postMessage('this is');
  expect(await heard).toEqual([['this is b'], [0]]);
});

it('says what a function ended with that failed', async () => {
  const thread = startThread(
    'test',
    () => {
      throw new RangeError('too far');
    },
    undefined,
  );
  const [error] = await once(thread, 'error');
  expect(error).toMatchObject({ name: 'RangeError', message: 'too far' });
});

it('lets a thread finish what it is just doing when the process ends, and begin nothing more', async () => {
  const program = await bundle(join(__dirname, '../../test/thread-program.ts'));
  expect(await once(program.run(), 'close')).toEqual([7, null]);
  program.remove();
});
