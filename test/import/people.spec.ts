import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Identities } from '../../src/connectors/git/people/identities';
import { Mailmap } from '../../src/connectors/git/people/mailmap';
import { comparePeople } from '../../src/connectors/git/reconcile/mailmapped';
import { ADA, BEN, CIA, History, icon, type Story } from './history';

const ADA_HOME = 'Ada Draw <ada@home.example>';
const MAILMAP = 'Ada Draw <ada@studio.example> <ada@home.example>\n';

interface Attested {
  readonly role: string;
  readonly wouldRefuse: readonly string[];
  readonly suspectedSamePerson?: readonly string[];
  readonly evidence: { readonly url?: string; readonly reference: string };
}

describe('the people of a history', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const names = (): Record<string, string> => JSON.parse(readFileSync(join(history.dataDir, 'people.json'), 'utf8'));
  const attested = (story: Story) =>
    story.of('DecisionAttested').map(({ data, metadata }) => ({ ...(data as Attested), actor: metadata.actorId }));
  const body = (...lines: string[]) => `Add an icon\n\n${lines.join('\n\n')}\n`;

  /** One commit, a branch by somebody, and its merge by another person. */
  function merged(author: string, merger: string, message: string, mailmap = '') {
    const first = [
      { path: 'a.svg', content: icon(1) },
      ...(mailmap === '' ? [] : [{ path: '.mailmap', content: mailmap }]),
    ];
    const root = history.commit(first, { author: merger });
    const topic = history.commit([{ path: 'a.svg', content: icon(2) }], { author, branch: 'topic', from: root });
    history.commit([{ path: 'a.svg', content: icon(2) }], { author: merger, from: root, merge: topic, message });
  }

  it('a pull of the same branch approves nothing, and the import reports that it left the merge out', async () => {
    merged(BEN, ADA, "Merge branch 'main' of https://git.x.example/team/icons");
    const story = await history.imported();
    expect(story.of('DecisionAttested')).toEqual([]);
    expect(new Set(story.of('VersionAdded').map(({ metadata }) => metadata.actorId)).size).toBe(2);
    expect(story.result).toMatchObject({ reconciled: true, leftOut: { merges: { count: 1 } } });
  });

  it('two addresses of one person in the mailmap are one person, whose review is not independent', async () => {
    merged(ADA_HOME, ADA, 'Merge pull request #1 from topic', MAILMAP);
    const story = await history.imported();
    expect(story.result).toMatchObject({ authors: 1, reconciled: true });
    expect(attested(story)).toMatchObject([{ role: 'merger', wouldRefuse: ['FOUR_EYES'] }]);
    expect(attested(story)[0]?.suspectedSamePerson).toBeUndefined();
  });

  it.each([
    ['the same name', ADA_HOME],
    ['the same name in another spelling', 'ada  dráw <a.d@home.example>'],
    ['a login that is the mailbox', 'somebody <1234+ada@users.noreply.github.com>'],
  ])('two addresses with %s stay two and are suspected of being one', async (_why, author) => {
    merged(author, ADA, 'Merge pull request #1 from topic');
    const story = await history.imported();
    expect(story.result).toMatchObject({ authors: 2, reconciled: true });
    const [, made] = story.of('VersionAdded');
    expect(attested(story)).toMatchObject([
      { role: 'merger', wouldRefuse: ['FOUR_EYES'], suspectedSamePerson: [made!.metadata.actorId] },
    ]);
  });

  it('another person’s review is independent', async () => {
    merged(BEN, ADA, 'Merge pull request #1 from topic');
    const [word] = attested(await history.imported());
    expect([word?.wouldRefuse, word?.suspectedSamePerson]).toEqual([[], undefined]);
  });

  it('are suspected also if the other address made the bytes earlier', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }], { author: ADA_HOME });
    history.commit([{ path: 'a.svg', content: icon(2) }], { author: BEN });
    const message = body(`Reviewed-by: ${ADA}`);
    history.commit([{ path: 'a.svg', content: icon(1) }], { author: BEN, message });
    const story = await history.imported();
    expect(attested(story)).toMatchObject([{ wouldRefuse: ['FOUR_EYES'] }]);
  });

  it('have their latest name, whichever history is imported last', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }], { author: 'Old Name <ada@studio.example>' });
    history.commit([{ path: 'a.svg', content: icon(2) }], { author: 'New Name <ada@studio.example>' });
    const [event] = (await history.imported()).events;
    expect(names()[event!.metadata.actorId]).toBe('New Name');
    const older = new History();
    try {
      older.commit([{ path: 'b.svg', content: icon(1) }], {
        author: 'Older Name <ada@studio.example>',
        at: 1_000_000_000,
      });
      await older.import({ dataDir: history.dataDir });
    } finally {
      older.dispose();
    }
    expect(names()[event!.metadata.actorId]).toBe('New Name');
  });

  it('include everybody whom a review tool names in the body, with the page of the review', async () => {
    const reviewers = ['Reviewers: #design, ben, cleo', 'Reviewed By: ben, cleo', 'Subscribers: dan'];
    const message = body('Summary: a new icon.', ...reviewers, 'Differential Revision: https://review.x.example/D123');
    const commit = history.commit([{ path: 'a.svg', content: icon(1) }], { message });
    const story = await history.imported();
    const evidence = {
      kind: 'reviewTrailer',
      reference: `${commit} Reviewed-by`,
      url: 'https://review.x.example/D123',
    };
    const word = { role: 'reviewer', wouldRefuse: [], evidence };
    expect(attested(story)).toMatchObject([word, word]);
    expect(attested(story).map(({ actor }) => names()[actor])).toEqual(['ben', 'cleo']);
    expect(story.result).toMatchObject({ trailers: { 'Reviewed-by': 2 }, reconciled: true });
  });

  it('a reviewer whose login is the author’s mailbox is suspected', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }], { author: BEN, message: body('Reviewed By: ben, cleo') });
    expect(attested(await history.imported()).map(({ wouldRefuse }) => wouldRefuse)).toEqual([['FOUR_EYES'], []]);
  });

  it('several people in one trailer count as several, and a trailer without a name as none', async () => {
    const message = body(`Reviewed-by: ${BEN}, ${CIA}`);
    history.commit([{ path: 'a.svg', content: icon(1) }], { message });
    const idle = history.commit([{ path: 'a.svg', content: icon(2) }], { message: body('Reviewed-by: nobody') });
    const story = await history.imported();
    expect(attested(story).map(({ actor }) => names()[actor])).toEqual(['Ben Ink', 'Cia Proof']);
    const reviewLines = { count: 1, examples: [idle] };
    expect(story.result).toMatchObject({ trailers: { 'Reviewed-by': 2 }, reconciled: true, leftOut: { reviewLines } });
  });

  describe('when the mailmap changes between two imports', () => {
    it('people keep their ids, the import reports it, and none of them is an independent reviewer', async () => {
      history.commit([{ path: 'a.svg', content: icon(1) }], { author: ADA_HOME });
      history.commit([{ path: 'b.svg', content: icon(1) }], { author: ADA });
      const before = await history.imported();
      const ids = before.of('AssetRegistered').map(({ metadata }) => metadata.actorId);
      expect(new Set(ids).size).toBe(2);
      history.commit([{ path: '.mailmap', content: `${MAILMAP}Ada Draw <ada@studio.example> <ada@new.example>\n` }]);
      history.commit([{ path: 'a.svg', content: icon(2) }], { author: ADA_HOME, message: body(`Reviewed-by: ${ADA}`) });
      history.commit([{ path: 'a.svg', content: icon(3) }], { author: 'A. <ada@new.example>' });
      const story = await history.imported();
      expect(story.result).toMatchObject({ reconciled: true, parted: [{ name: 'Ada Draw', ids: [...ids].sort() }] });
      const makers = story.of('VersionAdded').map(({ metadata }) => metadata.actorId);
      // The new address was never recorded: it is hers from the beginning.
      expect(makers).toEqual([ids[0], ids[1], ids[0], ids[1]]);
      expect(attested(story)).toMatchObject([{ wouldRefuse: ['FOUR_EYES'], suspectedSamePerson: [ids[0]] }]);
    });

    it('a repeated import from the start writes nothing twice', async () => {
      merged(ADA_HOME, BEN, 'Merge pull request #1 from topic');
      const first = await history.imported();
      history.commit([{ path: '.mailmap', content: MAILMAP }]);
      const { repository } = first.result;
      rmSync(join(history.dataDir, 'import', `${repository}.json`));
      const again = await history.imported();
      expect(again.result).toMatchObject({ events: 0, reconciled: true });
    });
  });

  it('a difference is reported if somebody is not the person that git makes of them', async () => {
    merged(ADA_HOME, ADA, 'Merge pull request #1 from topic', MAILMAP);
    const { result } = await history.imported();
    const file = join(history.dataDir, 'import', `${result.repository}.people`);
    const git = {
      text: async (args: readonly string[], input?: string) => history.git(['-C', history.path, ...args], input),
      shown: (args: readonly string[]) => args.join(' '),
    };
    const asked = (mailmap: string) =>
      comparePeople(git, history.tip()!, new Identities(result.repository, new Mailmap(mailmap), file));
    expect(await asked(MAILMAP)).toEqual([]);
    expect(await asked('')).toMatchObject([{ git: ADA, events: ADA_HOME }]);
  });

  it('uses the mailmap committed at the tip, not that of a work tree or a setting', async () => {
    merged(ADA_HOME, ADA, 'Merge pull request #1 from topic', MAILMAP);
    history.git(['-C', history.path, 'config', 'mailmap.blob', 'HEAD:a.svg']);
    history.git(['-C', history.path, 'config', 'log.mailmap', 'false']);
    const { result } = await history.imported();
    expect(result).toMatchObject({ authors: 1, reconciled: true });
  });
});
