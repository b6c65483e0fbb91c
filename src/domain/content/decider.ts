import { canonicalJson } from '../canonical';
import { type Context, commandsOf, decider, type Outcome } from '../decider';
import type { InputFault } from '../input';
import { APPROVERS } from '../roles';
import { contentOf } from '../stream';
import { ReportFacts, ReportFixity, ReportRendition, ReportRenditionFailure, ReportScan } from './commands';
import type { ContentEvent } from './events';
import { type ContentState, evolve, INITIAL, standingOf } from './state';

/** The same outcome is told again after so long, so that a check every night does not fill the log. Milliseconds. */
const TOLD_FOR = 30 * 86_400_000;

const command = commandsOf<ContentState, ContentEvent>();

/** What is known of bytes, whichever versions consist of them. */
export const contentDecider = decider({
  category: 'content',
  initial: INITIAL,
  evolve,
  standing: standingOf,
  commands: [
    command(ReportScan, { roles: APPROVERS, where: () => undefined, decide: reportScan, contradictions: otherId }),
    command(ReportFixity, {
      roles: APPROVERS,
      where: () => undefined,
      decide: reportFixity,
      contradictions: (given) => [...otherId(given), ...foundTheSame(given)],
    }),
    command(ReportFacts, { roles: APPROVERS, where: () => undefined, decide: reportFacts, contradictions: otherId }),
    command(ReportRendition, {
      roles: APPROVERS,
      where: () => undefined,
      decide: reportRendition,
      contradictions: otherId,
    }),
    command(ReportRenditionFailure, {
      roles: APPROVERS,
      where: () => undefined,
      decide: reportRenditionFailure,
      contradictions: otherId,
    }),
  ],
});

function otherId({ content, digest }: { readonly content: string; readonly digest: string }): readonly InputFault[] {
  if (content === contentOf(digest)) return [];
  return [{ steps: ['content'], reason: `the id of this digest is ${contentOf(digest)}` }];
}

function foundTheSame({ outcome, digest, found }: ReportFixity): readonly InputFault[] {
  if (found === undefined) return [];
  if (outcome !== 'damaged') return [{ steps: ['found'], reason: 'only damaged content has another digest' }];
  return found === digest ? [{ steps: ['found'], reason: 'is the digest that the content must have' }] : [];
}

function reportScan(command: ReportScan, { scan }: ContentState): Outcome<ContentEvent> {
  const { digest, verdict, engine, definitions, finding } = command;
  const isSame =
    scan?.verdict === verdict && scan.engine === engine && scan.definitions === definitions && scan.finding === finding;
  if (isSame) return { events: [] };
  return { events: [{ type: 'ContentScanned', data: { digest, verdict, engine, definitions, finding } }] };
}

function reportFixity(command: ReportFixity, { fixity }: ContentState, context: Context): Outcome<ContentEvent> {
  const { digest, outcome, found, place } = command;
  const isSame = fixity?.outcome === outcome && fixity.found === found;
  const since = fixity === undefined ? 0 : Date.parse(context.occurredAt) - Date.parse(fixity.occurredAt);
  if (isSame && since < TOLD_FOR) return { events: [] };
  return { events: [{ type: 'FixityChecked', data: { digest, outcome, found, place } }] };
}

function reportFacts(command: ReportFacts, { facts }: ContentState): Outcome<ContentEvent> {
  const { type: _type, content: _content, ...data } = command;
  if (canonicalJson(data) === facts) return { events: [] };
  return { events: [{ type: 'ContentAnalysed', data }] };
}

function reportRendition(command: ReportRendition, { renditions }: ContentState): Outcome<ContentEvent> {
  const { type: _type, content: _content, ...data } = command;
  if (canonicalJson(data) === renditions?.[data.profile]) return { events: [] };
  return { events: [{ type: 'RenditionPrepared', data }] };
}

function reportRenditionFailure(command: ReportRenditionFailure, { renditions }: ContentState): Outcome<ContentEvent> {
  const { type: _type, content: _content, ...data } = command;
  if (canonicalJson(data) === renditions?.[data.profile]) return { events: [] };
  return { events: [{ type: 'RenditionFailed', data }] };
}
