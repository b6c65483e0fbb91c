/** Long-lived branches: what is merged from them was accepted elsewhere. */
const LONG_LIVED = new Set(
  (
    'main master trunk default head mainline develop development devel dev next staging stage stable production prod ' +
    'live release releases integration edge canary nightly upstream maint gh-pages public'
  ).split(' '),
);
const LONG_LIVED_PATTERNS = [
  /^(release|releases|stable|maint|support)[/_-]/,
  /-stable$/,
  // 1.x, v2, Plasma/5.2: a branch named after a version is a maintenance branch.
  /(^|\/)v?\d+([._]\d+)*([._]x)?([-_](stable|dev|branch))?$/,
];

/** Whether a branch with this name is long-lived rather than a topic branch that ends when it is merged. */
export function isMainline(name: string): boolean {
  const plain = name.toLowerCase();
  return LONG_LIVED.has(plain) || LONG_LIVED_PATTERNS.some((pattern) => pattern.test(plain));
}
