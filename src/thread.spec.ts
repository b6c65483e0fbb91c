import { once } from 'node:events';
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
  thread.postMessage('this is');
  expect(await once(thread, 'message')).toEqual(['this is b']);
  expect(await once(thread, 'exit')).toEqual([0]);
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
