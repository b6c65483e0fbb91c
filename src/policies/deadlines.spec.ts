import { uuidOf } from '../../test/domain/world';
import { deadlines } from './deadlines';

const step = {
  asset: uuidOf('poster'),
  review: uuidOf('review'),
  round: 1,
  stage: 'brand',
  at: '2026-03-30T15:00:00.000Z',
};

it('asks a review to keep its deadline as soon as it is time', () => {
  expect(deadlines.follows(step, '2026-03-30T14:59:59.999Z')).toEqual([]);
  expect(deadlines.follows(step, '2026-03-30T15:00:00.000Z')).toEqual([
    {
      command: { type: 'KeepDeadline', asset: step.asset, review: step.review },
      cause: `${step.review} 1 brand 2026-03-30T15:00:00.000Z`,
    },
  ]);
});

it('has another cause for every step, stage and round, so that none is taken for another', () => {
  const causes = [
    step,
    { ...step, round: 2 },
    { ...step, stage: 'legal' },
    { ...step, at: '2026-03-29T15:00:00.000Z' },
  ].map((each) => deadlines.follows(each, '2027-01-01T00:00:00.000Z')[0]?.cause);
  expect(new Set(causes).size).toBe(4);
});
