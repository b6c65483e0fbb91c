import type { EventType } from '../../src/domain/catalogue';
import { quoted, type Worded } from './worded';

type Words<T extends EventType> = { readonly [K in T]: Worded<K> };

/** Events of reviews that follow a workflow, and remarks on versions. */
export const REVIEW_WORDED: Words<
  | 'StageOpened'
  | 'StageSatisfied'
  | 'ReviewRoundOpened'
  | 'QuorumUnreachable'
  | 'ReviewWithdrawn'
  | 'DecisionWithdrawn'
  | 'ReviewerAssigned'
  | 'ReviewReminded'
  | 'ReviewEscalated'
  | 'ReviewLapsed'
  | 'ApprovalCarriedOver'
  | 'AnnotationMade'
  | 'AnnotationResolved'
> = {
  StageOpened: {
    keeps: ({ version, stage, name, due }) => ({ version, word: name ?? stage, text: due }),
    says: ({ version, word, text }) =>
      `The stage ${word} of the review of ${version} opened${text === '' ? '' : `, to be decided by ${text}`}`,
  },
  StageSatisfied: {
    keeps: ({ version, stage, byRule }) => ({ version, word: stage, extra: byRule && 'rule' }),
    says: ({ version, word, extra }) =>
      `The stage ${word} of the review of ${version} is satisfied${extra === '' ? '' : ', since nobody objected in time'}`,
  },
  ReviewRoundOpened: {
    keeps: ({ version, round, cause }) => ({ version, word: String(round), extra: cause }),
    says: ({ version, word, extra }) =>
      `Round ${word} of the review began with ${extra === 'newVersion' ? version : `new material metadata of ${version}`}`,
  },
  QuorumUnreachable: {
    keeps: ({ version, stage, paths }) => ({ version, word: stage, text: paths.join(', ') }),
    says: ({ version, word, text }) =>
      `Too few people are left for ${text} in the stage ${word} of the review of ${version}`,
  },
  ReviewWithdrawn: {
    keeps: ({ version, reason }) => ({ version, text: reason }),
    says: ({ who, version, text }) => `${who} took the request for approval of ${version} back${quoted(text)}`,
  },
  DecisionWithdrawn: {
    keeps: ({ version, reason }) => ({ version, text: reason }),
    says: ({ who, version, text }) => `${who} took their decision on ${version} back${quoted(text)}`,
  },
  ReviewerAssigned: {
    keeps: ({ version, path, person }) => ({ version, word: person, extra: path }),
    says: ({ who, named, version, extra }) => `${who} asked ${named('word')} to decide on ${version} in ${extra}`,
  },
  ReviewReminded: {
    keeps: ({ version, stage, due }) => ({ version, word: stage, text: due }),
    says: ({ version, word, text }) =>
      `Those who have not decided on ${version} in the stage ${word} were reminded; it is due at ${text}`,
  },
  ReviewEscalated: {
    keeps: ({ version, stage, due }) => ({ version, word: stage, text: due }),
    says: ({ version, word, text }) =>
      `The deadline ${text} passed, and more people may decide on ${version} in the stage ${word}`,
  },
  ReviewLapsed: {
    keeps: ({ version, stage, due }) => ({ version, word: stage, text: due }),
    says: ({ version, word, text }) =>
      `The deadline ${text} of the stage ${word} passed, and the review of ${version} is over`,
  },
  ApprovalCarriedOver: {
    keeps: ({ version, fromVersion, rule, measured, note }) => ({
      version,
      word: rule,
      extra: `${fromVersion}${measured === undefined ? '' : `/${measured}`}`,
      text: note,
    }),
    says: ({ who, version, word, extra, text }) => {
      const [from, measured] = extra.split('/');
      const size = measured === undefined ? '' : ` (${measured} per cent)`;
      return `${who} carried the approval of version ${from} over to ${version} by the rule ${word}${size}${quoted(text)}`;
    },
  },
  AnnotationMade: {
    keeps: ({ version, text, thread }) => ({
      version,
      word: thread === undefined ? 'remarked on' : 'answered on',
      text,
    }),
    says: ({ who, version, word, text }) => `${who} ${word} ${version}${quoted(text)}`,
  },
  AnnotationResolved: {
    keeps: ({ version }) => ({ version }),
    says: ({ who, version }) => `${who} saw to a remark on ${version}`,
  },
};

/** Events of workflows and of the rulebook. */
export const RULES_WORDED: Words<'WorkflowDefined' | 'RulebookRevised' | 'SubstituteNamed' | 'SubstitutionEnded'> = {
  WorkflowDefined: {
    keeps: ({ version, definition }) => ({ version, text: definition.name }),
    says: ({ who, version, text }) => `${who} defined ${version} of the workflow “${text}”`,
  },
  RulebookRevised: {
    keeps: ({ number, entries, note }) => ({ version: number, word: String(entries.length), text: note }),
    says: ({ who, version, word, text }) =>
      `${who} laid down ${version} of the rulebook, with ${word === '1' ? '1 entry' : `${word} entries`}${quoted(text)}`,
  },
  SubstituteNamed: {
    keeps: ({ person, substitute, from, until }) => ({ word: person, extra: substitute, text: `${from}/${until}` }),
    says: ({ named, text }) => {
      const [from, until] = text.split('/');
      return `${named('extra')} decides instead of ${named('word')} from ${from} until ${until}`;
    },
  },
  SubstitutionEnded: {
    keeps: ({ person, substitute }) => ({ word: person, extra: substitute }),
    says: ({ named }) => `${named('extra')} no longer decides instead of ${named('word')}`,
  },
};
