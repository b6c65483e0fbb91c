import { type Context, commandsOf, decider, type Happened, type Outcome } from '../decider';
import { label } from '../fields';
import { faultsOf, type InputFault, MOST_FAULTS, messageOf, under } from '../input';
import { type Refusal, refuse } from '../refusal';
import { fromOdrl } from '../rights/odrl';
import { recordedTerms, sameTerms, Terms, termsFaults } from '../rights/terms';
import { APPROVERS } from '../roles';
import { grown, holds, type Trail } from '../trail';
import { AmendLicence, CountUse, EndLicence, GrantLicence, ImportLicence } from './commands';
import type { LicenceEvent } from './events';
import type { LicenceStanding } from './standing';

interface LicenceState {
  readonly standing: LicenceStanding | undefined;
  readonly counted: Trail<string>;
}

const absent = ({ standing }: LicenceState): Refusal | undefined =>
  standing === undefined ? undefined : refuse('LICENCE_EXISTS', undefined, ['licence']).refusal;
const existing = ({ standing }: LicenceState): Refusal | undefined =>
  standing === undefined ? refuse('LICENCE_NOT_FOUND', undefined, ['licence']).refusal : undefined;
const running = (state: LicenceState): Refusal | undefined => {
  const { standing } = state;
  if (standing === undefined) return existing(state);
  return standing.endedAt === undefined ? undefined : refuse('LICENCE_ENDED', undefined, ['licence']).refusal;
};

const command = commandsOf<LicenceState, LicenceEvent>();

/** Rights over many assets, granted on the word of those who decide: what they permit, nobody who places can widen. */
export const licenceDecider = decider({
  category: 'licence',
  initial: { standing: undefined, counted: undefined },
  evolve,
  standing: ({ standing }: LicenceState) => standing,
  commands: [
    command(GrantLicence, {
      roles: APPROVERS,
      where: absent,
      decide: grant,
      contradictions: ({ terms }) => termsFaults(terms),
    }),
    command(ImportLicence, { roles: APPROVERS, where: absent, decide: imported, contradictions: unusable }),
    command(AmendLicence, {
      roles: APPROVERS,
      where: running,
      decide: amend,
      contradictions: ({ terms }) => termsFaults(terms),
    }),
    command(EndLicence, { roles: APPROVERS, where: running, decide: end }),
    command(CountUse, { roles: APPROVERS, where: existing, decide: count }),
  ],
});

function grant({ holder, reference, terms }: GrantLicence): Outcome<LicenceEvent> {
  return { events: [{ type: 'LicenceGranted', data: { holder, reference, terms: recordedTerms(terms) } }] };
}

/** What the policy says must be what a licence can say: codes that are known, and windows that are none inverted. */
function unusable({ odrl, holder }: ImportLicence): readonly InputFault[] {
  const { terms, holder: named } = fromOdrl(odrl)!;
  const faults = [...under('terms', faultsOf(Terms, terms)), ...termsFaults(terms)];
  const lacking = holder === undefined && label(200).check(named).length > 0;
  return [
    ...faults.slice(0, MOST_FAULTS - 1).map((fault) => ({ steps: ['odrl'], reason: messageOf(fault) })),
    ...(lacking
      ? [{ steps: ['holder'], reason: 'is not named by the policy in a way that fits: name the holder' }]
      : []),
  ];
}

function imported({ odrl, holder, reference }: ImportLicence): Outcome<LicenceEvent> {
  const { terms, holder: named, notUnderstood } = fromOdrl(odrl)!;
  const data = { holder: holder ?? named!, reference, terms: recordedTerms(terms), odrl, notUnderstood };
  return { events: [{ type: 'LicenceGranted', data }] };
}

function amend({ terms, reason }: AmendLicence, { standing }: LicenceState): Outcome<LicenceEvent> {
  const amended = recordedTerms(terms);
  if (sameTerms(amended, standing!.terms)) return { events: [] };
  return { events: [{ type: 'LicenceAmended', data: { terms: amended, reason } }] };
}

function end(
  { endsAt, reason }: EndLicence,
  { standing }: LicenceState,
  { occurredAt }: Context,
): Outcome<LicenceEvent> {
  const { until } = standing!.terms;
  const at = endsAt ?? occurredAt;
  if (until !== undefined && until <= at) {
    return refuse('LICENCE_ENDED', `The licence ends by itself at ${until}, before ${at}.`, ['endsAt']);
  }
  if (at < occurredAt) return refuse('INVALID_INPUT', 'endsAt: a licence cannot be ended in the past', ['endsAt']);
  return { events: [{ type: 'LicenceEnded', data: { endsAt: at, reason } }] };
}

function count({ placement }: CountUse, { counted }: LicenceState): Outcome<LicenceEvent> {
  return { events: holds(counted, placement) ? [] : [{ type: 'UseCounted', data: { placement } }] };
}

function evolve(state: LicenceState, event: Happened<LicenceEvent>): LicenceState {
  const { terms, endedAt, uses = 0 } = state.standing ?? {};
  switch (event.type) {
    case 'LicenceGranted':
      return { ...state, standing: { terms: event.data.terms, endedAt: undefined, uses: 0 } };
    case 'LicenceAmended':
      return { ...state, standing: { terms: event.data.terms, endedAt, uses } };
    case 'LicenceEnded':
      return { ...state, standing: { terms: terms!, endedAt: event.data.endsAt, uses } };
    case 'UseCounted': {
      const counted = grown(state.counted, event.data.placement);
      return { counted, standing: { terms: terms!, endedAt, uses: uses + 1 } };
    }
  }
}
