import type { Policy } from '../domain/policy';

/** A placement that an open recall has not heard of, or one of its own that is over. */
export interface Recalled {
  readonly recall: string;
  readonly asset: string;
  readonly placement: string;
  readonly isOver: boolean;
}

/** What is placed after a recall was opened joins it, and what is over is taken down. */
export const recalls: Policy<Recalled> = {
  name: 'recalls',
  follows: ({ recall, asset, placement, isOver }) => {
    if (!isOver)
      return [{ command: { type: 'JoinRecall', recall, asset, placement }, cause: `join ${recall} ${placement}` }];
    const reason = 'The placement has ended.';
    const command = { type: 'AnswerRecall', recall, placement, answer: 'takenDown', reason } as const;
    return [{ command, cause: `over ${recall} ${placement}` }];
  },
};
