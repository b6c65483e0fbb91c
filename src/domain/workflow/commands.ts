import { Allow } from 'class-validator';
import { part, uuid } from '../fields';
import { WorkflowDefinition } from './parts';

/** The first version of a workflow, or its next one. Reviews that run stay on the version they began with. */
export class DefineWorkflow {
  @Allow() readonly type = 'DefineWorkflow';
  @uuid('workflow') readonly workflow!: string;
  @part(WorkflowDefinition) readonly definition!: WorkflowDefinition;
}
