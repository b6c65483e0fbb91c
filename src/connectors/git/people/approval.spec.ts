import { isApproval } from './approval';

const on = (message: string, branch = 'main', byService = false) => isApproval(message, branch, byService);

describe('a merge by which a person accepted a branch', () => {
  it.each([
    'Merge pull request #1 from topic',
    'Merge pull request #12 from ben/main\n\nAdd the arrow',
    "Merge pull request 'Add the arrow' (#3) from ben/arrow into main",
    'Merge pull request #12 in ICONS/icons from topic to main',
    'Merged in topic (pull request #12)\n\nAdd\n\nApproved-by: Cleo',
    'Merged PR 123: Add the arrow',
    "Merge branch 'topic' into 'main'\n\nAdd\n\nSee merge request studio/icons!12",
    'Merge "Add the arrow" into main',
    'Merge changes I0123,I4567',
    'Merge #12',
    'Auto merge of #12 - ada:arrow, r=ben',
    "Merge branch 'topic'",
    "Merge branch 'feature/arrow' into main",
    "Merge branch 'topic' into master",
    "Merge branch 'topic' of https://git.x.example/ben/icons",
    "Merge branches 'one', 'two' and 'three'",
    "Merge remote-tracking branch 'origin/topic'",
    "Merge remote-tracking branch 'ben/topic' into main",
  ])('%s', (message) => expect(on(message)).toBe(true));

  it('may have the title of the request as its message if a web page made it', () => {
    expect([on('Add the arrow (#12)', 'main', true), on('Add the arrow (#12)')]).toEqual([true, false]);
  });
});

describe('a merge that approves nothing', () => {
  it.each([
    "Merge branch 'main' of https://git.x.example/team/icons",
    "Merge branch 'main' of github.com:team/icons into main",
    "Merge branch 'master' into master",
    "Merge branch 'master' of git://git.x.example/icons",
    "Merge branches 'main' and 'main' of https://git.x.example/team/icons",
    "Merge branches 'main' and 'topic' of https://git.x.example/team/icons",
    "Merge remote-tracking branch 'origin/main'",
    "Merge remote-tracking branch 'origin/main' into main",
    "Merge remote-tracking branch 'upstream/master'",
    "Merge remote-tracking branch 'refs/remotes/origin/main'",
    "Merge remote branch 'origin/master'",
    "Merge branch 'develop'",
    "Merge branch 'release/1.2' into main",
    "Merge branch '1.x'",
    "Merge branch 'Plasma/5.2'",
    "Merge remote-tracking branch 'origin/5.15' into dev",
    "Merge branch 'main' into topic",
    "Merge branch 'topic' into other-topic",
    "Merge commit '0123456789abcdef'",
    "Merge tag 'v1.2.0' of https://git.x.example/upstream/icons",
    'Merge https://git.x.example/team/icons',
    'Merge ../clone',
    'Merge upstream changes',
    'Merge',
    'Zusammenführung von main',
    'Sync with upstream',
    "Merge branch ''",
    '',
  ])('%s', (message) => expect(on(message)).toBe(false));

  it('is one of the branch itself, whatever its name', () => {
    const pull = "Merge branch 'drawings'";
    for (const line of ['drawings', 'refs/heads/drawings', 'origin/drawings']) expect(on(pull, line)).toBe(false);
    expect(on(pull)).toBe(true);
  });
});
