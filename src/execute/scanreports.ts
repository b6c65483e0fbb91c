import { v5 as uuidv5 } from 'uuid';
import { contentOf } from '../domain/stream';
import type { Arrived } from '../store/uploads/session';
import type { Execute } from './intent';

/** Ids of the commands that record what a scanner said. */
const SCANS = '3b6a27c4-5d0e-5c3b-8f0c-6f4a0d6d5b11';

/** Records what a scanner says of bytes, the same once. */
export function reportingScans(execute: Execute, toolVersion: string): (arrived: Arrived) => Promise<void> {
  return async ({ digest, scanned }) => {
    if (scanned === undefined) return;
    const { verdict, engine, definitions, finding } = scanned;
    const said = { verdict, engine, ...(definitions && { definitions }), ...(finding && { finding }) };
    const command = { type: 'ReportScan', content: contentOf(digest), digest, ...said } as const;
    const answer = await execute({
      command,
      actor: { id: 'content-scanner', kind: 'service' },
      commandId: uuidv5(JSON.stringify(command), SCANS),
      workspace: 'default',
      tool: 'palimpsest',
      toolVersion,
    });
    if (!answer.ok) throw new Error(`what the scanner said cannot be recorded: ${answer.refusal.message}`);
  };
}
