import type { RecordedEvent } from '../../domain/event';
import { contentOf } from '../../domain/stream';
import { isPassing } from '../../pictures/task';
import type { Reacted, Reaction } from '../follower';
import type { Reporting } from '../reporting';
import type { Picturing } from './picturing';

/** Raised when the analyser reads more or otherwise: everything is then read once more. */
export const ANALYSER = { name: 'palimpsest', version: '1' } as const;

/** Reads once what the bytes of each version say of themselves, and reports it. */
export class Analysing implements Reaction {
  readonly types = ['VersionAdded'];

  constructor(
    private readonly picturing: Pick<Picturing, 'facts'>,
    private readonly reporting: Reporting,
  ) {}

  async react(event: RecordedEvent): Promise<Reacted> {
    const { digest, mediaType } = event.data as { readonly digest: string; readonly mediaType: string };
    const isIt = ({ type, data }: RecordedEvent): boolean => {
      const { analyser, analyserVersion } = data as { readonly analyser?: string; readonly analyserVersion?: string };
      return type === 'ContentAnalysed' && analyser === ANALYSER.name && analyserVersion === ANALYSER.version;
    };
    if (await this.reporting.told(digest, isIt)) return 'done';
    const facts = await this.picturing.facts(digest, mediaType);
    // What ends the process that reads says nothing of itself.
    if ('fault' in facts) return isPassing(facts.fault) ? 'later' : 'done';
    const { iccProfile, licence, ...rest } = facts;
    const said = { ...rest, colourProfile: iccProfile, usageTerms: licence };
    const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const content = contentOf(digest);
    const by = { analyser: ANALYSER.name, analyserVersion: ANALYSER.version };
    const command = { type: 'ReportFacts', content, digest, ...by, c2pa: facts.c2pa, ...known } as const;
    await this.reporting.tell(`facts ${digest} ${ANALYSER.name} ${ANALYSER.version}`, command, event);
    return 'done';
  }
}
