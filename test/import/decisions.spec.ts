import { ADA, BEN, CIA, History, icon } from './history';

const SERVICE = 'GitHub <noreply@github.com>';
const BOT = 'Icon Check Bot <check_bot@studio.example>';

describe('the approvals of a version', () => {
  let history: History;
  beforeEach(() => {
    history = new History();
  });
  afterEach(() => history.dispose());

  const trailers = (...lines: string[]) => `Draw the arrow\n\nFor the new toolbar.\n\n${lines.join('\n')}\n`;

  it('records review trailers as attested decisions with their evidence', async () => {
    const message = trailers(`Reviewed-by: ${BEN}`, `Acked-by: ${CIA}`, 'Change-Id: I123');
    const commit = history.commit([{ path: 'a.svg', content: icon(1) }], { message });
    const story = await history.imported();
    const source = story.result.repository;
    const trailer = (name: string) => ({ kind: 'reviewTrailer', source, reference: `${commit} ${name}` });
    const shared = { version: 1, decision: 'approve', automated: false, wouldRefuse: [] };
    expect(story.data('DecisionAttested')).toMatchObject([
      { ...shared, role: 'reviewer', evidence: trailer('Reviewed-by') },
      { ...shared, role: 'acknowledger', evidence: trailer('Acked-by') },
    ]);
    expect(story.of('ApprovalGranted')).toEqual([]);
    expect(story.result).toMatchObject({ trailers: { 'Reviewed-by': 1, 'Acked-by': 1 }, reconciled: true });
  });

  it('records a review by the author or a co-author, and marks it as not independent', async () => {
    const message = trailers(`Co-authored-by: ${CIA}`, `Signed-off-by: ${ADA}`, `Reviewed-by: ${CIA}`);
    history.commit([{ path: 'a.svg', content: icon(1) }], { message });
    const story = await history.imported();
    expect(story.data('DecisionAttested')).toMatchObject([
      { role: 'signOff', wouldRefuse: expect.arrayContaining(['FOUR_EYES']) },
      { role: 'reviewer', wouldRefuse: expect.arrayContaining(['FOUR_EYES']) },
    ]);
    const cia = story.of('DecisionAttested')[1]!.metadata.actorId;
    expect(story.data('VersionAdded')[0]).toMatchObject({ contributors: [cia] });
    expect(story.result.trailers).toEqual({ 'Co-authored-by': 1, 'Reviewed-by': 1, 'Signed-off-by': 1 });
  });

  it('records a bot’s review as an automated check', async () => {
    history.commit([{ path: 'a.svg', content: icon(1) }], { message: trailers(`Reviewed-by: ${BOT}`) });
    const story = await history.imported();
    expect(story.of('DecisionAttested')).toMatchObject([
      { data: { automated: true }, metadata: { actorId: expect.stringMatching(/^bot-/) } },
    ]);
  });

  it('applies a review of a commit to every version in it, and records none if there is no version', async () => {
    history.commit([
      { path: 'a.svg', content: icon(1) },
      { path: 'b.svg', content: icon(2) },
    ]);
    history.commit([{ remove: 'a.svg' }], { message: trailers(`Reviewed-by: ${BEN}`) });
    history.commit(
      [
        { path: 'b.svg', content: icon(3) },
        { path: 'c.svg', content: icon(4) },
      ],
      {
        message: trailers(`Reviewed-by: ${BEN}`),
      },
    );
    const story = await history.imported();
    expect(story.of('DecisionAttested').map(({ stream }) => stream)).toEqual([
      story.asset('b.svg'),
      story.asset('c.svg'),
    ]);
    expect(story.result).toMatchObject({ trailers: { 'Reviewed-by': 1 }, attested: 2, reconciled: true });
  });

  describe('in a merge', () => {
    /** Ben draws on a branch while Ada continues on main, and somebody merges. */
    function merged(merger: { author: string; committer?: string }): { drawn: string; merge: string } {
      const root = history.commit([{ path: 'a.svg', content: icon(1) }]);
      const message = trailers(`Reviewed-by: ${CIA}`);
      const drawn = history.commit([{ path: 'b.svg', content: icon(2) }], {
        author: BEN,
        branch: 'topic',
        from: root,
        message,
      });
      history.commit([{ path: 'a.svg', content: icon(3) }]);
      const content = [{ path: 'b.svg', content: icon(2) }];
      return { drawn, merge: history.commit(content, { ...merger, merge: drawn, message: "Merge branch 'topic'" }) };
    }

    it('names the merged author as author and the merger as evidence of approval', async () => {
      const { drawn, merge } = merged({ author: CIA });
      const story = await history.imported();
      const b = story.events.filter(({ stream }) => stream === story.asset('b.svg'));
      expect(b.map(({ type }) => type)).toEqual([
        'AssetRegistered',
        'VersionAdded',
        'DecisionAttested',
        'DecisionAttested',
      ]);
      const [, added, reviewed, mergedBy] = b;
      const ben = story.of('VersionAdded').find(({ stream }) => stream === story.asset('b.svg'))!.metadata.actorId;
      expect(added!.metadata.actorId).toBe(ben);
      expect(added!.metadata.occurredAt < mergedBy!.metadata.occurredAt).toBe(true);
      expect(reviewed!.data).toMatchObject({ role: 'reviewer', evidence: { reference: `${drawn} Reviewed-by` } });
      expect(mergedBy!.data).toMatchObject({
        role: 'merger',
        evidence: { kind: 'merge', reference: merge },
        wouldRefuse: [],
      });
      expect(mergedBy!.metadata.actorId).not.toBe(ben);
      expect(story.result.reconciled).toBe(true);
    });

    it('looks behind the web page that committed the merge', async () => {
      merged({ author: ADA, committer: SERVICE });
      const story = await history.imported();
      const ada = story.events[0]!.metadata.actorId;
      const merger = story.of('DecisionAttested').find(({ data }) => (data as { role: string }).role === 'merger');
      expect(merger).toMatchObject({ metadata: { actorId: ada }, data: { automated: false, wouldRefuse: [] } });
    });

    it('marks a merge of one’s own work as not independent', async () => {
      merged({ author: BEN });
      const story = await history.imported();
      const merger = story
        .data<{ role: string; wouldRefuse: string[] }>('DecisionAttested')
        .find(({ role }) => role === 'merger');
      expect(merger?.wouldRefuse).toContain('FOUR_EYES');
    });

    it('counts everybody who drew on the branch among the contributors', async () => {
      const root = history.commit([{ path: 'a.svg', content: icon(1) }]);
      const branch = { branch: 'topic', message: trailers(`Co-authored-by: ${CIA}`) };
      history.commit([{ path: 'b.svg', content: icon(2) }], { ...branch, author: BEN, from: root });
      const tip = history.commit([{ path: 'b.svg', content: icon(3) }], { author: ADA, branch: 'topic' });
      history.commit([{ path: 'b.svg', content: icon(3) }], {
        author: CIA,
        from: root,
        merge: tip,
        message: "Merge branch 'topic'",
      });
      const story = await history.imported();
      const [, b] = story.of('VersionAdded');
      const [ada, , , cia] = [
        story.events[0]!.metadata.actorId,
        0,
        0,
        story.of('DecisionAttested')[0]!.metadata.actorId,
      ];
      expect(b!.metadata.actorId).toBe(ada);
      expect((b!.data as { contributors: string[] }).contributors).toHaveLength(2);
      expect((b!.data as { contributors: string[] }).contributors).toContain(cia);
    });
  });
});
