import type { Recorded } from '../../domain/catalogue';
import { subjectIn } from '../../domain/stream';

interface Span {
  readonly campaign: string;
  readonly version: number | undefined;
  readonly digest: string;
  readonly start: string;
  /** Empty while it runs. */
  end: string;
}

interface Wanted {
  readonly asset: string;
  readonly version?: number | undefined;
  readonly digest: string;
}

/**
 * The positions between which each observed placement ran, and those at which the contents of each release were
 * complete.
 */
export class Spans {
  private readonly spans = new Map<string, Span[]>();
  private readonly byPlacement = new Map<string, Span>();
  private readonly complete = new Map<string, string>();
  private readonly planned = new Set<string>();
  private readonly launched = new Set<string>();

  readonly take = (event: Recorded): void => {
    const subject = subjectIn(event.stream);
    if (event.type === 'PlacementObserved') {
      const { placement, campaign, version, digest } = event.data;
      const span = { campaign, version, digest, start: event.position, end: '' };
      this.byPlacement.set(placement, span);
      const others = this.spans.get(subject);
      if (others === undefined) this.spans.set(subject, [span]);
      else others.push(span);
    } else if (event.type === 'PlacementEndObserved') {
      const { placement } = event.data;
      const span = this.byPlacement.get(placement);
      if (span !== undefined) span.end = event.position;
    } else if (event.type === 'CampaignPlanned') this.planned.add(subject);
    else if (event.type === 'CampaignLaunched') this.launched.add(subject);
    else if (event.type === 'CampaignContentsObserved') {
      const { more } = event.data;
      if (more !== true) this.complete.set(subject, event.position);
    }
  };

  isComplete(campaign: string): boolean {
    return this.planned.has(campaign) && this.launched.has(campaign) && this.complete.has(campaign);
  }

  /** Whether a placement of this content was running when the release was complete, or had run in it. */
  covers(campaign: string, content: Wanted): boolean {
    const at = this.complete.get(campaign) ?? '';
    return this.of(content).some((span) => span.start < at && (isOpen(span, at) || span.campaign === campaign));
  }

  /** Whether it was still running when the release was complete. */
  runs(campaign: string, content: Wanted): boolean {
    const at = this.complete.get(campaign) ?? '';
    return this.of(content).some((span) => span.start < at && isOpen(span, at));
  }

  private of({ asset, version, digest }: Wanted): readonly Span[] {
    const spans = this.spans.get(asset) ?? [];
    return spans.filter((span) => span.digest === digest && span.version === version);
  }
}

function isOpen({ end }: Span, at: string): boolean {
  return end === '' || end > at;
}
