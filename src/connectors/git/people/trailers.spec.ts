import { saidIn, type Trailer } from './trailers';

const BEN = { name: 'Ben', email: 'ben@x.example' };
const CLEO = { name: 'Cleo', email: 'cleo@x.example' };
const login = (name: string, scope = 'site') => ({ name, email: '', scope });
const reviewed = (...people: Trailer['who'][]) => people.map((who) => ({ name: 'Reviewed-by', who }));
const said = (message: string) => saidIn(message, 'site').trailers;

describe('a review, as review tools write it', () => {
  it.each([
    ['a trailer', 'Add\n\nReviewed-by: Ben <ben@x.example>', reviewed(BEN)],
    ['several in one trailer', 'Add\n\nReviewed-by: Ben <ben@x.example>, Cleo <cleo@x.example>', reviewed(BEN, CLEO)],
    [
      'and, semicolons, no separator',
      'Add\n\nReviewed-by: Ben <ben@x.example> and Cleo <cleo@x.example>; Cleo <cleo@x.example> Ben <ben@x.example>',
      reviewed(BEN, CLEO),
    ],
    ['a folded list', 'Add\n\nReviewed-by: Ben <ben@x.example>,\n Cleo\n <cleo@x.example>', reviewed(BEN, CLEO)],
    [
      'a quoted name with a comma',
      'Add\n\nReviewed-by: "Ink, Ben" <ben@x.example>',
      reviewed({ name: 'Ink, Ben', email: 'ben@x.example' }),
    ],
    [
      'a family name first',
      'Add\n\nReviewed-by: Ink, Ben <ben@x.example>',
      reviewed({ name: 'Ink, Ben', email: 'ben@x.example' }),
    ],
    ['a login before an address', 'Add\n\nReviewed-by: ben, Cleo <cleo@x.example>', reviewed(login('ben'), CLEO)],
    [
      'an address alone',
      'Add\n\nReviewed-by: ben@x.example',
      reviewed({ name: 'ben@x.example', email: 'ben@x.example' }),
    ],
    ['an address in brackets', 'Add\n\nReviewed-by: Ben (ben@x.example)', reviewed(BEN)],
    ['a mail link', 'Add\n\nReviewed-by: Ben <mailto:ben@x.example>', reviewed(BEN)],
    ['signs of a web page', 'Add\n\nReviewed-by: Ben &lt;ben@x.example&gt;', reviewed(BEN)],
    [
      'signs between people',
      'Add\n\nReviewed-by: Ben <ben@x.example> | Cleo <cleo@x.example> / Ben <ben@x.example> + Cleo <cleo@x.example>',
      reviewed(BEN, CLEO),
    ],
    ['a note behind', 'Add\n\nReviewed-by: Ben <ben@x.example> # drawings only', reviewed(BEN)],
    [
      'logins',
      'Add\n\nReviewed By: ben, @cleo & dan\n\nMore text.',
      reviewed(login('ben'), login('cleo'), login('dan')),
    ],
    [
      'tabs, as in FreeBSD',
      'Add\n\nReviewed by:\tben, cleo (mentor)\nSponsored by:\tThe Studio',
      reviewed(login('ben'), login('cleo')),
    ],
    [
      'names, as in PostgreSQL',
      'Add\n\nAuthor: Ada Draw <ada@x.example>\nReviewed-by: Ben Ink, Cleo Proof',
      reviewed(login('Ben Ink'), login('Cleo Proof')),
    ],
    [
      'a sentence, as in WebKit',
      'Add\n\nReviewed by Ben Ink and Cleo Proof.\n\n* a.svg:',
      reviewed(login('Ben Ink'), login('Cleo Proof')),
    ],
    [
      'a ChangeLog',
      '2009-01-02  Ada Draw  <ada@x.example>\n\n        Reviewed by Ben.\n\n        Add.',
      reviewed(login('Ben')),
    ],
    ['r=, as in Mozilla', 'Bug 123 - Add the arrow. r=ben,cleo a=dan', reviewed(login('ben'), login('cleo'))],
    ['r=, as bors merges', 'Auto merge of #12 - ada:arrow, r=ben', reviewed(login('ben'))],
    ['r= in the body of a bors merge', 'Merge #12\n\n12: Add the arrow r=ben a=ada', reviewed(login('ben'))],
    ['r=, as in Launchpad', '[r=ben,cleo][ui=dan] Add', reviewed(login('ben'), login('cleo'))],
    ['two words in one label', 'Add\n\nReviewed-and-tested-by: Ben <ben@x.example>', reviewed(BEN)],
    ['a Gerrit label', 'Add\n\nCode-Review+2: Ben <ben@x.example>', reviewed(BEN)],
  ])('%s', (_how, message, expected) => expect(said(message)).toEqual(expected));

  it('keeps the page of the review as evidence, without passwords, and scopes logins to its host', () => {
    const phabricator =
      'Add an icon\n\nSummary: a new icon.\n\nReviewers: #design, ben, cleo\n\nReviewed By: ben, #design\n\n' +
      'Subscribers: dan\n\nDifferential Revision: https://bob:secret@review.x.example/D123';
    const found = saidIn(phabricator, 'site');
    expect(found).toEqual({
      trailers: reviewed(login('ben', 'review.x.example')),
      url: 'https://review.x.example/D123',
    });
    const pages = ['Reviewed-on: https://g.example/1', 'PR-URL: https://g.example/1', 'Part-of: <https://g.example/1>'];
    pages.push('See merge request https://g.example/1', 'Reviewed at https://g.example/1');
    for (const page of pages) expect(saidIn(`Add\n\n${page}`).url).toBe('https://g.example/1');
  });

  it('keeps the roles apart', () => {
    const message =
      'Add\n\nApproved by: ben\nAcked-By: Cleo <cleo@x.example>\nSigned-off-by: Ada <ada@x.example>\nCo-Authored-By: Dan <dan@x.example>';
    expect(said(message).map(({ name }) => name)).toEqual([
      'Approved-by',
      'Acked-by',
      'Signed-off-by',
      'Co-authored-by',
    ]);
  });
});

describe('a message without a review', () => {
  it.each([
    ['who was asked', 'Reviewers: ben, cleo'],
    ['who was asked in short', 'R=ben@x.example\nTBR=cleo@x.example'],
    ['who is told', 'Subscribers: ben\nCc: Cleo <cleo@x.example>'],
    ['who tested or reported', 'Tested-by: Ben <ben@x.example>\nReported-by: Cleo <cleo@x.example>'],
    ['nobody', 'Reviewed-by: nobody\nReviewed By: None\nReviewed-by: n/a\nReviewed-by: -'],
    ['oneself', 'Reviewed-by: self\nReviewed by: me\nReviewed-by: ben (self)'],
    ['an implicit approval', 'Approved by: portmgr (implicit)'],
    ['a placeholder', 'Reviewed-by: Your Name <you@x.example>\nReviewed-by: <name>\nReviewed by NOBODY (OOPS!).'],
    ['prose behind a label', 'Reviewed-by: not yet, please somebody look'],
    ['a sentence about a team', 'Reviewed by the design team.\nReviewed by hand.\nUnreviewed.'],
    ['a group', 'Reviewed By: #design, @studio/design'],
    ['a page', 'Reviewed-by: https://review.x.example/D1'],
    ['a quotation', '> Reviewed-by: Ben <ben@x.example>'],
    ['an indented message', '    Reviewed-by: Ben <ben@x.example>'],
    ['the message of another commit', 'Original commit message:\nReviewed-by: Ben <ben@x.example>'],
    ['a pasted log', 'commit 0123456789abcdef\nReviewed-by: Ben <ben@x.example>'],
    ['a picked commit', 'Reviewed-by: Ben <ben@x.example>\n(cherry picked from commit 0123456789abcdef)'],
    ['a picked commit of another branch', 'Reviewed-by: Ben <ben@x>\n(backported from commit 0123456789abcdef)'],
    ['a commit that another branch had', '[ Upstream commit 0123456789abcdef ]\n\nReviewed-by: Ben <ben@x>'],
    ['what is shown as it stood', '```\nReviewed-by: Ben <ben@x.example>\n```\n\n~~~ text\nAcked-by: Ben <ben@x>\n~~~'],
    ['a radius', 'Draw the circle with r=ben'],
  ])('where a message names %s', (_what, lines) => expect(said(`Add\n\n${lines}\n`)).toEqual([]));

  it('when a reverted change is applied again', () => {
    expect(said('Reland "Add"\n\nReviewed-by: Ben <ben@x.example>')).toEqual([]);
  });

  it('except after an unclosed quotation', () => {
    expect(said('Add\n\n```\nReviewed-by: Ben <ben@x.example>')).toEqual(reviewed(BEN));
  });

  it('except after quoted or cherry-picked text', () => {
    const chromium =
      "Revert\n\nOriginal change's description:\n> Add\n> Reviewed-by: Cleo <cleo@x.example>\n\nReviewed-by: Ben <ben@x.example>";
    expect(said(chromium)).toEqual(reviewed(BEN));
    const picked =
      'Add\n\nReviewed-by: Cleo <cleo@x.example>\n(cherry picked from commit 0123456789)\nReviewed-by: Ben <ben@x.example>';
    expect(said(picked)).toEqual(reviewed(BEN));
  });

  it('when the branch was squashed, except for the lines of the merge itself', () => {
    const squashed =
      'Add (#12)\n\n* Add\n\nReviewed-by: Cleo <cleo@x.example>\n\n* Mend\n\nCo-authored-by: Ben <ben@x.example>';
    expect(said(squashed)).toEqual([{ name: 'Co-authored-by', who: BEN }]);
  });

  it('and no message takes long to parse', () => {
    const long = [
      ' '.repeat(500_000),
      '<'.repeat(500_000),
      `Reviewed-by: ${'('.repeat(500_000)}`,
      'Reviewed-by: a,\n '.repeat(50_000),
    ];
    long.push(
      `Reviewed-by: ${'a and '.repeat(300)}`,
      `Merge branch '${"a', '".repeat(100_000)}`,
      `Reviewed-by: ${'> '.repeat(900)}`,
    );
    for (const message of long) expect(said(`Add\n\n${message}`).length).toBeLessThanOrEqual(200);
  });
});
