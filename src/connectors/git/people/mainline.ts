/** Branches that live as long as the repository: what comes from them was let in somewhere else. */
const LONG_LIVED = new Set(
  (
    'main master trunk default head mainline develop development devel dev next staging stage stable production prod ' +
    'live release releases integration edge canary nightly upstream maint gh-pages public'
  ).split(' '),
);
const LONG_LIVED_PATTERNS = [
  /^(release|releases|stable|maint|support)[/_-]/,
  /-stable$/,
  // 1.x, v2, Plasma/5.2: what is called like a version is one that is looked after.
  /(^|\/)v?\d+([._]\d+)*([._]x)?([-_](stable|dev|branch))?$/,
];

/** Whether a branch of this name is one that goes on, and no topic that is done when it is merged. */
export function isMainline(name: string): boolean {
  const plain = name.toLowerCase();
  return LONG_LIVED.has(plain) || LONG_LIVED_PATTERNS.some((pattern) => pattern.test(plain));
}
