import type { Metadata } from '@grpc/grpc-js';
import type { Refusal } from './refusals';

export type Right = 'read' | 'write' | 'delete';

/** Who may do what. */
export interface Access {
  refusal(metadata: Metadata, right: Right, stream: string): Refusal | undefined;
}

/** A server started without TLS enforces no rights at all. */
export const everybody: Access = { refusal: () => undefined };
