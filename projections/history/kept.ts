import type { EventNamed, EventType } from '../../src/domain/catalogue';
import { type Evidence, partsOf } from '../../src/domain/evidence';
import type { HistoryRow } from './tables';

/** The part of an event that its sentence needs. */
export type Kept = Partial<{
  readonly [C in 'version' | 'word' | 'extra' | 'campaign' | 'text']: NonNullable<HistoryRow[C]>;
}>;

const MOST_FIELDS = 8;

/** The compiler demands a line for every event type; sentences.ts words what is kept here. */
export const KEPT: { readonly [T in EventType]: (data: EventNamed<T>['data']) => Kept } = {
  AssetRegistered: ({ kind, title }) => ({ word: kind, text: title }),
  VersionAdded: ({ version, note, madeWith }) => ({ version, word: madeWith.tool, extra: madeWith.ai, text: note }),
  MetadataChanged: (data) => ({ text: changesIn(data) }),
  ReviewRequested: ({ version, required, note }) => ({ version, word: String(required), text: note }),
  DecisionRecorded: ({ version, decision, role, note, automated = false }) => ({
    version,
    word: decisionWord(decision, automated),
    extra: role,
    text: note,
  }),
  ApprovalGranted: ({ version }) => ({ version }),
  ApprovalLapsed: ({ version, reason }) => ({ version, word: reason }),
  PlacementStarted: ({ version, campaign, channel, market }) => ({ version, campaign, word: channel, extra: market }),
  PlacementEnded: ({ version, campaign, reason }) => ({ version, campaign, text: reason }),
  AssetRetired: ({ reason }) => ({ text: reason }),
  AssetRestored: ({ reason }) => ({ text: reason }),
  DecisionAttested: ({ version, decision, role, evidence, automated }) => ({
    version,
    word: decisionWord(decision, automated),
    extra: role,
    text: sourceOf(evidence),
  }),
  PlacementObserved: ({ version, campaign, channel, market }) => ({ version, campaign, word: channel, extra: market }),
  PlacementEndObserved: ({ version, campaign }) => ({ version, campaign }),
  AliasObserved: ({ path }) => ({ text: path }),
  AliasEndObserved: ({ path }) => ({ text: path }),
  CampaignPlanned: ({ name }) => ({ text: name }),
  CampaignLaunched: ({ note }) => ({ text: note }),
  CampaignEnded: ({ reason }) => ({ text: reason }),
  CampaignContentsObserved: ({ put, gone }) => ({
    text: `${files(put.length)} added or changed, ${gone?.length ?? 0} gone`,
  }),
};

/** What precedes a decision that is advice and grants nothing. */
export const ADVICE = 'advice:';

function decisionWord(decision: string, automated: boolean): string {
  return automated ? `${ADVICE}${decision}` : decision;
}

/** `the title to “Summer hero”, the tags, licence`. */
function changesIn({ title, tags, set, unset }: EventNamed<'MetadataChanged'>['data']): string {
  const fields = [...Object.keys(set ?? {}), ...(unset ?? [])];
  const more = fields.length > MOST_FIELDS ? [`${fields.length - MOST_FIELDS} more fields`] : [];
  const changes = [
    ...(title === undefined ? [] : [`the title to “${title}”`]),
    ...(tags === undefined ? [] : ['the tags']),
    ...fields.slice(0, MOST_FIELDS),
    ...more,
  ];
  return changes.join(', ');
}

/** `Reviewed-by in commit 1f2e3d4c`: where a person would look. */
function sourceOf(evidence: Evidence): string {
  const [commit, name] = partsOf(evidence);
  const where = `commit ${commit.slice(0, 12)}`;
  switch (evidence.kind) {
    case 'releaseTag':
      return `tag ${name} at ${where}`;
    case 'reviewTrailer':
      return `${name || 'trailer'} in ${where}`;
    case 'merge':
      return `merge in ${where}`;
    default:
      return `${evidence.kind} ${evidence.reference}`;
  }
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
