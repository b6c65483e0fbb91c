import { CIA, type History, icon } from './history';

/**
 * The history whose import, by the program of November 2026, is frozen in logs/mapping-2.ndjson. Neither may change.
 */
export function drawEarlier(history: History): void {
  const reviewed = 'Draw the sun\n\nReviewed-by: Cia Proof <cia@studio.example>';
  const first = history.commit(
    [
      { path: 'icons/sun.svg', content: icon('sun') },
      { path: 'icons/moon.svg', content: icon('moon') },
      { path: 'icons/latest.svg', link: 'sun.svg' },
    ],
    { message: reviewed },
  );
  history.tag('v1.0.0', first);
  const branched = history.commit([{ path: 'icons/star.svg', content: icon('star') }], {
    branch: 'star',
    from: first,
    message: 'Draw a star\n\nAcked-by: Cia Proof <cia@studio.example>',
  });
  history.commit([{ path: 'icons/star.svg', content: icon('star') }], {
    message: "Merge branch 'star'",
    merge: branched,
    committer: CIA,
  });
  const last = history.commit([
    { path: 'icons/sun.svg', content: icon('sun at noon') },
    { rename: 'icons/moon.svg', to: 'icons/night.svg' },
    { remove: 'icons/star.svg' },
    { remove: 'icons/latest.svg' },
  ]);
  history.tag('v1.1.0', last);
}
