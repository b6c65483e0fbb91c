import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import type { Asking } from '../asking';
import { type ApiDependencies, DEPENDENCIES } from '../dependencies';
import { fault } from '../errors';
import { parseGlobalId } from '../ids';
import {
  checkpointView,
  consistencyView,
  promiseView,
  proofView,
  signedBehind,
  Verifying,
  verificationView,
} from '../proofs';

interface Waiting {
  readonly waitFor?: string | null;
}

/** Proofs of the log that outsiders can verify. */
@Resolver()
export class ProofResolver {
  private readonly verifying: Verifying;

  constructor(@Inject(DEPENDENCIES) readonly door: ApiDependencies) {
    this.verifying = new Verifying(door);
  }

  @Query('checkpoint')
  async checkpoint(_root: unknown, { waitFor }: Waiting) {
    const signed = await signedBehind(this.door, waitFor);
    return signed === undefined ? null : checkpointView(signed);
  }

  @Query('proof')
  async proof(_root: unknown, { eventId, waitFor }: Waiting & { readonly eventId: string }) {
    const position = positionIn(eventId);
    const signed = await signedBehind(this.door, waitFor);
    return (signed && proofView(signed, position)) ?? null;
  }

  @Query('promise')
  async promise(_root: unknown, { eventId, waitFor }: Waiting & { readonly eventId: string }, asking: Asking) {
    const position = positionIn(eventId);
    await asking.reached(waitFor, undefined, 'waitFor');
    return promiseView(this.door, position);
  }

  @Query('consistency')
  async consistency(_root: unknown, args: Waiting & { readonly from: string; readonly to?: string | null }) {
    return consistencyView(await signedBehind(this.door, args.waitFor), args.from, args.to);
  }

  @Query('verifyLog')
  async verifyLog(_root: unknown, { kept, waitFor }: Waiting & { readonly kept?: string | null }) {
    await signedBehind(this.door, waitFor);
    const result = await this.verifying.verify(kept);
    const signed = this.door.ledger.signed();
    return result === undefined || signed === undefined ? null : verificationView(result, signed);
  }
}

/** Throws BAD_USER_INPUT where the id is none of an event. */
function positionIn(eventId: string): string {
  const named = parseGlobalId(eventId);
  if (named?.type === 'event') return named.position;
  const message = `eventId must be an event's global id, event-<position>, not "${eventId}".`;
  throw fault('BAD_USER_INPUT', message, ['eventId']);
}
