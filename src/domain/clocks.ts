/**
 * Two clocks that should agree may be this far apart, in milliseconds: nobody acts tomorrow, and nobody approves what
 * will be made next week, but a tool's clock may be ahead of ours.
 */
export const CLOCK_TOLERANCE = 5 * 60_000;

/** Whether one instant (ISO 8601) is before another by more than clocks that should agree may differ. */
export function isBefore(instant: string, other: string): boolean {
  return Date.parse(instant) + CLOCK_TOLERANCE < Date.parse(other);
}
