import type { WorkflowDefinition } from './parts';

/** One version of a workflow. */
export interface DefinedVersion {
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly hash: string;
}

/** What decisions about other streams may know of a workflow: all its versions, the oldest first. */
export interface WorkflowStanding {
  readonly versions: readonly DefinedVersion[];
}
