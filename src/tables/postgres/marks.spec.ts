import { markOf } from './marks';

it('tells rows apart whose keys are of several parts, some of them nothing', () => {
  const names = [
    ['a', 'b', '1'],
    ['a', null, '1'],
    [null, 'b', '1'],
    [null, null, '1'],
    ['ab', '', '1'],
  ].map((values) => markOf(values)[0]);
  expect(new Set(names).size).toBe(names.length);
});

it('names a row the same, whenever it became what it is', () => {
  expect(markOf(['a', '1'])).toEqual(['a', '1']);
  expect(markOf(['a', 'b', '1'])[0]).toBe(markOf(['a', 'b', '2'])[0]);
});
