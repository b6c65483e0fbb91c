import type { At } from '../../src/tables/reader';
import {
  addVersion,
  attest,
  content,
  decide,
  evidence,
  POSTER,
  register,
  requestReview,
  retire,
} from '../../test/domain/commands';
import { uuidOf } from '../../test/domain/world';
import { Story } from '../../test/projections/story';
import type { FilterFor } from '../list';
import { approvalsById, entryAt, ledger, liveApprovals } from './queries';

let story: Story;
beforeEach(async () => {
  story = await Story.open();
});
afterEach(() => story.close());

const reader = () => story.reader('approvals');
const all = async (filter: FilterFor<typeof ledger> = {}, at?: At) =>
  (await ledger.page(await reader(), { filter, first: 50 }, at)).rows;

async function approved() {
  await story.does('ana', register());
  await story.does('ana', requestReview({ required: 2 }));
  story.now = '2026-03-03T09:00:00.000Z';
  await story.does('bo', decide('approve', { note: 'lovely' }));
  story.now = '2026-03-04T09:00:00.000Z';
  return story.event('ApprovalGranted', 'cy', decide('approve', { role: 'legal' }));
}

it('holds who decided what, in which role, on which exact content, and when', async () => {
  const { data } = await approved();
  const exact = { asset: POSTER, version: 1, digest: content().digest, materialHash: data.materialHash };
  expect(await all()).toMatchObject([
    { ...exact, kind: 'approval', approval: data.approval, decidedBy: ['bo', 'cy'], actor: 'cy', lapsed: null },
    { ...exact, kind: 'decision', actor: 'cy', role: 'legal', decision: 'approve', occurredAt: story.now },
    { ...exact, kind: 'decision', actor: 'bo', role: 'brand', note: 'lovely', recordedAt: '2026-03-03T09:00:00.000Z' },
  ]);
});

it('marks what was attested elsewhere, with its evidence and what a gate would have said, and approves nothing', async () => {
  await story.does('ana', register());
  const bot = { id: 'ci', kind: 'service' } as const;
  await story.does('ana', attest());
  await story.does(bot, attest({ automated: true, decision: 'reject' }));
  await story.does('al', attest({ samePersonAs: ['ana'], role: 'merger' }));
  expect(await all({ kindIn: ['attestation'] })).toMatchObject([
    { actor: 'al', wouldRefuse: ['FOUR_EYES'], suspectedSamePerson: ['ana'] },
    { actor: 'ci', actorKind: 'service', automated: true, decision: 'reject', wouldRefuse: [] },
    {
      actor: 'ana',
      automated: false,
      decision: 'approve',
      evidence,
      wouldRefuse: ['FOUR_EYES'],
      suspectedSamePerson: null,
    },
  ]);
  expect(await all({ kindIn: ['approval'] })).toEqual([]);
  expect(await liveApprovals(await reader(), [POSTER])).toEqual([undefined]);
});

it.each([
  ['newer content', addVersion('second'), 'newVersion'],
  ['retirement', retire(), 'retired'],
])('says when and why an approval ended through %s', async (_what, command, reason) => {
  const { data, position } = await approved();
  story.now = '2026-03-05T09:00:00.000Z';
  const lapse = await story.event('ApprovalLapsed', 'ana', command);
  const lapsed = { lapsed: lapse.position, lapseReason: reason, lapsedAt: story.now, lapseRecordedAt: story.now };
  expect(await entryAt(await reader(), position)).toMatchObject(lapsed);
  expect(await all({ live: true })).toEqual([]);
  expect(await all({ live: false })).toMatchObject([{ approval: data.approval, ...lapsed }]);
});

it('shows the approval that held at a past moment as it stood then', async () => {
  const { data, position } = await approved();
  story.now = '2026-03-05T09:00:00.000Z';
  await story.does('ana', addVersion('second'));
  for (const at of [
    { position },
    { recordedAt: story.now.replace('05T', '04T') },
    { occurredAt: '2026-03-04T12:00:00.000Z' },
  ]) {
    expect(await liveApprovals(await reader(), [uuidOf('other'), POSTER], at)).toMatchObject([
      undefined,
      { approval: data.approval, lapsed: null },
    ]);
    expect(await all({ live: true }, at)).toHaveLength(1);
    expect(await approvalsById(await reader(), [data.approval], at)).toMatchObject([{ lapsed: null }]);
  }
  expect(await all({}, { occurredAt: '2026-03-03T12:00:00.000Z' })).toMatchObject([{ kind: 'decision', actor: 'bo' }]);
});

it('finds an approval by its id, and nothing by an id that is none or is of later', async () => {
  const { data } = await approved();
  const found = await approvalsById(await reader(), [uuidOf('none'), data.approval]);
  expect(found).toMatchObject([undefined, { approval: data.approval }]);
  const before = { occurredAt: '2026-03-01T00:00:00.000Z' };
  expect(await approvalsById(await reader(), [data.approval], before)).toEqual([undefined]);
});

it('finds what one person decided in a day, and what was recorded in one', async () => {
  await approved();
  await story.does('bo', attest(), { occurredAt: '2026-02-01T09:00:00.000Z' });
  const day = { from: '2026-03-03T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z' };
  expect(await all({ actorId: 'bo', occurred: day })).toMatchObject([{ kind: 'decision', actor: 'bo' }]);
  expect(await all({ actorId: 'cy', occurred: day })).toEqual([]);
  expect(await all({ recorded: { from: '2026-03-04T00:00:00.000Z' }, actorId: 'bo' })).toMatchObject([
    { kind: 'attestation' },
  ]);
});

it.each([
  ['of one asset and version', { assetId: POSTER, version: 1 }, 3],
  ['of a version that is not there', { assetId: POSTER, version: 2 }, 0],
  ['of exact content', { digest: content().digest }, 3],
  ['of one kind', { kindIn: ['decision'] }, 2],
  ['that reject', { decisionIn: ['reject'] }, 0],
])('finds entries %s', async (_what, filter, count) => {
  await approved();
  expect(await all(filter)).toHaveLength(count);
  expect(await ledger.count(await reader(), filter)).toBe(count);
});

it('goes on behind the last row of a page', async () => {
  await approved();
  const first = await ledger.page(await reader(), { first: 2 });
  const rest = await ledger.page(await reader(), { first: 2, after: first.rows.at(-1) });
  expect([first.hasNext, rest.hasNext]).toEqual([true, false]);
  expect([...first.rows, ...rest.rows]).toEqual(await all());
});
