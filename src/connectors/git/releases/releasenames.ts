/** Words which show that a tag does not mark a release. */
const OTHER = wordsIn(
  'after archive archived attic backup backups bak before daily draft nightly old temp tmp weekly wip',
);
/** With these words a date says when something was done, not which release it is. */
const DATED_OTHER = wordsIn(
  'build builds ci demo deploy deployed dev end experiment freeze import meeting merge merged review snapshot start sync ' +
    'test tests',
);

/** Each text matches in one way only, so that no name causes backtracking. */
const STAGE = '(?:[-_.+~]?(?:a|alpha|b|beta|dev|final|ga|hotfix|lts|m|p|patch|post|pre|preview|rc|sp)(?:[-_.]?\\d+)?)*';
const NUMBER = '\\d+(?:[-_.]\\d+)*[a-z]?';
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|tember)?|' +
  'oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter|[qwh]\\d{1,2})';
const YEAR = '(?:19|20)\\d\\d';
const MM = '(?:0[1-9]|1[0-2])';
const DD = '(?:0[1-9]|[12]\\d|3[01])';

/** Patterns of release names, which also must not contain the words above. */
const RELEASES = [
  // 1.2, v1.2.3, icons-1.2-rc1, 2024.01
  /(?:^|\D)\d+\.\d+/,
  // 41.alpha
  /(?:^|[^a-z\d])\d+\.(?:alpha|beta|rc)/,
  // v7, v7-rc1, release-7, release_1_2, version-1-0
  new RegExp(`(?:^|[^a-z])(?:v|ver|version|rel|releases?|stable)[-_./]?${NUMBER}${STAGE}$`),
  // ICON_THEME_3_10_0
  new RegExp(`(?:^|_)\\d+(?:_\\d+)+${STAGE}$`),
  // 7, 45b1, 1-2-3, 20240131
  new RegExp(`^\\d+(?:-\\d+)*${STAGE}$`),
  // 2024a, R2024b
  new RegExp(`^r?${YEAR}[a-z]?${STAGE}$`),
];

const DATES = [
  // release-20240131, icons-2024-01-31, 2024_01_31T1200, 20240131.2
  new RegExp(`(?:^|\\D)${YEAR}([-._]?)${MM}\\1${DD}(?:[-_.t]?\\d{4}(?:\\d\\d)?z?)?(?:\\D|$)`),
  // icons-2024-01
  new RegExp(`(?:^|\\D)${YEAR}[-._]${MM}(?:\\D|$)`),
  // January-2024, 2024-Q1, 2024w05
  new RegExp(`(?:^|[^a-z])${MONTH}[-_. ]?${YEAR}(?:\\D|$)|(?:^|\\D)${YEAR}[-_. ]?${MONTH}(?:[^a-z\\d]|$)`),
];

/**
 * Whether a tag is named like a release: by a version (`v1.2.0`, `icons@19.33.0`, `release-7`, `THEME_3_10`) or by a
 * date (`20240131`, `icons-2024-01-31`, `2024.01`, `R2024a`). `nightly-1.2` and `backup-20240131` are not.
 */
export function isReleaseName(name: string): boolean {
  const small = name.toLowerCase();
  // A package's own name may be any word: `@design/old@1.0.0`.
  if (/[^/]@v?\d/.test(small)) return true;
  const words = small.split(/[^a-z]+/);
  if (words.some((word) => OTHER.has(word))) return false;
  const isDated = DATES.some((pattern) => pattern.test(small));
  if (isDated && words.some((word) => DATED_OTHER.has(word))) return false;
  return isDated || RELEASES.some((pattern) => pattern.test(small));
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
