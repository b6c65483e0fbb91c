import { isMainline } from './mainline';

/** Patterns of merge messages that name a merge request. */
const REQUESTS = [
  /^Merge pull request #\d+ (from|in) \S/,
  /^Merge pull request '.{1,1000}' \(#\d+\) from \S/,
  /^Merged in \S{1,300} \(pull request #\d+\)/,
  /^Merged PR \d+: /,
  /^Pull request #\d+: /,
  // Gerrit names the change, its topic or its id; bors and similar tools name the request.
  /^Merge "[^"]{1,1000}"/,
  /^Merge changes? (from topic )?["'I]/,
  /^Merge topic ['"]/,
  /^(Merge|Auto merge of|Rollup merge of) #\d+/,
];

/**
 * Whether the message of a merge shows that somebody accepted another branch. True for requests of review tools, and
 * for git's own message if every branch it names is a topic branch. A merge of the same branch from another clone, of
 * another long-lived branch, of a bare commit, or with a custom message is no evidence.
 *
 * `branch` is the short name of the imported branch; `byService` says that a web page committed the merge, in which
 * case the message may be the title of the request.
 */
export function isApproval(message: string, branch: string, byService: boolean): boolean {
  const end = message.indexOf('\n');
  const subject = (end === -1 ? message : message.slice(0, end)).slice(0, 2000).trimEnd();
  if (REQUESTS.some((request) => request.test(subject))) return true;
  if (byService && /\(#\d{1,9}\)$/.test(subject)) return true;
  if (/^See merge request \S/m.test(message)) return true;
  return isTopicMerge(subject, branch);
}

const BRANCHES = /^Merge (?:remote-tracking |remote )?branch(?:es)? '/;

function isTopicMerge(subject: string, branch: string): boolean {
  if (!BRANCHES.test(subject)) return false;
  const remote = subject.startsWith('Merge remote');
  const pieces = subject.split("'");
  const names: string[] = [];
  let at = 1;
  // 'one', 'two' and 'three': every second piece is a name, as long as only a comma or `and` separates them.
  for (; at < pieces.length - 1; at += 2) {
    names.push(pieces[at]!);
    if (!/^(, | and |, and )$/.test(pieces[at + 1]!)) break;
  }
  const rest = pieces.slice(at + 1).join("'");
  const into = destination(rest);
  // The imported branch may be named in full, or as a branch of a remote.
  const own = (name: string) => name === branch || branch.endsWith(`/${name}`) || isMainline(name);
  if (names.length === 0 || (into !== undefined && !own(into))) return false;
  const branches = names.map((name) => localName(name, remote));
  return branches.every((name) => name !== '' && name !== into && !own(name));
}

/** ` into main` or ` into 'main'` at the end. */
function destination(rest: string): string | undefined {
  const at = rest.lastIndexOf(' into ');
  if (at === -1) return undefined;
  const name = rest.slice(at + ' into '.length).trim();
  return name.startsWith("'") && name.endsWith("'") ? name.slice(1, -1) : name;
}

/** `refs/remotes/origin/topic` and `origin/topic` → `topic`. */
function localName(name: string, remote: boolean): string {
  const short = name.replace(/^refs\/(heads|remotes)\//, '').replace(/^remotes\//, '');
  const tracked = remote || name.startsWith('refs/remotes/') || name.startsWith('remotes/');
  return tracked ? short.slice(short.indexOf('/') + 1) : short.replace(/^(origin|upstream)\//, '');
}
