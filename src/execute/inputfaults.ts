import { CLOCK_TOLERANCE } from '../domain/clocks';
import { deciderOf } from '../domain/deciders';
import { faultsOf, type InputFault, inputRefusal, MOST_FAULTS } from '../domain/input';
import { checkJson, MAX_NESTING } from '../domain/json';
import { normalCommand } from '../domain/normal';
import type { Refusal } from '../domain/refusal';
import type { Intent } from './intent';

/**
 * Refuses an act for faults that no limit of its command covers: the claimed time, and values that no store can keep.
 * Faults found by the limits are included, so that the caller learns of everything at once.
 */
export function unkept(intent: Intent, now: number): Refusal | undefined {
  const time = timeFaults(intent.occurredAt, now);
  const lost = checkJson(intent.command);
  if (time.length === 0 && lost === undefined) return undefined;
  const limits = lost !== undefined && lost.steps.length >= MAX_NESTING ? [] : limitFaults(intent);
  const isTold = limits.some(({ steps }) => steps.join('.') === lost?.path);
  const faults = [...time, ...limits, ...(lost === undefined || isTold ? [] : [lost])];
  return inputRefusal(faults.slice(0, MOST_FAULTS));
}

function limitFaults({ command }: Intent): readonly InputFault[] {
  const { command: shape } = deciderOf(command.type).commands.get(command.type)!;
  return faultsOf(shape, normalCommand(command));
}

/** Faults in the time that an act claims. */
export function timeFaults(occurredAt: string | undefined, now: number): readonly InputFault[] {
  if (occurredAt === undefined) return [];
  const claimed = Date.parse(occurredAt);
  const wrong = (reason: string) => [{ steps: ['occurredAt'], reason }];
  if (Number.isNaN(claimed)) return wrong(`must be an ISO 8601 instant, not ${occurredAt}`);
  if (claimed < 0) return wrong(`must not be before 1970, as ${occurredAt} is`);
  return claimed > now + CLOCK_TOLERANCE ? wrong(`must not be in the future, as ${occurredAt} is`) : [];
}
