import { act, type EventsIn, eventsOf } from '../definition';
import type { Terms } from '../rights/terms';

/** Everything that can happen to a licence. */
export const LICENCE_EVENTS = eventsOf('licence', {
  LicenceGranted: act<{
    /** Who grants it, in a word of the contract. */
    readonly holder: string;
    /** Number or place of the contract. */
    readonly reference?: string;
    readonly terms: Terms;
    /** The policy that was imported, word for word. */
    readonly odrl?: string;
    /** What of the policy was not understood, and so permits nothing. */
    readonly notUnderstood?: readonly string[];
  }>('A holder of rights granted a licence.'),
  LicenceAmended: act<{ readonly terms: Terms; readonly reason: string }>('The terms of the licence were changed.'),
  LicenceEnded: act<{ readonly endsAt: string; readonly reason: string }>(
    'The licence was ended before its time, or one without an end was ended.',
  ),
  UseCounted: act<{ readonly placement: string }>('A placement that relies on the licence was counted.'),
});

export type LicenceEvent = EventsIn<typeof LICENCE_EVENTS>;
