import type { Command } from './deciders';

/** What follows: a command, and what causes it. The cause gives the command its id, so that it is done once. */
export interface Following {
  readonly command: Command;
  readonly cause: string;
}

/** What must follow by itself: a pure function of a fact and of the time, which is handed in. */
export interface Policy<F> {
  readonly name: string;
  /** `now`: ISO 8601, UTC. */
  follows(fact: F, now: string): readonly Following[];
}
