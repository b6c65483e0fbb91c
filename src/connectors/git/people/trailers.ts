import { type Ident, identityOf } from './ident';
import { MessageLines } from './messages';
import { peopleIn } from './names';

/** A person's role in a commit, from one line of its message; a line that names several people gives several. */
export interface Trailer {
  /** In its usual spelling: `Reviewed-by`. */
  readonly name: string;
  readonly who: Ident;
}

/** What a commit message says about people. */
export interface Said {
  readonly trailers: readonly Trailer[];
  /** The page of the review, if the message names it. */
  readonly url?: string | undefined;
}

/** The meaning of the trailers we record: a decision in that role, or a contribution to the content. */
export const DECISION_ROLES = {
  'Reviewed-by': 'reviewer',
  'Approved-by': 'approver',
  'Acked-by': 'acknowledger',
  // A certificate of origin rather than a review; a separate role keeps the two apart wherever decisions are counted.
  'Signed-off-by': 'signOff',
} as const;
export const CO_AUTHOR = 'Co-authored-by';
export type DecisionTrailer = keyof typeof DECISION_ROLES;

const BY: Readonly<Record<string, string>> = {
  reviewed: 'Reviewed-by',
  approved: 'Approved-by',
  acked: 'Acked-by',
  'signed-off': 'Signed-off-by',
  'co-authored': CO_AUTHOR,
  'co-developed': CO_AUTHOR,
};

/** Labels that precede the URL of the review, most reliable first. */
const PAGES = [
  ...['differential-revision', 'reviewed-on', 'review-url', 'reviewed-at', 'merge-request', 'see-merge-request'],
  ...['pull-request', 'pr-url', 'part-of', 'review', 'code-review', 'discussion'],
];
const LONGEST_URL = 2000;

export function isDecision(name: string): name is DecisionTrailer {
  return Object.hasOwn(DECISION_ROLES, name);
}

/**
 * Who reviewed, approved, signed or contributed, in the forms that review tools write: labels with names after a colon
 * (`Reviewed By: ben, cleo`), a sentence of its own (`Reviewed by Ben Ink.`), or `r=ben`. People who were only asked or
 * notified (`Reviewers:`, `Cc:`) are ignored. `repository` is the scope of names without an address, unless the review
 * has a host.
 */
export function saidIn(message: string, repository = ''): Said {
  const lines = new MessageLines(message);
  const pages = new Map<string, string>();
  const named: { readonly name: string; readonly people: readonly Ident[] }[] = [];
  for (const { label, value } of lines.labelled()) {
    const url = PAGES.includes(label) ? pageIn(value) : undefined;
    if (url !== undefined) pages.set(label, url);
    else for (const name of rolesOf(label)) named.push({ name, people: peopleBehind(label, value) });
  }
  for (const { label, value } of lines.everyLabelled()) {
    if (namesOf(label).includes(CO_AUTHOR)) named.push({ name: CO_AUTHOR, people: peopleIn(value) });
  }
  for (const sentence of lines.sentences()) named.push({ name: 'Reviewed-by', people: peopleInSentence(sentence) });
  for (const value of lines.marks()) named.push({ name: 'Reviewed-by', people: peopleIn(value.replaceAll('/', ',')) });
  const url = pages.get(PAGES.find((label) => pages.has(label)) ?? '');
  const scope = url === undefined ? repository : new URL(url).host;
  const found = new Map<string, Trailer>();
  for (const { name, people } of named) {
    for (const person of people) {
      const who = person.email === '' ? { ...person, scope } : person;
      const counts = name === CO_AUTHOR || name === 'Signed-off-by' || !lines.isOfAnother;
      if (counts) found.set(`${name}\n${identityOf(who)}`, { name, who });
    }
  }
  return { trailers: [...found.values()], url };
}

/** `reviewed-and-tested-by` names two roles, of which one is recorded. */
function namesOf(label: string): readonly string[] {
  if (/^code-review(\+[12])?$/.test(label)) return ['Reviewed-by'];
  if (!label.endsWith('-by')) return [];
  const parts = label.slice(0, -3).split('-and-');
  return [...new Set(parts.flatMap((part) => (Object.hasOwn(BY, part) ? [BY[part]!] : [])))];
}

function rolesOf(label: string): readonly string[] {
  return namesOf(label).filter((name) => name !== CO_AUTHOR);
}

function peopleBehind(label: string, value: string): readonly Ident[] {
  const people = peopleIn(value);
  // A label such as `Code-Review` may also precede a sentence or a number.
  return label.endsWith('-by') ? people : people.filter(({ email }) => email !== '');
}

/** The whole sentence must consist of names, or it is prose. */
function peopleInSentence(sentence: string): readonly Ident[] {
  const people = peopleIn(sentence);
  const capital = people.every(({ name, email }) => email !== '' || name[0] !== name[0]?.toLowerCase());
  const parts = sentence.split(/,|;|&|\sand\s/).filter((part) => part.trim() !== '');
  return capital && people.length === parts.length ? people : [];
}

/** The URL of a page, without any password in it. */
function pageIn(value: string): string | undefined {
  const word = value.trim().replace(/^<|>$/g, '').split(/\s/, 1)[0] ?? '';
  if (!/^https?:\/\//i.test(word) || word.length > LONGEST_URL) return undefined;
  try {
    const url = new URL(word);
    url.username = '';
    url.password = '';
    return url.href;
  } catch {
    return undefined;
  }
}
