import type { EventType } from '../../src/domain/catalogue';
import { quoted, type Worded } from './worded';

type Words<T extends EventType> = { readonly [K in T]: Worded<K> };

/** Events about what assets hold, their rights, and exceptions from rules. */
export const RIGHTS_WORDED: Words<
  | 'ComponentAdded'
  | 'ComponentRemoved'
  | 'LicenceAttached'
  | 'LicenceDetached'
  | 'RulesWaived'
  | 'WaiverEnded'
  | 'LicenceGranted'
  | 'LicenceAmended'
  | 'LicenceEnded'
  | 'UseCounted'
  | 'PlacementExamined'
  | 'FindingAcknowledged'
  | 'RecallOpened'
  | 'RecallJoined'
  | 'RecallAnswered'
  | 'RecallClosed'
> = {
  ComponentAdded: {
    keeps: ({ component }) => ({ version: component.version }),
    says: ({ who, version }) => `${who} made ${version} of another asset part of the asset`,
  },
  ComponentRemoved: {
    keeps: ({ component, reason }) => ({ version: component.version, text: reason }),
    says: ({ who, version, text }) => `${who} removed ${version} of another asset from the asset${quoted(text)}`,
  },
  LicenceAttached: { keeps: () => ({}), says: ({ who }) => `${who} put the asset under a licence` },
  LicenceDetached: {
    keeps: ({ reason }) => ({ text: reason }),
    says: ({ who, text }) => `${who} took a licence off the asset${quoted(text)}`,
  },
  RulesWaived: {
    keeps: ({ version, rules, waivedUntil, reason }) => ({
      version,
      word: rules.join(', '),
      extra: waivedUntil,
      text: reason,
    }),
    says: ({ who, version, word, extra, text }) => `${who} waived ${word} for ${version} until ${extra}${quoted(text)}`,
  },
  WaiverEnded: {
    keeps: ({ reason }) => ({ text: reason }),
    says: ({ who, text }) => `${who} took back a waiver${quoted(text)}`,
  },
  LicenceGranted: {
    keeps: ({ holder }) => ({ text: holder }),
    says: ({ who, text }) => `${who} recorded a licence of ${text}`,
  },
  LicenceAmended: {
    keeps: ({ reason }) => ({ text: reason }),
    says: ({ who, text }) => `${who} changed the terms of the licence${quoted(text)}`,
  },
  LicenceEnded: {
    keeps: ({ endsAt, reason }) => ({ word: endsAt, text: reason }),
    says: ({ who, word, text }) => `${who} ended the licence as of ${word}${quoted(text)}`,
  },
  UseCounted: { keeps: () => ({}), says: () => 'A placement was counted that relies on the licence' },
  PlacementExamined: {
    keeps: ({ wouldRefuse }) => ({ text: wouldRefuse.join(', ') }),
    says: ({ text }) =>
      text === ''
        ? 'The gate has nothing against a placement any more'
        : `The gate would refuse a placement that runs: ${text}`,
  },
  FindingAcknowledged: {
    keeps: ({ note }) => ({ text: note }),
    says: ({ who, text }) => `${who} has seen what the gate has against a placement${quoted(text)}`,
  },
  RecallOpened: {
    keeps: ({ placements, dueBy, reason }) => ({ word: String(placements.length), extra: dueBy, text: reason }),
    says: ({ who, word, extra, text }) =>
      `${who} recalled the asset and everything that came of it: ${runs(word)}, until ${extra}${quoted(text)}`,
  },
  RecallJoined: {
    keeps: ({ campaign, version, channel, market }) => ({ campaign, version, word: channel, extra: market }),
    says: ({ version, campaign, word, extra }) =>
      `A later placement joined the recall: ${version} in ${campaign} on ${word}${extra === '' ? '' : ` in ${extra}`}`,
  },
  RecallAnswered: {
    keeps: ({ answer, reason, evidence }) => ({ word: answer, extra: evidence && 'shown', text: reason }),
    says: ({ who, word, extra, text }) =>
      `${who} ${ANSWERED[word] ?? word} a placement of the recall${extra === '' ? '' : ', and shows it'}${quoted(text)}`,
  },
  RecallClosed: {
    keeps: ({ note }) => ({ text: note }),
    says: ({ who, text }) => `${who} closed the recall${quoted(text)}`,
  },
};

const ANSWERED: { readonly [answer: string]: string } = {
  acknowledged: 'acknowledged',
  takenDown: 'took down',
  refused: 'refused to take down',
};

function runs(count: string): string {
  return count === '1' ? '1 placement' : `${count} placements`;
}
