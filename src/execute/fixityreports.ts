import { v5 as uuidv5 } from 'uuid';
import { contentOf } from '../domain/stream';
import type { Verified } from '../store/keeping/verifying';
import type { Execute } from './intent';

/** Ids of the commands that record what a check found. */
const CHECKS = '4d2f7e0a-6a1b-5c0e-9f37-8b1f2c7d9e22';

interface Where {
  /** Which store was looked at. */
  readonly place: string;
  readonly toolVersion: string;
  readonly clock?: () => number;
}

/** Records what a check found of bytes. */
export function reportingFixity(
  execute: Execute,
  { place, toolVersion, clock = Date.now }: Where,
): (verified: Pick<Verified, 'digest' | 'outcome' | 'found'>) => Promise<void> {
  return async ({ digest, outcome, found }) => {
    const occurredAt = new Date(clock()).toISOString();
    const command = { type: 'ReportFixity', content: contentOf(digest), digest, outcome, place } as const;
    const answer = await execute({
      command: found === undefined ? command : { ...command, found },
      actor: { id: 'content-check', kind: 'service' },
      commandId: uuidv5(`${digest} ${outcome} ${found ?? ''} ${occurredAt}`, CHECKS),
      occurredAt,
      workspace: 'default',
      tool: 'palimpsest',
      toolVersion,
    });
    if (!answer.ok) throw new Error(`what the check found cannot be recorded: ${answer.refusal.message}`);
  };
}
