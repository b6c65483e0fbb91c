import { uuidOf } from '../../test/domain/world';
import { recalls } from './recalls';

const [recall, asset, placement] = ['recall', 'poster', 'placement'].map(uuidOf) as [string, string, string];
const follows = (isOver: boolean) => recalls.follows({ recall, asset, placement, isOver }, '2026-03-02T09:00:00.000Z');

it('lets a placement that came later join', () => {
  expect(follows(false)).toMatchObject([{ command: { type: 'JoinRecall', recall, asset, placement } }]);
});

it('takes a placement that is over for one that was taken down', () => {
  expect(follows(true)).toMatchObject([{ command: { type: 'AnswerRecall', recall, placement, answer: 'takenDown' } }]);
});

it('has a cause of its own for each of the two', () => {
  expect(follows(true)[0]!.cause).not.toBe(follows(false)[0]!.cause);
});
