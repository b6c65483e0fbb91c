import { v5 as uuidv5 } from 'uuid';
import type { AssetCommand } from '../../domain/asset/decider';
import type { DecisionWord } from '../../domain/asset/events';
import type { VersionContent } from '../../domain/asset/parts';
import type { Command } from '../../domain/deciders';
import type { Actor } from '../../domain/event';
import { RULEBOOK } from '../../domain/scope';
import { BRAND_LEGAL_MARKET, FOUR_EYES } from '../../domain/workflow/ready';
import type { DatedCommand } from './agenda';
import { DAY } from './calendar';
import { drawn } from './making';
import type { Organisation } from './organisation';

/** The brand whose pictures go through brand, law and market; all others need one approver. */
const BRAND = 'Lumen Signature';
const DESK = 'Review Desk';
const HOUR = DAY / 24;
/** A smaller year has no rules. */
const FEWEST = 100;

/** What became of a review under rules when the year ended. */
const OVER = ['approved', 'rejected', 'withdrawn', 'carriedOver', 'lapsed'] as const;
const OPEN = ['atBrand', 'atLaw', 'suspended', 'atMarket'] as const;
type Outcome = (typeof OVER)[number] | (typeof OPEN)[number];

/** Who decides in which role. */
function staffOf({ approvers, managers }: Organisation) {
  const [brand, deputy, law, counsel, privacy, market] = approvers as readonly Actor[];
  const people = { brand, deputy, law, counsel, privacy, market } as { readonly [name: string]: Actor };
  return { ...people, editor: managers[0]! } as Record<keyof typeof people, Actor> & { readonly editor: Actor };
}

/** The rules of the organisation, from the first morning of the year on. */
export function* rulesLife(organisation: Organisation): Generator<DatedCommand, void> {
  if (organisation.assets < FEWEST) return;
  const { brand, deputy, law, counsel, privacy, market, editor } = staffOf(organisation) as Record<string, Actor>;
  const workflow = organisation.id('workflow brand-legal-market');
  const commands: readonly Command[] = [
    { type: 'DefineWorkflow', workflow: organisation.id('workflow four-eyes'), definition: FOUR_EYES },
    { type: 'DefineWorkflow', workflow, definition: BRAND_LEGAL_MARKET },
    {
      type: 'ReviseRulebook',
      rulebook: RULEBOOK,
      entries: [{ scope: { kind: 'image', brand: BRAND }, workflow }],
      roles: [
        { name: 'brand manager', people: [brand!.id, deputy!.id] },
        { name: 'brand director', people: [editor!.id] },
        { name: 'data protection', people: [privacy!.id] },
        { name: 'market manager', people: [market!.id] },
      ],
      groups: [
        { name: 'legal', people: [law!.id, counsel!.id] },
        { name: 'accessibility', people: [deputy!.id] },
      ],
      note: 'Signature pictures go through brand, law and market.',
    },
  ];
  for (const [index, command] of commands.entries()) {
    yield {
      at: organisation.calendar.start + 8 * HOUR + index * 60_000,
      commandId: organisation.id(`rules ${index}`),
      actor: editor!,
      tool: 'Rule Desk',
      command,
    };
  }
}

/** The outcome of the asset with this index, where its review follows the rules; few assets of a year do. */
export function outcomeOf(index: number, assets: number): Outcome | undefined {
  if (assets < FEWEST) return undefined;
  // Some days before the end, so that what was to happen has happened.
  const open = index - (assets - OPEN.length - Math.ceil(assets / 100));
  if (open >= 0) return OPEN[open];
  const step = Math.floor(assets / (2 * OVER.length));
  const over = index - Math.floor(assets / 4);
  return over >= 0 && over % step === 0 ? OVER[over / step] : undefined;
}

/** The life of an asset whose review goes through brand, law and market. */
export function* governedLife(
  organisation: Organisation,
  index: number,
  start: number,
  outcome: Outcome,
): Generator<DatedCommand, void> {
  for (const step of new Governed(organisation, index, start).tell(outcome)) {
    if (step.at >= organisation.calendar.end) return;
    yield step;
  }
}

type Said = AssetCommand extends infer C ? (C extends unknown ? Omit<C, 'asset'> : never) : never;

class Governed {
  private readonly asset: string;
  private readonly author: Actor;
  private readonly staff: Record<string, Actor>;
  private steps = 0;
  private version = 0;
  private content!: VersionContent;

  constructor(
    private readonly organisation: Organisation,
    private readonly index: number,
    private now: number,
  ) {
    this.asset = organisation.id(`governed ${index}`);
    this.author = organisation.makers[index % organisation.makers.length]!;
    this.staff = staffOf(organisation) as Record<string, Actor>;
  }

  *tell(outcome: Outcome): Generator<DatedCommand, void> {
    yield this.step(this.author, 'Adobe Photoshop', {
      type: 'RegisterAsset',
      kind: 'image',
      title: `${BRAND} portrait ${this.index}`,
      tags: ['signature'],
      metadata: { brand: { type: 'text', value: BRAND, material: true } },
      content: this.nextContent(),
    });
    const request = this.step(this.author, DESK, { type: 'RequestReview', note: 'for the signature series' });
    yield request;
    if (outcome === 'atBrand') return;
    if (outcome === 'withdrawn') {
      yield this.step(this.author, DESK, { type: 'WithdrawReview', reason: 'the motif changes' });
      return;
    }
    if (outcome === 'suspended' || outcome === 'rejected') {
      const { version, text } = { version: this.version, text: 'The claim is too small to be read on a phone.' };
      const region = { x: 0.1, y: 0.7, width: 0.5, height: 0.2 };
      yield this.step(this.staff.brand!, DESK, { type: 'AnnotateVersion', version, text, region });
      yield this.decision('brand', outcome === 'rejected' ? 'reject' : 'changesRequested');
      return;
    }
    yield this.decision('brand', 'approve');
    yield this.decision('law', 'approve');
    if (outcome === 'atLaw') return;
    yield this.decision('privacy', 'approve');
    yield this.decision('counsel', 'approve');
    if (outcome === 'atMarket') return;
    if (outcome === 'lapsed') {
      this.now += 7 * DAY;
      const review = uuidv5(`asset-${this.asset}/review`, request.commandId);
      yield this.step({ id: 'palimpsest', kind: 'service' }, 'palimpsest', { type: 'KeepDeadline', review });
      return;
    }
    const last = this.decision('market', 'approve');
    yield last;
    if (outcome !== 'carriedOver') return;
    this.now += 3 * DAY;
    yield this.step(this.author, 'Adobe Photoshop', { type: 'AddVersion', content: this.nextContent() });
    const approval = uuidv5(`asset-${this.asset}/approval`, last.commandId);
    const carry = { type: 'CarryOverApproval', approval, rule: 'crop-5', measured: 3.1 } as const;
    yield this.step(this.staff.deputy!, DESK, { ...carry, note: 'only the white edge is gone' });
  }

  private decision(who: string, decision: DecisionWord): DatedCommand {
    const seen = { version: this.version, digest: this.content.digest };
    const role = who === 'counsel' ? 'law' : who;
    return this.step(this.staff[who]!, DESK, { type: 'RecordDecision', ...seen, decision, role });
  }

  private nextContent(): VersionContent {
    this.version += 1;
    const { organisation, asset, index, version } = this;
    const madeWith = { tool: 'Adobe Photoshop', ai: 'none' } as const;
    const half = () => organisation.id(`${asset} ${version}`).replaceAll('-', '');
    const imagined = { digest: half() + half(), bytes: 200_000 + index, mediaType: 'image/png', madeWith };
    const motif = { id: asset, version, brand: BRAND, product: `${BRAND} portrait ${index}`, theme: 'Signature' };
    this.content = drawn(organisation, imagined, motif);
    return this.content;
  }

  private step(actor: Actor, tool: string, said: Said): DatedCommand {
    this.steps += 1;
    this.now += this.steps === 1 ? 0 : HOUR / 2;
    return {
      at: this.now,
      commandId: this.organisation.id(`${this.asset}/${this.steps}`),
      actor,
      tool,
      command: { ...said, asset: this.asset } as AssetCommand,
    };
  }
}
