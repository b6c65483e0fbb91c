import { type Ident, identIn, identityOf } from './ident';

/** One line at the end of a commit message that names somebody's part in it. */
export interface Trailer {
  /** As it is usually written: `Reviewed-by`. */
  readonly name: string;
  readonly who: Ident;
}

/** What the trailers we record say about the person: a decision in that role, or a part in making the content. */
export const DECISION_ROLES = {
  'Reviewed-by': 'reviewer',
  'Approved-by': 'approver',
  'Acked-by': 'acknowledger',
  // A certificate of origin rather than a review; its own role keeps the two apart wherever decisions are counted.
  'Signed-off-by': 'signOff',
} as const;
export const CO_AUTHOR = 'Co-authored-by';
export type DecisionTrailer = keyof typeof DECISION_ROLES;

const RECORDED = new Map([...Object.keys(DECISION_ROLES), CO_AUTHOR].map((name) => [name.toLowerCase(), name]));
export const RECORDED_TRAILERS: readonly string[] = [...RECORDED.values()];

/** The trailers we record out of git's own reading of the message (`%(trailers:only,unfold)`), each once. */
export function trailersIn(text: string): readonly Trailer[] {
  const found = new Map<string, Trailer>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = RECORDED.get(line.slice(0, Math.max(colon, 0)).trim().toLowerCase());
    const who = name === undefined ? undefined : identIn(line.slice(colon + 1));
    if (name !== undefined && who !== undefined) found.set(`${name}\n${identityOf(who)}`, { name, who });
  }
  return [...found.values()];
}

export function isDecision(name: string): name is DecisionTrailer {
  return Object.hasOwn(DECISION_ROLES, name);
}
