import type { AssetCommand } from '../../domain/asset/decider';
import type { DecisionWord } from '../../domain/asset/events';
import type { Actor } from '../../domain/event';
import type { DatedCommand, EndOf } from './agenda';
import { DAY } from './calendar';
import { type Conception, conceive, draw, fields } from './making';
import type { Campaign, Organisation } from './organisation';
import { Random } from './random';
import { CHANNELS } from './vocabulary';

type Written<C> = C extends unknown ? Omit<C, 'asset'> : never;

const DESK = 'Review Desk';
const PLANNER = 'Campaign Planner';
/** Share of the reviews requested in the last days of the year that are still open when it ends. */
const BACKLOG = { days: 45, share: 0.16 } as const;

/** The life of an asset in the year, from its registration. */
export function* assetLife(organisation: Organisation, index: number, start: number): Generator<DatedCommand, void> {
  const random = new Random(organisation.seed, index + 1);
  const story = new AssetStory(organisation, conceive(organisation, random, index, start), random, start);
  for (const step of story.tell()) {
    if (step.at >= organisation.calendar.end) return;
    yield step;
  }
}

class AssetStory {
  private version = 0;
  private digest = '';
  private approved = false;
  private waits = false;
  private steps = 0;

  constructor(
    private readonly organisation: Organisation,
    private readonly idea: Conception,
    private readonly random: Random,
    private now: number,
  ) {}

  *tell(): Generator<DatedCommand, void> {
    const { idea, random } = this;
    yield this.registration();
    if (this.version === 0) yield* this.draft(random.between(0.1, 4));
    while (random.chance(0.27)) yield* this.draft(random.between(0.05, 5));
    if (random.chance(0.3)) yield this.described(random.between(0.02, 3));
    if (idea.remembered !== undefined) this.organisation.remember(idea.among, idea.remembered);
    if (random.chance(0.7)) yield* this.review();
    if (this.approved && idea.kind !== 'template' && random.chance(0.55)) yield* this.run();
    if (this.approved && random.chance(0.12)) yield* this.lateChange();
    if (!this.waits && random.chance(0.13)) yield* this.retirement();
  }

  private registration(): DatedCommand {
    const { idea, random } = this;
    const waits = idea.remembered === undefined && random.chance(0.08);
    const content = waits ? undefined : this.nextContent();
    return this.step(idea.author, idea.tool, { ...idea.registration, content }, idea.toolVersion);
  }

  private *draft(days: number): Generator<DatedCommand, void> {
    this.later(days);
    this.approved = false;
    const { idea } = this;
    yield this.step(idea.author, idea.tool, { type: 'AddVersion', content: this.nextContent() }, idea.toolVersion);
    if (idea.remembered !== undefined) idea.remembered.versions = this.version;
  }

  private nextContent() {
    const content = draw(this.organisation, this.idea, this.random, this.version + 1);
    this.version += 1;
    this.digest = content.digest;
    return content;
  }

  private described(days: number): DatedCommand {
    this.later(days);
    const change = fields(this.idea, this.random, this.steps);
    return this.step(this.idea.manager, 'Asset Desk', { type: 'ChangeMetadata', ...change });
  }

  /** Rounds of review with rework in between, until approved, rejected or abandoned. */
  private *review(): Generator<DatedCommand, void> {
    const { random, idea } = this;
    for (let round = 1; round <= 4; round += 1) {
      this.later(random.between(0.05, 3));
      const required = random.chance(0.12) ? 2 : 1;
      yield this.step(idea.manager, DESK, { type: 'RequestReview', required });
      if (this.stillWaits()) return;
      const word = (['approve', 'changesRequested', 'approveWithChanges', 'reject'] as const)[
        random.weighted([64 + round * 8, 22, 6, 3])
      ]!;
      yield* this.decisions(word, required);
      if (this.approved || word === 'reject') return;
      yield* this.draft(random.between(0.1, 4));
      if (random.chance(0.06)) return;
    }
  }

  /** Whether the review stays open until the year ends. */
  private stillWaits(): boolean {
    const last = this.now >= this.organisation.calendar.end - BACKLOG.days * DAY;
    this.waits = last && this.random.chance(BACKLOG.share);
    return this.waits;
  }

  private *decisions(word: DecisionWord, required: number): Generator<DatedCommand, void> {
    const { random, organisation } = this;
    const first = random.whole(0, organisation.approvers.length - 1);
    const count = word === 'approve' ? required : 1;
    for (let place = 0; place < count; place += 1) {
      this.later(random.between(0.05, 2.5));
      const approver = organisation.approvers[(first + place) % organisation.approvers.length]!;
      const role = place === 0 ? 'brand' : 'legal';
      const seen = { version: this.version, digest: this.digest };
      yield this.step(approver, DESK, { type: 'RecordDecision', ...seen, decision: word, role });
    }
    this.approved = word === 'approve';
  }

  /** Placements in one or two open campaigns; most of them end within the year. */
  private *run(): Generator<DatedCommand, void> {
    const { random, organisation, idea } = this;
    this.later(random.between(0.2, 6));
    const open = organisation.openAt(this.now, idea.brand);
    if (open.length === 0) return;
    const ends: { at: number; placedBy: string }[] = [];
    const campaign = random.pick(open);
    const channels = CHANNELS.filter(() => random.chance(0.16)).slice(0, 3);
    for (const channel of channels.length > 0 ? channels : ['web']) {
      if (organisation.calendar.dayOf(this.now) >= organisation.calendar.dayOf(campaign.endedAt)) break;
      const placed = this.step(idea.manager, PLANNER, this.placement(campaign, channel));
      yield placed;
      if (random.chance(0.85)) ends.push({ at: this.flightEnd(campaign), placedBy: placed.commandId });
      this.now += random.whole(60_000, 900_000);
    }
    for (const { at, placedBy } of ends.sort((a, b) => a.at - b.at)) {
      this.now = Math.max(this.now + 1, at);
      yield this.step(idea.manager, PLANNER, { type: 'EndOf', placedBy, reason: 'flight over' });
    }
  }

  private placement(campaign: Campaign, channel: string): Written<AssetCommand> {
    const market = campaign.markets.includes(this.idea.market) ? this.idea.market : this.random.pick(campaign.markets);
    return { type: 'PlaceInCampaign', campaign: campaign.id, version: this.version, channel, market };
  }

  private flightEnd(campaign: Campaign): number {
    const days = this.random.whole(4, 35);
    return Math.min(this.now + days * DAY, campaign.endedAt + this.random.whole(0, DAY));
  }

  /** Approved content changes: the approval lapses, and most assets are reviewed again. */
  private *lateChange(): Generator<DatedCommand, void> {
    this.later(this.random.between(1, 30));
    this.approved = false;
    const claim = { type: 'text', value: `claim revised ${this.steps}`, material: true } as const;
    yield this.step(this.idea.manager, 'Asset Desk', { type: 'ChangeMetadata', set: { claim } });
    if (this.random.chance(0.7)) yield* this.review();
  }

  private *retirement(): Generator<DatedCommand, void> {
    const { random, idea } = this;
    this.later(random.between(10, 120));
    const reason = random.pick(['licence expired', 'replaced by a newer motif', 'product discontinued', 'season over']);
    yield this.step(idea.manager, 'Asset Desk', { type: 'RetireAsset', reason });
    if (!random.chance(0.08)) return;
    this.later(random.between(3, 40));
    yield this.step(idea.manager, 'Asset Desk', { type: 'RestoreAsset', reason: 'needed again' });
  }

  private later(days: number): void {
    this.now = this.organisation.calendar.after(this.now, days, this.random);
  }

  private step(actor: Actor, tool: string, command: Written<AssetCommand | EndOf>, toolVersion?: string): DatedCommand {
    this.steps += 1;
    return {
      at: this.now,
      commandId: this.organisation.id(`${this.idea.id}/${this.steps}`),
      actor,
      tool,
      toolVersion,
      command: { ...command, asset: this.idea.id } as AssetCommand | EndOf,
    };
  }
}
