import { act, type EventsIn, eventsOf } from '../definition';
import type { WorkflowDefinition } from './parts';

/** Everything that can happen to a workflow. */
export const WORKFLOW_EVENTS = eventsOf('workflow', {
  WorkflowDefined: act<{
    /** Counted from 1. */
    readonly version: number;
    readonly definition: WorkflowDefinition;
    /** Hex SHA-256 of the definition in one canonical spelling. */
    readonly hash: string;
  }>('A version of a workflow was defined: its stages, who decides in them, and by when.'),
});

export type WorkflowEvent = EventsIn<typeof WORKFLOW_EVENTS>;
