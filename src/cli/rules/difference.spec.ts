import { differenceOf } from './difference';

it('marks what is gone and what is new, and keeps the rest', () => {
  expect(differenceOf('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual(['  a', '- b', '+ x', '  c', '+ d']);
});

it('shows everything as new where there was nothing', () => {
  expect(differenceOf('', 'a\nb\n')).toEqual(['+ a', '+ b']);
});

it('shows no change between equal texts', () => {
  expect(differenceOf('a\nb', 'a\nb').some((line) => /^[+-]/.test(line))).toBe(false);
});
