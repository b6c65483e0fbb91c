import { logRejections } from './rejections';

it('logs an unhandled rejection until the handler is removed', () => {
  const before = process.listenerCount('unhandledRejection');
  const faults: unknown[] = [];
  const undo = logRejections({ fault: (fault) => void faults.push(fault) });
  const reason = new Error('a row that cannot be read');
  expect(process.listeners('unhandledRejection')).toHaveLength(before + 1);
  process.listeners('unhandledRejection').at(-1)!(reason, Promise.resolve());
  expect(faults).toEqual([reason]);
  undo();
  expect(process.listenerCount('unhandledRejection')).toBe(before);
});
